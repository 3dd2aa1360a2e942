"""What the station tells devices and named POS users, and what devices report of themselves.

No personal data in retained messages (presence, desired, reported, bell).
"""
