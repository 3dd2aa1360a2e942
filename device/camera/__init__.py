"""Cameras: where grey frames come from, and the reader that looks for codes in them.

picamera2 and linuxpy are imported inside their drivers only, when one is configured and started.
"""
