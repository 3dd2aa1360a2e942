"""Scanners that type: from a keyboard's events to the text of a code.

Imports no decoding and no camera; the evdev library is imported in ``input_devices`` only.
"""
