"""The listener loop: what makes one listener tingle is learnt from what they hold, and verified blind.

Imports what `synth` makes public (presets, rendering, measuring), analysis, io.files, parameters and rt.folders; numpy, and scipy
inside functions; gymnasium, pyarrow and matplotlib inside functions, where they are asked for.  Never makes a sound of its own,
touches the network, or claims what blind pairs have not shown.
"""
