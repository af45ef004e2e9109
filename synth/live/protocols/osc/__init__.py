"""Open Sound Control: packets, addresses, time tags and the query tree.

Imports live.protocols, control, engine and io.net.  Never blocks the session.
"""
