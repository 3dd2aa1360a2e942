"""Drawn photographs of codes, as hard as a shop's: the same seed takes the same pictures.

Codes are printed on labels (``labels``), held before busy grounds (``grounds``), seen through a phone's
lens and sensor (``lens``), each picture with one fault that stands out (``album``).
"""
