"""What can go wrong at the customer's screen."""

from typing import ClassVar

from runtime.errors import ComptoirError


class KioskError(ComptoirError):
    """Root of the kiosk's errors."""

    code: ClassVar[str] = "kiosk"


class VideoDriverError(KioskError):
    """SDL runs on another video driver than the configuration allows: nobody would see the window."""

    code: ClassVar[str] = "video_driver"


class DrawnSizeError(KioskError):
    """The window is not drawn in the size that was asked for, so that a part of it would stay black."""

    code: ClassVar[str] = "drawn_size"


class FontMissingError(KioskError):
    """A font that the theme names is not installed."""

    code: ClassVar[str] = "font_missing"


class CatalogueError(KioskError):
    """The words of a language cannot be read."""

    code: ClassVar[str] = "catalogue"
