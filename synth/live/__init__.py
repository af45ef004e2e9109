"""Playing in real time: the session, its streams, recorder, status and protocols.

Imports preset, take, engine and io.  Never renders a sample in Python.
"""
