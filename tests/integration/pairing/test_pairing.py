"""A new device joins: from its first call over a real socket to the broker's access list, and out again."""

import queue
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from checkout.errors import SignerError
from checkout.pairing.signer_client import SignerClient
from comptoir.broker import Lane, Station, render_acl
from comptoir.paired import with_paired
from device.configuration import DeviceSettings
from device.errors import PairingError
from device.pairing.client import StationDoor
from device.pairing.first_start import FirstStart, whole_address
from device.pairing.identity import Identity, certificate_request
from device.pairing.settings import PairingSettings
from messaging.local.to_kiosk import PairingShown
from messaging.signing import DeviceCertificateAsked, RevocationAsked
from messaging.station.pairing import PairingAnswered, PairingLookedAt, PairingRequested, PairingRevealed
from messaging.station.settings import Reported
from runtime.ids import new_id
from tests.integration.checkout.browser import run
from tests.integration.checkout.desk import HTML, desk
from tests.integration.pairing.conftest import Store
from tests.patience import PATIENCE_S


class Screen:
    """What the screen of a new device is told, and the device behind it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.identity = Identity(folder)
        self.joined = threading.Event()
        self._told: queue.Queue[PairingShown] = queue.Queue()
        self.last = PairingShown(stage="searching")
        settings = PairingSettings(folder=folder, kiosk_socket=folder / "kiosk.sock", station="")
        self.device = FirstStart(settings, self._tell, self.joined.set)
        self.device._search.start = lambda: None  # type: ignore[method-assign] # no multicast in tests
        self.device.start()

    def _tell(self, message: Any) -> bool:
        self._told.put(message)
        return True

    def until(self, stage: str) -> PairingShown:
        deadline = time.monotonic() + PATIENCE_S
        while self.last.stage != stage:
            self.last = self._told.get(timeout=max(0.01, deadline - time.monotonic()))
        return self.last


@pytest.fixture
def screen(store: Store, tmp_path: Path) -> Any:
    screen = Screen(store, tmp_path / "identity")
    yield screen
    screen.device.stop()


def send(store: Store, path: str, **form: str) -> httpx.Response:
    found: list[httpx.Response] = []

    async def story() -> None:
        found.append(await desk(store.counter).send_form(path, **form))

    run(story())
    store.counter.settle()
    return found[0]


def page(store: Store) -> str:
    found: list[str] = []

    async def story() -> None:
        answer = await desk(store.counter).get("/devices", headers={**HTML, "accept-language": "en"})
        found.append(answer.text)

    run(story())
    return found[0]


def test_a_device_joins_by_the_code_that_staff_type_and_runs_on_what_it_got(
    store: Store, screen: Screen
) -> None:
    # part of row 204
    screen.device.choose(store.door)
    shown = screen.until("comparing")
    code = shown.code
    assert shown.pages == "https://station.local:8443"
    assert code not in page(store)
    assert send(store, "/devices/join", code=f"{code[:3]} {code[3:]}", lane="2").status_code == 303
    screen.until("accepted")
    assert not screen.identity.has_joined  # a person says first that the page accepted it
    screen.device.confirm()
    assert screen.joined.wait(PATIENCE_S)
    given = screen.identity.configuration()
    settings = DeviceSettings.model_validate({**given, "outbox": "outbox.db"})
    assert (settings.name, settings.broker.host, settings.broker.port) == ("s0001.k02", "localhost", 8883)
    certificate = x509.load_pem_x509_certificate(settings.broker.certificate_file.read_bytes())
    authority = x509.load_pem_x509_certificate(settings.broker.ca_file.read_bytes())
    certificate.verify_directly_issued_by(authority)
    assert settings.broker.key_file.stat().st_mode & 0o777 == 0o600
    assert settings.renewal is not None
    assert settings.renewal.door == store.door
    ends_at = certificate.not_valid_after_utc
    assert not screen.identity.has_ended(ends_at - timedelta(hours=1))
    assert screen.identity.has_ended(ends_at)
    with store.counter.database.reading() as unit:
        lane = unit.lanes.by_number(2)
    assert lane is not None
    assert lane.device == "s0001.k02"
    assert store.counter.station.lanes.of_device("s0001.k02") is not None
    acl = render_acl(with_paired((_configured(),), store.paired), (), store.paired.revoked())
    assert "comptoir/v1/s0001.k02/event" in acl


def _configured() -> Station:
    return Station(name="s0001.station", lanes=(Lane(number=1, devices=("s0001.k01",)),))


def test_a_new_device_takes_the_place_of_the_one_at_its_lane(store: Store, screen: Screen) -> None:
    screen.device.choose(store.door)
    code = screen.until("comparing").code
    assert send(store, "/devices/join", code=code, lane="1").status_code == 303
    assert store.paired.revoked() == ("s0001.k01",)
    assert [serial for serial, _ in store.authority.revoked()] == [
        issued.serial for issued in store.authority.issued() if issued.name == "s0001.k01"
    ]
    acl = render_acl((_configured(),), (), store.paired.revoked())
    assert "user s0001.k01\ntopic deny #" in acl


def test_a_device_that_was_off_for_a_year_is_back_in_its_lane_by_one_acceptance(
    store: Store, screen: Screen, tmp_path: Path
) -> None:
    # part of row 178
    def accepted_on(seen: Screen) -> str:
        seen.device.choose(store.door)
        code = seen.until("comparing").code
        assert send(store, "/devices/join", code=code, lane="2").status_code == 303
        seen.until("accepted")
        seen.device.confirm()
        assert seen.joined.wait(PATIENCE_S)
        return str(seen.identity.configuration()["name"])

    store.authority._clock = store.clock
    first = accepted_on(screen)
    screen.device.stop()
    with store.counter.database.reading() as unit:
        lane = unit.lanes.by_number(2)
    store.clock.advance(timedelta(days=365).total_seconds())
    again = Screen(store, tmp_path / "identity")
    try:
        assert again.identity.has_ended(store.clock.now()), "so its process shows the code anew"

        second = accepted_on(again)

        assert not again.identity.has_ended(store.clock.now())
    finally:
        again.device.stop()
    assert second != first, "a name is never given twice"
    assert first in store.paired.revoked()
    with store.counter.database.reading() as unit:
        now = unit.lanes.by_number(2)
    assert lane is not None
    assert now is not None
    assert (now.id, now.device) == (lane.id, second)


def test_shutting_a_device_out_takes_its_lane_and_its_session(store: Store) -> None:
    assert store.counter.station.lanes.of_device("s0001.k01") is not None
    assert send(store, "/devices/s0001.k01/shut-out").status_code == 303
    assert store.counter.station.lanes.of_device("s0001.k01") is None
    assert "s0001.k01" in store.paired.revoked()
    assert send(store, "/devices/s0001.k77/shut-out").status_code == 422


def test_five_wrong_codes_send_the_device_away(store: Store, screen: Screen) -> None:
    # row 207
    screen.device.choose(store.door)
    code = screen.until("comparing").code
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert send(store, "/devices/join", code=wrong, lane="2").status_code == 422
    screen.until("refused")
    assert send(store, "/devices/join", code=code, lane="2").status_code == 422
    assert store.paired.lanes() == {}
    screen.device.give_up()
    screen.until("searching")
    screen.device.choose(store.door)
    assert screen.until("comparing").code != code  # another key and other numbers


def test_a_code_is_worth_nothing_after_five_minutes(store: Store, screen: Screen) -> None:
    screen.device.choose(store.door)
    code = screen.until("comparing").code
    store.clock.advance(300)
    assert send(store, "/devices/join", code=code, lane="2").status_code == 422
    screen.until("expired")
    assert store.paired.lanes() == {}


def test_staff_send_a_device_away(store: Store, screen: Screen) -> None:
    screen.device.choose(store.door)
    screen.until("comparing")
    assert "waits until" in page(store)
    send(store, "/devices/send-away")
    screen.until("refused")


def test_without_a_touch_at_the_screen_nothing_is_kept(store: Store, screen: Screen) -> None:
    screen.device.choose(store.door)
    code = screen.until("comparing").code
    send(store, "/devices/join", code=code, lane="2")
    screen.until("accepted")
    screen.device.give_up()
    screen.until("searching")
    assert not screen.identity.has_joined


class Between:
    """Somebody between device and station, with an authority of their own."""

    def __init__(self, store: Store, folder: Path) -> None:
        from comptoir.certs import Authority

        self.authority = Authority(folder)
        self.authority.create("Maison Lumen")
        self._store = store

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Passes everything on, with an authority of its own in the answers."""
        passed = httpx.post(f"{self._store.door}{request.url.path}", content=request.content)
        if passed.status_code != 200:
            return httpx.Response(passed.status_code)
        told = PairingAnswered.model_validate_json(passed.content)
        forged = told.model_copy(update={"ca_pem": self.authority.certificate_pem()})
        return httpx.Response(200, content=forged.model_dump_json())


