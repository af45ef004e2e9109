"""A repertoire: a map of what a preset can become; at each place the sound that tingles most by all that is known.

Imports explore's macros, sound numbers and explorer, numpy, and matplotlib inside functions.  Never asks a listener: it predicts.
"""
