"""Presets: TOML <-> Preset, checked once; what derives from them: the space, its description, default MIDI.

Imports engine's data, control, parameters and io.  Never plays.
"""
