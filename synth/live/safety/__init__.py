"""The listener's ears: dose of a week after WHO and ITU, warnings, and the guard that turns down.

Imports engine, io.files and dsp.  Never turns up.
"""
