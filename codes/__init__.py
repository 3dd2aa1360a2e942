"""Membership codes: their format, signing them, verifying them, telling what a scanned text can be.

Pure functions and keys; no database, no clock, no wire. Imports runtime only. Must not import messaging,
loyalty, device, kiosk, checkout or fleet.
"""

from codes.card import CardCode, CardKind, Rejected, parse_card
from codes.scanned import References, ScannedCard, Unreadable, classify
from codes.signing import CardSigner
from codes.verifying import CardVerifier

__all__ = [
    "CardCode",
    "CardKind",
    "CardSigner",
    "CardVerifier",
    "References",
    "Rejected",
    "ScannedCard",
    "Unreadable",
    "classify",
    "parse_card",
]
