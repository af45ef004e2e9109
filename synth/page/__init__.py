"""The page: presets in a browser, played there by the kernels compiled to WebAssembly, or here by the engine of this machine.

Imports wishes of explore, live, preset, engine, control, parameters, io, rt and hrtf; its files for browsers lie in `static/`.
Never makes a sound of its own, and never does anything that the tables of commands and of wishes do not hold.
"""
