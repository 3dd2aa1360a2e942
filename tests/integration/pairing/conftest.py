"""A signing process, a station with its door, and what a new device needs: real sockets, real certificates."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checkout.pairing.office import PairingOffice
from checkout.pairing.settings import PairingSettings
from comptoir.certs import Authority
from comptoir.paired import PairedDevices
from comptoir.signer import Signer, SignerServer, SignerSettings
from tests.fakes.clock import FakeClock
from tests.integration.checkout.conftest import *  # noqa: F403 - the counter
from tests.integration.checkout.counter import Counter


@dataclass(frozen=True)
class Store:
    """A store with an authority."""

    authority: Authority
    paired: PairedDevices
    office: PairingOffice
    clock: FakeClock
    counter: Counter
    folder: Path

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.office.port}"


@contextmanager
def open_store(folder: Path, counter: Counter, *, pages: str = "") -> Iterator[Store]:
    """The counter's station with a door for new devices and a process that signs.

    Args:
        folder: For certificates and sockets.
        counter: Gets the door.
        pages: Where phones open the station's pages.
    """
    certificates = folder / "certificates"
    authority = Authority(certificates)
    authority.create("Maison Lumen")
    authority.issue_broker(["localhost"])
    authority.issue_station("s0001.station")
    authority.issue_device("s0001.k01")
    settings = SignerSettings(
        store="s0001",
        certificates=certificates,
        socket=folder / "signer.sock",
        paired_file=folder / "paired.json",
    )
    server = SignerServer(settings.socket, Signer(settings, authority))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    pairing = PairingSettings(
        host="127.0.0.1", port=0, signer_socket=settings.socket, broker_host="localhost", announces=False
    )
    office = PairingOffice(pairing, "s0001.station", counter.web.settings, counter.clock, pages=pages).start()
    try:
        with_office = replace(counter, web=replace(counter.web, pairing=office))
        yield Store(
            authority, PairedDevices(settings.paired_file), office, counter.clock, with_office, folder
        )
    finally:
        office.stop()
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def store(tmp_path: Path, counter: Counter) -> Iterator[Store]:
    with open_store(tmp_path, counter, pages="https://station.local:8443") as made:
        yield made
