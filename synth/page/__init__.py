"""The page: the served one, which plays the engine of this machine; its files for browsers lie in `static/`.

Imports live, preset, engine, control, parameters and io. Never does anything that the table of commands does not hold.
"""
