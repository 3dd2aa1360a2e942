"""Section ``[pairing]``: a device that joins at its first start instead of getting its files by hand."""

from pathlib import Path

from runtime.config import ConfiguredPath, Section


class PairingSettings(Section):
    """Where the identity lies, and how the screen is reached meanwhile.

    Attributes:
        folder: Of the identity; kept private. An empty or missing one is a device that has not joined yet.
        kiosk_socket: Where the kiosk connects; the same as in ``[device]``.
        station: Address and port of the station's door for new devices, where it is known; otherwise it is
            looked for in the network, or typed at the screen.
    """

    folder: ConfiguredPath = Path("/var/lib/comptoir-device/identity")
    kiosk_socket: ConfiguredPath = Path("/run/comptoir-device/kiosk.sock")
    station: str = ""
