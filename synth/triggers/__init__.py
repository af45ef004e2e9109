"""The sounds: one file each, found by its name.

Imports trigger, dsp, parameters and rt.  Never imports another sound; is never named outside its own file.
"""
