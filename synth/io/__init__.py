"""The world: files, sound cards, controllers, networks.  Nothing outside this folder touches it."""
