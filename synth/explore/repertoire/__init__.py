"""A repertoire: a map of what a preset can become, each place another sound, the one on it that tingles most by all that is known.

Imports explore's macros, sound numbers and explorer, numpy, and matplotlib inside functions.  Never asks a listener: it predicts.
"""
