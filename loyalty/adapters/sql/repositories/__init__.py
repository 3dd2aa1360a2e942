"""Repositories: rows in, domain dataclasses out. Hot statements are built once, at import."""
