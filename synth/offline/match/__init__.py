"""Matching: a recorded sound to the trigger and the parameters that make it, by search on texture distance.

Imports offline, preset, analysis and engine.  Never knows how a trigger makes its sound: it only listens.
"""
