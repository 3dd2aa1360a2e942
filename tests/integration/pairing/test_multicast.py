"""A station and a new device on two machines with a cable between them and nothing else: real multicast."""

import subprocess
import sys

import pytest

from tests.fakes.network import Network, why_not

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")

_STATION = """
import sys
from checkout.pairing.announce import Announcement
announcement = Announcement("Maison Lumen", "s0001.station")
announcement.start(8082, is_secure=True)
print("announced", flush=True)
sys.stdin.readline()
announcement.stop()
"""

_DEVICE = """
import threading
from device.pairing.search import StationSearch
changed = threading.Event()
search = StationSearch(changed.set)
search.start()
changed.wait(60)
print([(found.shop, found.address) for found in search.found], flush=True)
changed.clear()
changed.wait(60)
print(search.found, flush=True)
search.stop()
"""


@pytest.mark.timeout(180)
def test_a_new_device_finds_the_station_of_its_shop_and_hears_that_it_has_gone() -> None:
    # part of row 204
    with Network("shop", "lane") as network:
        network.wire("shop", "10.77.0.1/24", "lane", "10.77.0.2/24")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        station = subprocess.Popen(network.command("shop", sys.executable, "-c", _STATION), **pipes)
        device = subprocess.Popen(network.command("lane", sys.executable, "-c", _DEVICE), **pipes)
        try:
            assert station.stdout is not None
            assert device.stdout is not None
            assert station.stdout.readline() == "announced\n"
            assert device.stdout.readline() == "[('Maison Lumen', 'https://10.77.0.1:8082')]\n"
            station.communicate("\n", timeout=60)
            assert device.stdout.readline() == "()\n"
        finally:
            for process in (station, device):
                process.kill()
                process.communicate()
