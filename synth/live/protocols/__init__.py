"""Ways in from other programs: JSON lines and OSC, each from messages to the table of commands.

Imports live, control, engine and io.net.  Never does anything that the table of commands does not hold.
"""
