"""What can be asked of an instrument, and how it comes in: commands, frame numbers, reasons for refusal.

Imports parameters and rt.  Never knows an engine, a device or a file: bytes and records in, records out.
"""
