"""Unguessable tokens of which only a hash is stored."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored and looked up. A hash without salt is enough for a token that nobody can guess."""
    return hashlib.sha256(token.encode()).digest()