def test_somebody_between_the_two_makes_the_codes_differ(store: Store, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    door = StationDoor("http://between", key, "Raspberry Pi 5", "1.0.0")
    between = Between(store, tmp_path / "between")
    door.close()
    door._http = httpx.Client(base_url="http://between", transport=httpx.MockTransport(between.answer))
    door.open()
    assert send(store, "/devices/join", code=door.code, lane="2").status_code == 422
    assert store.paired.lanes() == {}
    door.close()


def test_a_station_that_changes_its_authority_after_the_code_is_refused(store: Store, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    door = StationDoor(store.door, key, "Raspberry Pi 5", "1.0.0")
    door.open()
    assert send(store, "/devices/join", code=door.code, lane="2").status_code == 303
    between = Between(store, tmp_path / "between")
    door.close()
    door._http = httpx.Client(base_url="http://between", transport=httpx.MockTransport(between.answer))
    with pytest.raises(PairingError, match="another authority"):
        door.look()
    door.close()


def test_what_was_not_committed_to_is_not_taken(store: Store) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = ec.generate_private_key(ec.SECP256R1())
    door = StationDoor(store.door, key, "Raspberry Pi 5", "1.0.0")
    door.open()
    asked = PairingRequested(id=new_id(), commitment="ab" * 32, model="x", release="1")
    assert store.office.desk.knock(asked) is not None
    shown = PairingRevealed(id=asked.id, csr_pem=certificate_request(other), nonce="0" * 32)
    assert store.office.desk.reveal(shown) is None
    assert store.office.desk.look(PairingLookedAt(id=asked.id, nonce="0" * 32)) is None
    assert store.office.desk.look(PairingLookedAt(id=door._id, nonce="0" * 32)) is None
    door.close()


def test_a_crowd_at_the_door_is_turned_away(store: Store) -> None:
    for number in range(9):
        asked = PairingRequested(id=new_id(), commitment=f"{number:064x}", model="x", release="1")
        assert (store.office.desk.knock(asked) is None) is (number >= 8)
    answer = httpx.post(f"{store.door}/pairing", content=asked.model_dump_json())
    assert answer.status_code == 409


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"\xff" * 40, b'{"v": 2}'])
def test_the_door_takes_nothing_else(store: Store, body: bytes) -> None:
    assert httpx.post(f"{store.door}/pairing", content=body).status_code == 422
    assert httpx.post(f"{store.door}/pairing/look", content=body).status_code == 422
    assert httpx.post(f"{store.door}/pairing", content=b"x" * 20_000).status_code == 413
    assert httpx.get(f"{store.door}/pairing").status_code == 405
    assert httpx.get(f"{store.door}/").status_code == 404


