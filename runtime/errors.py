"""The one root of all errors that the product raises on purpose.

A package has one direct child of the root, leaves below it. Each class carries a stable ``code`` for
logs, HTTP answers and the kiosk's texts; the sentence is for whoever can mend the cause.
"""

from typing import ClassVar


class ComptoirError(Exception):
    """Root of the product's errors.

    Args:
        message: One English sentence for the person who can mend it; never holds a secret or contact data.
        fields: Machine-readable details, JSON-serialisable.
    """

    code: ClassVar[str] = "comptoir"

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class ConfigurationError(ComptoirError):
    """A setting is missing, unknown or wrong; the process exits 78 and stays down until it is mended."""

    code = "configuration"


class LifecycleError(ComptoirError):
    """A thread did not stop within its time, or was used after it stopped."""

    code = "lifecycle"
