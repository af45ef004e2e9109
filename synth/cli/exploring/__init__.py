"""The live listener of `synth explore`: somebody with headphones who holds a key, a controller or a page while it tingles.

Imports explore, live, page and the terminal.  Never says what kind of trial it is.
"""
