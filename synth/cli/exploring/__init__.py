"""The live listener of `synth explore`: somebody with headphones who holds a key or a controller while it tingles.

Imports explore, live and the terminal.  Never says what kind of trial it is.
"""
