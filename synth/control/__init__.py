"""What can be asked of an instrument, and how it comes in: commands, frame numbers, reasons for refusal.

Imports parameters and rt.  Never knows an engine or a device, nor a file but shared memory: bytes and records in, records out.
"""
