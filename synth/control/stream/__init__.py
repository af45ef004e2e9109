"""Streams of parameter frames: ring, clock, scheduler, contract, and the client in another process.

Imports parameters and rt.  Never knows a layer: a target is numbers.
"""
