"""Simulated listeners: they hear rendered audio, by ears of their own, and hold; to test what claims to learn from people.

Imports numpy, and explore's trials for flat noise.  Never sees a parameter, a macro or the vector that the response model knows
sounds by: who answers and who asks share no model.
"""
