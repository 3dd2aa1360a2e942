"""A device that joined gets its update agent a certificate: real sockets, door and signing process."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from comptoir.broker import Lane, Station, render_acl
from comptoir.certs import Authority
from device.agent_certificate import certify
from device.agent_door import AgentDoor
from device.configuration import DeviceSettings
from fleet.agent.configuration import NOBODY, AgentSettings
from fleet.agent.counter_socket import CounterSocket
from fleet.agent.identity import AgentIdentity
from fleet.errors import AgentIdentityError
from messaging.local.for_agent import CertificateGiven, CertificateWanted, DeviceAnswered
from messaging.renewal_watch import ask_door
from messaging.renewing import OwnCertificate, agent_request, certificate_request
from messaging.station.renewal import AgentCertificateRequested, RenewalRequested
from tests.fakes.clock import FakeClock
from tests.integration.pairing.conftest import Store

K01 = "s0001.k01"


@pytest.fixture
def clock(store: Store) -> FakeClock:
    clock = FakeClock()
    store.authority._clock = clock
    store.authority.issue_device(K01, force=True)
    return clock


def own_of(given: Path, folder: Path) -> OwnCertificate:
    return OwnCertificate(given / "certificate.pem", given / "key.pem", given / "ca.pem", folder)


class Machine:
    """One device with its agent's socket."""

    def __init__(self, store: Store, folder: Path, clock: FakeClock) -> None:
        self.name = K01
        given = store.authority.directory / K01
        self.settings = DeviceSettings.model_validate(
            {
                "name": K01,
                "broker": {
                    "host": "localhost",
                    "ca_file": str(given / "ca.pem"),
                    "certificate_file": str(given / "certificate.pem"),
                    "key_file": str(given / "key.pem"),
                },
                "seal_public_key_file": str(given / "seal.pub"),
                "outbox": str(folder / "outbox.db"),
                "renewal": {"door": store.door, "folder": str(folder / "device-identity")},
            }
        )
        path = folder / "agent.sock"
        self.door = AgentDoor(path, lambda _ask: DeviceAnswered(state="ok", detail=self.name), self.certify)
        self.door.start()
        self.folder = folder / "identity"
        self.identity = AgentIdentity(self.folder, CounterSocket(path), clock)

    def certify(self, wanted: CertificateWanted) -> CertificateGiven:
        return certify(self.settings, wanted)


@pytest.fixture
def machine(store: Store, clock: FakeClock, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(store, tmp_path, clock)
    yield machine
    machine.door.stop()


def test_the_agent_gets_its_own_key_and_certificate_without_a_further_step(
    store: Store, clock: FakeClock, machine: Machine
) -> None:
    assert not machine.identity.is_good()
    assert machine.identity.wait(lambda _wait_s: True)
    assert machine.identity.is_good()

    whole = AgentSettings(server="https://updates.example", identity=machine.folder)
    assert whole.name == NOBODY
    taken = machine.identity.taken_up(whole)
    assert taken.broker is not None
    assert (taken.name, taken.broker.host, taken.broker.port) == (K01, "localhost", 8883)
    certificate = x509.load_pem_x509_certificate(taken.broker.certificate_file.read_bytes())
    assert certificate.subject.rfc4514_string() == f"CN={K01}-fleet"
    modes = {stat.S_IMODE(each.stat().st_mode) for each in machine.folder.iterdir()}
    assert (modes, stat.S_IMODE(machine.folder.stat().st_mode)) == ({0o600}, 0o700)

    assert taken.renewal is not None
    clock.advance(timedelta(days=61).total_seconds())
    own = OwnCertificate(
        taken.broker.certificate_file, taken.broker.key_file, taken.broker.ca_file, taken.renewal.folder
    )
    renewed = own.renew(lambda asked: ask_door(store.door, asked))
    assert renewed.ends_at > certificate.not_valid_after_utc


def test_a_device_that_is_shut_out_takes_its_agent_with_it(
    store: Store, clock: FakeClock, machine: Machine
) -> None:
    machine.identity.get()
    assert store.office.revoke(K01)

    revoked = {serial for serial, _ in store.authority.revoked()}
    agents = {one.serial for one in store.authority.issued() if one.name == f"{K01}-fleet"}
    assert agents
    assert agents <= revoked
    station = Station(name="s0001.station", lanes=(Lane(number=1, devices=(K01,)),))
    acl = render_acl([station], (), store.paired.revoked())
    assert f"user {K01}-fleet\ntopic deny #" in acl, "an open session loses its rights at the reload"
    with pytest.raises(AgentIdentityError, match="revoked"):
        machine.identity.get()


def test_a_device_that_joined_anew_has_its_agent_ask_again(machine: Machine, clock: FakeClock) -> None:
    machine.identity.get()
    machine.name = "s0001.k02"
    assert not machine.identity.is_good()
    machine.name = ""  # does not answer just now
    assert machine.identity.is_good()
    clock.advance(timedelta(days=91).total_seconds())
    assert not machine.identity.is_good()


@pytest.mark.parametrize("missing", ["agent.json", "key.pem", "certificate.pem", "ca.pem"])
def test_half_an_identity_is_none_and_is_made_whole(machine: Machine, missing: str) -> None:
    machine.identity.get()
    (machine.folder / missing).write_bytes(b"")
    if missing != "ca.pem":  # it is looked at when the broker is
        assert not machine.identity.is_good()
    machine.identity.get()
    assert machine.identity.is_good()


def test_a_wish_for_an_agent_never_makes_a_device_and_an_agent_none_for_another(
    store: Store, clock: FakeClock, machine: Machine
) -> None:
    machine.identity.get()
    clock.advance(timedelta(days=61).total_seconds())
    authority: Authority = store.authority
    device = own_of(authority.directory / K01, machine.folder.parent / "none")
    key = ec.generate_private_key(ec.SECP256R1())
    wish = agent_request(device.held(), certificate_request("x", key))

    as_renewal = RenewalRequested(**wish.model_dump())
    assert ask_door(store.door, as_renewal).refused == "malformed"
    of_agent = agent_request(own_of(machine.folder, machine.folder).held(), certificate_request("x", key))
    assert ask_door(store.door, of_agent).refused == "not_possible"
    own_key = agent_request(device.held(), certificate_request("x", device.held().key))
    assert ask_door(store.door, own_key).refused == "not_possible"
    forged = AgentCertificateRequested(**{**wish.model_dump(), "signature": "MEUCIQ=="})
    assert ask_door(store.door, forged).refused == "malformed"


def test_without_device_or_station_it_says_why_and_waits(machine: Machine) -> None:
    machine.settings = machine.settings.model_copy(update={"renewal": None})
    with pytest.raises(AgentIdentityError, match="brought by hand"):
        machine.identity.get()
    machine.door.stop()
    with pytest.raises(AgentIdentityError, match="does not answer"):
        machine.identity.get()
    waits: list[float] = []
    assert not machine.identity.wait(lambda wait_s: waits.append(wait_s) or len(waits) == 7)
    assert waits == [1, 2, 4, 8, 16, 30, 30]
