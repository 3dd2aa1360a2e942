"""What can go wrong at the station."""

from typing import ClassVar

from runtime.errors import ComptoirError


class CheckoutError(ComptoirError):
    """Root of the station's errors."""

    code: ClassVar[str] = "checkout"


class WriterBusyError(CheckoutError):
    """The writer's queue is full; the caller may try again in a moment."""

    code: ClassVar[str] = "writer_busy"


class WriterStoppedError(CheckoutError):
    """The writer no longer takes work, because the station stops."""

    code: ClassVar[str] = "writer_stopped"


class SimulationError(CheckoutError):
    """The device's simulation socket cannot be reached or refused a request (demo only)."""

    code: ClassVar[str] = "simulation_door"


class PublicDoorError(CheckoutError):
    """The listener for phones outside the shop cannot open."""

    code: ClassVar[str] = "public_door"


class PrinterAwayError(CheckoutError):
    """A receipt printer is off, unplugged or out of reach."""

    code: ClassVar[str] = "printer_away"


class NoPrinterError(CheckoutError):
    """Somebody wants paper at a lane that has no receipt printer."""

    code: ClassVar[str] = "no_printer"


class ImportFileError(CheckoutError):
    """The files of an import are gone or cannot be read."""

    code: ClassVar[str] = "import_file"


class CardFontMissingError(CheckoutError):
    """The letters for printed cards are not installed on this machine."""

    code: ClassVar[str] = "card_font_missing"


class SideDoorError(CheckoutError):
    """A listener beside the station's own pages cannot open its port."""

    code: ClassVar[str] = "side_door"


class SignerError(CheckoutError):
    """The process that signs certificates is not there, or answers what is none."""

    code: ClassVar[str] = "signer"


class UnfinishedRestoreError(CheckoutError):
    """A back-up was put back in part only: nothing is served from it."""

    code: ClassVar[str] = "unfinished_restore"
