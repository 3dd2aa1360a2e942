"""Reads the rules of all screens into Kivy, once a process."""

from functools import cache
from pathlib import Path

from kivy.lang import Builder

_FILES = (
    "style", "stage", "idle", "phone", "consent", "name", "scan", "welcome", "sale", "telling",
    "account", "country", "privacy", "staff", "pairing",
)  # fmt: skip


@cache
def load_rules() -> None:
    """Load every ``.kv`` file; a second call does nothing."""
    for name in _FILES:
        Builder.load_file(str(Path(__file__).parent / f"{name}.kv"))
