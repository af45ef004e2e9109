"""The tingle recorder: what a listener feels while a sound plays, on the sound's own clock, kept on this machine for its owner.

Imports live, take, engine and io.  Never guesses what was not told, changes a sound, or sends anything anywhere.
"""
