"""Parameters as plain data: ranges, units, curves, paths, vectors, and the errors that name them.

Imports the standard library and numpy.  Never knows an engine, a file or a kernel.
"""