def test_the_signer_signs_nothing_but_requests_of_devices(store: Store) -> None:
    signer = SignerClient(store.folder / "signer.sock")
    refused = signer.ask(DeviceCertificateAsked(csr_pem="nonsense", lane=1))
    assert refused.refused == "bad_request"
    weak = certificate_request(ec.generate_private_key(ec.SECP384R1()))
    assert signer.ask(DeviceCertificateAsked(csr_pem=weak, lane=1)).refused == "bad_request"
    assert signer.ask(RevocationAsked(device="s0002.k01")).refused == "another_store"
    good = certificate_request(ec.generate_private_key(ec.SECP256R1()))
    assert signer.ask(DeviceCertificateAsked(csr_pem=good, lane=4)).device == "s0001.k02"
    assert signer.ask(DeviceCertificateAsked(csr_pem=good, lane=4)).device == "s0001.k03"
    assert signer.ask(RevocationAsked(device="s0001.k03")).refused is None
    assert signer.ask(DeviceCertificateAsked(csr_pem=good, lane=4)).device == "s0001.k04"


def test_without_the_signing_process_the_page_says_so(store: Store) -> None:
    gone = SignerClient(store.folder / "nobody.sock")
    with pytest.raises(SignerError):
        gone.ask(RevocationAsked(device="s0001.k01"))
    store.office._signer = gone
    assert "comptoir-signer" in send(store, "/devices/s0001.k01/shut-out").text
    assert store.counter.station.lanes.of_device("s0001.k01") is not None


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("192.168.1.10", "https://192.168.1.10:8082"),
        ("192.168.1.10:9000", "https://192.168.1.10:9000"),
        ("127.0.0.1", "http://127.0.0.1:8082"),
        ("http://10.0.0.1:80", "http://10.0.0.1:80"),
        ("", None),
        ("192.168.1.10:99999", None),
        ("ftp://x", None),
        ("https://x/path", None),
    ],
)
def test_what_a_person_types_becomes_an_address(typed: str, whole: str | None) -> None:
    assert whole_address(typed) == whole


def test_the_page_says_which_settings_are_wanted_and_which_run_since_when(store: Store) -> None:
    # part of row 144
    counter = store.counter
    counter.station.settings_changed()
    counter.settle()
    version = counter.link.desired[-1][1].version
    devices, now = counter.station.devices, counter.clock.now()
    devices.reported(
        "s0001.k01", Reported(version=version - 1, release="1.0.0", parts=(), outbox_events=0), now
    )

    assert f"Settings: {version} wanted, {version - 1} running since" in page(store)

    counter.clock.advance(60)
    for _ in range(2):
        devices.reported(
            "s0001.k01",
            Reported(version=version, release="1.0.0", parts=(), outbox_events=0),
            counter.clock.now(),
        )
    assert devices.state("s0001.k01").running_since == counter.clock.now()
    assert f"Settings: {version} running since" in page(store)
    assert "wanted, " not in page(store)
