"""The page: the same kernels compiled to WebAssembly, presets as snapshots, and a folder of static files that plays in a browser.

Imports preset, engine, control, parameters, rt and hrtf; its files for browsers lie in `static/`. Never makes a sound of its own:
whatever sounds in a browser was compiled from the kernels.
"""
