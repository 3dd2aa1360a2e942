"""A counter whose public door is open on a free loopback port, and a client that stands outside."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from loyalty.adapters.gateways.inbound_sms import SignedSmsReader
from loyalty.adapters.gateways.settings import InboundSmsSettings
from loyalty.services.opt_out import new_opt_out_link
from loyalty.services.status_link import new_status_link
from tests.integration.checkout.counter import Counter

HOST = "points.lumen.example"
SECRET = "un secret assez long pour signer"


class Outside(httpx.Client):
    """Speaks to the door as the proxy does, for a phone at ``address``."""

    def __init__(self, listener: PublicListener, address: str = "198.51.100.7") -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{listener.port}",
            headers={"host": HOST, "x-forwarded-for": address},
            timeout=20,
        )

    def sms(self, counter: Counter, sender: str, text: str, message_id: str = "m1", **changes: Any) -> int:
        """Post an answer as the provider does; the status."""
        body = changes.get("body") or json.dumps({"id": message_id, "from": sender, "text": text}).encode()
        stamp = str(int(counter.clock.now().timestamp()) + changes.get("late_s", 0))
        secret = changes.get("secret", SECRET)
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"x-timestamp": stamp, "x-signature": changes.get("signature", signature)}
        return self.post("/sms", content=body, headers=headers).status_code


@contextmanager
def public_door(counter: Counter, folder: Path, **settings: Any) -> Iterator[PublicListener]:
    """Open the door; it is closed at the end."""
    secret_file = folder / "inbound"
    secret_file.write_text(SECRET)
    reader = SignedSmsReader(InboundSmsSettings(secret_file=secret_file))
    chosen = PublicSettings.model_validate({"port": 0, "proxies": ["127.0.0.1"], **settings})
    listener = PublicListener(chosen, f"https://{HOST}", counter.web, reader=reader).start()
    try:
        yield listener
    finally:
        listener.stop()


def status_path(counter: Counter, given_name: str = "Camille") -> str:
    with counter.database.unit_of_work() as unit:
        link = new_status_link(unit, counter.station.ctx, counter.customer_id(given_name))
        unit.commit()
    return "/s/" + link.rsplit("/", 1)[1]


def opt_out_path(counter: Counter, given_name: str = "Camille") -> str:
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
        assert member is not None
        assert member.account is not None
        link = new_opt_out_link(
            unit,
            counter.station.ctx,
            customer_id=member.customer.id,
            address=str(member.account.phone_number),
        )
        unit.commit()
    return "/o/" + link.rsplit("/", 1)[1]
