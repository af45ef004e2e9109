"""MIDI ports that come and go, and the timestamps of what they bring.

Imports control and parameters.  Never interprets a message.
"""
