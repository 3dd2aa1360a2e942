"""The station's process with its public door: two listeners, one life."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from runtime.config import EX_CONFIG
from tests.fakes.broker import MosquittoBroker
from tests.fakes.tls import loopback_certificate
from tests.integration.checkout.test_station_process import WAIT_S, StationProcess


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoBroker]:
    folder = tmp_path / "broker"
    folder.mkdir()
    made = MosquittoBroker(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def station(tmp_path: Path, broker: MosquittoBroker) -> Iterator[StationProcess]:
    folder = tmp_path / "station"
    folder.mkdir()
    made = StationProcess(folder, broker)
    certificate, key = loopback_certificate(folder)
    text = made.configuration.read_text().split("[checkout.demo]")[0]
    text = text.replace('store = "s0001"', 'store = "s0001"\npublic_url = "https://localhost"')
    made.configuration.write_text(
        f"""{text}
[checkout.public]
port = 0
port_file = "{folder}/public-port"
tls_certificate_file = "{certificate}"
tls_key_file = "{key}"
"""
    )
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(9)


def test_one_process_serves_both_doors_and_ends_both(station: StationProcess) -> None:
    # row 196
    station.start()
    port = (station.folder / "public-port").read_text().strip()
    ca = station.folder / "server.crt"
    assert httpx.get(f"{station.address}/sign-in", timeout=WAIT_S).status_code == 200
    outside = f"https://localhost:{port}"
    command = [sys.executable, "-m", "comptoir", "public", "check", outside, "--ca", str(ca)]
    command += ["--config", str(station.configuration)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "this station’s public door answers" in checked.stdout
    assert "staff pages do not exist outside" in checked.stdout
    assert station.end() == 0
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert "nothing listens there" in refused.stdout


def test_a_certificate_that_is_none_ends_the_start_and_leaves_nothing_running(
    station: StationProcess,
) -> None:
    (station.folder / "server.crt").write_text("no certificate")
    command = [sys.executable, "-m", "comptoir", "checkout", "--config", str(station.configuration)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == EX_CONFIG


def test_the_demo_has_no_public_door(station: StationProcess) -> None:
    text = station.configuration.read_text()
    demo = f'[checkout.demo]\ntoken_file = "{station.folder}/token"\nsimulation_socket = "x.sock"\n'
    station.configuration.write_text(text + demo)
    command = [sys.executable, "-m", "comptoir", "checkout", "--config", str(station.configuration)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == EX_CONFIG
    assert "the demo has no public door" in done.stderr
