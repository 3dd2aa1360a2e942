"""Implementations of the ports: SQL, password hashing, wording and gateways of messages."""
