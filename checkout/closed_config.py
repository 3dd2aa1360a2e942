"""How every web server of the station is set, so that none of them tells or trusts more than another."""

from pathlib import Path
from typing import Any

import uvicorn


def closed_config(app: Any, certificate: Path | None, key: Path | None, **more: Any) -> uvicorn.Config:
    """Uvicorn's settings: no log of addresses, no word about itself, no forwarded addresses, no web sockets.

    Args:
        app: The ASGI application.
        certificate: Of the server; None without TLS.
        key: Of the certificate.
        more: What this server needs besides: its address, limits and protocol.
    """
    return uvicorn.Config(
        app,
        ssl_certfile=certificate,
        ssl_keyfile=str(key) if key is not None else None,
        log_config=None,
        access_log=False,  # addresses of status pages are secrets
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        **more,
    )
