"""Sockets: UDP for OSC, HTTP for its queries.

Imports parameters.  Never interprets what is said.
"""
