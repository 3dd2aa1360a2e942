"""What the customer's screen lets hear: short cues, and its words read aloud for whoever asks.

Silent unless the machine's configuration names a device to play on. Nothing that is somebody's own is ever
spoken: no number, no name, no points, no line of a purchase (row 170). Must not import Kivy.
"""
