"""Files read and written so that a crash loses nothing: sound, MIDI, frames, chunks, the log of exposure.

Imports parameters and control's plain data.  Never leaves half a file under its final name.
"""
