"""Signals of a listener's body and hands from other devices: Lab Streaming Layer and Bluetooth LE.  devices -> stamped samples.

Imports parameters and control; pylsl and bleak only inside functions.  Never interprets a sample, or makes one up.
"""
