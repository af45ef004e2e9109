"""The display and the keys of a session in a terminal.

Imports live's status and rich.  Never acts by itself.
"""
