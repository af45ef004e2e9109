"""Addresses, and sockets: UDP for OSC, HTTP for its queries, and what one sender may cost. The page has its own server.

Imports parameters.  Never interprets what is said.
"""
