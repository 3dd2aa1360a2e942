"""Section ``[checkout.trust]``: the page that hands the authority's certificate out. None without it."""

from typing import Annotated

from pydantic import Field

from runtime.config import ConfiguredPath, Section


class TrustSettings(Section):
    """Where the page listens, on plain HTTP: it holds nothing that is secret, and is compared by people."""

    host: str = "0.0.0.0"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8081
    """0 takes a free port, which ``port_file`` then names."""
    port_file: ConfiguredPath | None = None
    ca_file: ConfiguredPath
    """The root that tablets trust."""
