"""`synth learn-midi`: listen to a controller, ask what it shall do, write it into a preset.

Imports preset, control.midi and io.midi.  Never plays a sound.
"""
