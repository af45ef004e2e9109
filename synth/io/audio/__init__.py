"""Sound devices and what runs in their callbacks: PortAudio, JACK, the clock, the tape of what was heard.

Imports control, dsp and rt.  Never calls Python in a callback; gets the engine's `process` by its address.
"""
