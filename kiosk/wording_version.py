"""The version of the texts that stand beside the consent boxes (row 176)."""

CONSENT_WORDING = "kiosk-2026-11"
"""Goes with every consent. A test holds the digest of the texts: who changes them changes this too."""
