"""Takes: performances written down event by event, and played again to the same bytes.

Imports engine, io and parameters.  Never edits what was recorded.
"""
