"""Section ``[checkout.pairing]``: where new devices ask. None without it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from messaging.station.pairing import ORIGIN_PATTERN
from runtime.config import ConfiguredPath, Section


class PairingSettings(Section):
    """Where new devices knock, and who signs.

    Attributes:
        host: Address to listen on, over TLS where the station has a certificate. What is sent is not secret.
        port: 0 takes a free one, which ``port_file`` then names.
        signer_socket: Of ``comptoir signer``.
        broker_host: Under which devices find the broker; it stands in the broker's certificate.
        broker_port: See ``broker_host``.
        announces: Tell the shop's network where the station is (mDNS), so that nobody types an address.
        pages: Where phones of staff open the station's pages, as in ``https://station.local:8443``; the code
            on a new device's screen leads there. Empty: under the first of ``host_names``.
    """

    host: str = "0.0.0.0"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8082
    port_file: ConfiguredPath | None = None
    signer_socket: ConfiguredPath
    broker_host: str
    broker_port: Annotated[int, Field(ge=1, le=65_535)] = 8883
    announces: bool = True
    pages: Annotated[str, StringConstraints(pattern=rf"^({ORIGIN_PATTERN})?$")] = ""
