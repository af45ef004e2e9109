"""`synth learn-midi`: listen to a controller, ask what it shall do, write it into a preset.

Imports preset, control.midi, io.midi and live.  Never saves what is only heard.
"""
