"""Errors of keys and codes. That a scanned code is wrong is no error: it is a :class:`codes.Rejected`."""

from typing import ClassVar

from runtime.errors import ComptoirError


class CodesError(ComptoirError):
    """Root of the errors of keys and codes."""

    code: ClassVar[str] = "codes"


class CardKeyError(CodesError):
    """A key file holds no usable Ed25519 key."""

    code: ClassVar[str] = "card_key"


class CodeNotDrawnError(CodesError):
    """A text is empty, too long or of letters that this kind of code cannot hold."""

    code: ClassVar[str] = "code_not_drawn"
