"""MIDI as kernels over records: bytes -> messages -> bindings -> numbers, and the bindings as plain data.

Imports parameters and rt.  Never opens a port.
"""
