"""What is in trouble right now: as data, found in the running station, and in words (row 14).

Imports the station; nothing of the station imports this but its pages.
"""
