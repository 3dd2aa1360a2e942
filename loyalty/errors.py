"""What can go wrong in the trade that is nobody's ordinary choice.

An expected refusal (not enough points) is no error: use cases return it as a value, see
``loyalty.domain.why.Refused``.
"""

from typing import ClassVar

from runtime.errors import ComptoirError


class LoyaltyError(ComptoirError):
    """Root of the errors of this package."""

    code: ClassVar[str] = "loyalty"


class UnknownIdError(LoyaltyError):
    """An id names nothing that this store knows."""

    code = "loyalty.unknown_id"


class InvalidValueError(LoyaltyError):
    """A value breaks a rule of the trade: a negative price, a sixteenth tier, a name that is too long."""

    code = "loyalty.invalid_value"


class PermissionDeniedError(LoyaltyError):
    """The staff member's role does not hold the permission; everything not granted is denied."""

    code = "loyalty.permission_denied"


class ConflictError(LoyaltyError):
    """Somebody else changed the same thing first, or a unique value is already taken."""

    code = "loyalty.conflict"


class StorageError(LoyaltyError):
    """The database could not be reached, read or written."""

    code = "loyalty.storage"


class ForeignDataError(LoyaltyError):
    """The demo found a database that holds a real shop, and leaves it alone."""

    code = "loyalty.foreign_data"
