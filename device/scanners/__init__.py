"""Scanners that type or send: from a keyboard's events or a port's bytes to the text of a code.

Imports no decoding and no camera; the evdev library is imported in ``input_devices`` only,
pyserial in ``serial_scanner``.
"""
