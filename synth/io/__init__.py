"""The world: sound cards, controllers, files, networks; the only modules that touch them.

Imports control, parameters and rt; the libraries of devices only inside functions.  Never knows an engine or a preset.
"""
