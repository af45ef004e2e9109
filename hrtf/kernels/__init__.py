"""What renders ears in the audio thread: records, places, delays, filters, the room.

Imports synth.rt only.  Never allocates, raises or reads a file.
"""
