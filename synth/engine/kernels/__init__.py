"""Everything of the engine that runs in the audio thread: its state, and the compiled quantum.

Imports dsp, control, hrtf.kernels and rt.
Never imports the Python face, threading, json or pathlib; never allocates, raises or locks.
"""
