"""What a sound is like, as numbers: texture statistics, loudness, space, silence, and how far it is from real recordings.

Imports parameters.errors, numpy, and scipy and matplotlib inside functions.  Never knows a trigger, an engine or a kernel.
Every number is of samples that are given; the reference in `data/` holds numbers only, never a recording.
"""
