"""The rollout desk at the station: its state in the shop's database, its thread, its place in the pages.

Owns how the desk of ``fleet.desk`` is run here; the rules are there.
"""
