"""Back-ups of a station: making one, and restoring it into an empty place (rows 191, 205).

Owns the archive and its manifest. Imports the station's configuration and the database's adapters; only the
commands import this.
"""
