"""Cameras: where grey frames come from, and the reader that looks for codes in them.

picamera2 is imported inside its driver only, when that driver is configured and started.
"""
