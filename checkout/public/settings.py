"""Section ``[checkout.public]``: the second listener. Without the section there is none."""

import ipaddress
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from runtime.config import ConfiguredPath, Section


def _address(text: str) -> str:
    return str(ipaddress.ip_address(text))


IpAddress = Annotated[str, AfterValidator(_address)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class PublicSettings(Section):
    """Where the public door listens, and who stands before it."""

    host: IpAddress = "127.0.0.1"
    """Anything but loopback needs ``tls_certificate_file`` and ``tls_key_file``."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8443
    """0 takes a free port, which ``port_file`` then names."""
    port_file: ConfiguredPath | None = None
    tls_certificate_file: ConfiguredPath | None = None
    tls_key_file: ConfiguredPath | None = None
    proxies: tuple[IpAddress, ...] = ()
    """Addresses of the proxies before the door; only their word (``X-Forwarded-For``) on who asks counts."""
    requests_a_minute: Count = 120
    """From one address: a phone that opens its page needs about ten."""
    link_requests_a_minute: Count = 40
    """For one link, wherever they come from."""
    sms_a_minute: Count = 600
    """Posts of the SMS provider, all addresses together."""
    privacy_contact: Annotated[str, Field(max_length=200)] = ""
    """Whom members ask about their data; without it the page sends them to the counter."""

    @model_validator(mode="after")
    def _plain_http_behind_a_stated_proxy_only(self) -> Self:
        has_certificate, has_key = self.tls_certificate_file is not None, self.tls_key_file is not None
        if has_certificate != has_key:
            raise ValueError("tls_certificate_file and tls_key_file go together")
        if has_certificate:
            return self
        if not ipaddress.ip_address(self.host).is_loopback:
            raise ValueError(
                f"plain HTTP on {self.host} is refused: set the tls_… files, or listen on loopback"
            )
        if not self.proxies:
            raise ValueError(
                "plain HTTP needs a TLS proxy before it: name it in proxies, or set the tls_… files"
            )
        return self
