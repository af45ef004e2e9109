"""The command line: words to calls, tables and progress on the terminal.

Imports everything below, inside functions.  Never holds a rule that Python's users lack.
"""
