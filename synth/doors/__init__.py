"""Doors: the ways in of a live session beside MIDI, each a thread that moves frames from outside into a drive."""
