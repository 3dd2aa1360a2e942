"""The release tool: keys, building a release, signing, publishing as static files.

Owns the signing side of The Update Framework. Runs where releases are made and where rollouts are decided;
the agent never imports it.
"""
