"""Generators and measures of sound that know numbers only: state in records, one idea a file.

Imports rt.  Never knows a trigger, a layer or a place; never allocates, raises or locks.
"""
