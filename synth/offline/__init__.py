"""Rendering without a clock: presets, MIDI files, streams and takes to samples and files.

Imports preset, take, engine and io.  Never knows what is live.
"""
