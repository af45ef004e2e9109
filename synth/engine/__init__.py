"""The engine's Python face: layers, notes and changes go in as events, blocks of samples come out.

Imports kernels, hrtf, trigger, control and parameters.  Never touches a device or a file.
"""
