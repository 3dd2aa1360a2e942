"""How customers' screens look: reading what the shop chose, and what cannot be read or drawn of it.

Owns the way from a form and an uploaded logo to the look that devices are told. Must not import pages.
"""
