"""Postal addresses of customers; a profile may hold several."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One address, its parts named as postal services name them. ``country`` is ISO 3166-1 alpha-2."""

    label: str | None = None
    """What the shop calls it: home, office."""
    line_1: str | None = None
    line_2: str | None = None
    locality: str | None = None
    administrative_area: str | None = None
    """Province, state or region."""
    postal_code: str | None = None
    country: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing about a place."""
        return all(getattr(self, part.name) is None for part in fields(self) if part.name != "label")
