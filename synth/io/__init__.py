"""The world: sound cards, controllers, files, networks. Pipes, small text files and the page's server stand with their users.

Imports control, parameters and rt; the libraries of devices only inside functions.  Never knows an engine or a preset.
"""
