"""What fails at a counter, one after the other, on the real process and the real broker."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from device.bootstrap import Device
from device.outbox import Outbox
from messaging.events.consent_given import ConsentGiven
from messaging.local.from_kiosk import Said, SessionStarted
from messaging.seal import Opener
from runtime.clock import SystemClock
from runtime.ids import new_id
from tests.fakes.kiosk import FakeKiosk
from tests.fakes.station import FakeStation
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]


def wait_until(is_so, timeout_s=PATIENCE_S):
    """Wait for another process, which has no event to wait on."""
    waiting = threading.Event()
    for _ in range(int(timeout_s / 0.01)):
        if is_so():
            return
        waiting.wait(0.01)
    raise AssertionError("it never came to be so")


def test_a_frozen_kiosk_does_not_hold_up_a_scan(device, station, settings, simulation):
    # row 167
    wait_until(lambda: device.uplink.is_online)  # what was read before goes behind what is read now
    frozen = socket.socket(socket.AF_UNIX)
    frozen.connect(str(settings.kiosk_socket))
    frozen.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    for number in range(400):
        assert simulation(do="type", text=f"M-{number}")["ok"]
    assert [station.next_event()[1].text for _ in range(400)] == [f"M-{number}" for number in range(400)]
    frozen.close()


def test_ten_thousand_characters_are_refused_with_a_notice_and_the_next_code_is_read(
    device, station, kiosk, simulation
):
    simulation(do="type", text="7" * 10_240)
    assert kiosk.until("code_refused").reason == "too_long"
    simulation(do="type", text="M-1")
    assert station.next_event()[1].text == "M-1"


def test_control_characters_are_refused_with_a_notice(device, station, kiosk, simulation):
    # row 209
    simulation(do="type", text="M-\x1d1")
    assert kiosk.until("code_refused").reason == "control_characters"
    simulation(do="type", text="M-1")
    assert station.next_event()[1].text == "M-1"


def test_half_a_code_then_silence_is_refused_with_a_notice_and_never_glued(
    device, station, kiosk, simulation
):
    simulation(do="type", text="1234", end=False)
    assert kiosk.until("code_refused").reason == "cut_off"
    simulation(do="type", text="")  # the ENTER of the half, which ends its tail
    simulation(do="type", text="M-1")
    assert station.next_event()[1].text == "M-1"


def test_a_decoder_killed_while_it_works_is_replaced_and_the_camera_reads_on(device, station, simulation):
    camera = next(reader for reader in device.readers.all if reader.reader == "camera")
    wait_until(lambda: camera._decoder.pid is not None)
    first = camera._decoder.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: camera._decoder.pid not in {None, first})
    simulation(do="show_code", text="M-123456")
    assert station.next_event()[1].text == "M-123456"
    simulation(do="type", text="END")
    assert simulation(do="status")["parts"]["decoder"]["counters"]["restarted"] >= 1


def test_a_device_without_its_broker_keeps_what_is_said_and_delivers_it_once(make_broker, settings):
    # rows 167, 22
    broker = make_broker()
    broker.kill()
    folder = broker.folder("s0001.k01")
    settings = settings.model_copy(
        update={
            "broker": settings.broker.model_copy(
                update={
                    "port": broker.port,
                    "ca_file": folder / "ca.pem",
                    "certificate_file": folder / "certificate.pem",
                    "key_file": folder / "key.pem",
                }
            ),
            "seal_public_key_file": folder / "seal.pub",
        }
    )
    device = Device(settings, SystemClock(), lambda name: None)
    device.start()
    kiosk = FakeKiosk(settings.kiosk_socket)
    session, said = new_id(), []
    kiosk.say(SessionStarted(session=session))
    for number in range(5):
        said.append(new_id())
        body = ConsentGiven(
            phone_number=f"+3361234567{number}",
            programme=True,
            marketing_sms=False,
            language="fr",
            wording="w1",
        )
        kiosk.say(Said(event_id=said[-1], session=session, body=body))
        assert kiosk.until("event_stored").event_id == said[-1]
    while kiosk.until("link_changed").waiting_events < 5:
        pass
    broker.start()
    station = FakeStation(
        broker.address("s0001.station"), Opener.from_file(broker.folder("s0001.station") / "seal.key")
    )
    heard = [station.next_event(timeout_s=PATIENCE_S)[0].id for _ in said]
    assert heard == said
    wait_until(lambda: device.outbox.queued == 0)
    kiosk.stop()
    device.stop()
    station.stop()


def test_killed_with_events_in_the_outbox_it_delivers_them_after_a_restart(
    station, settings, tmp_path, clock
):
    # row 167
    station.answers = False
    configuration = tmp_path / "comptoir.toml"
    configuration.write_text(as_toml(settings))
    process = start(configuration)
    ask(settings, do="type", text="M-1")
    ask(settings, do="type", text="M-2")
    first, second = station.next_event()[0], station.next_event()[0]
    while second.id == first.id:
        second = station.next_event()[0]
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = Outbox(settings.outbox)
    assert [event.id for event in left.queued_after(0, 10)] == [first.id, second.id]
    left.close()
    station.answers = True
    process = start(configuration)
    wait_until(lambda: ask(settings, do="status")["outbox"]["queued"] == 0)
    assert ask(settings, do="type", text="M-3") == {"ok": True}
    envelope, body = station.next_event()
    while body.text != "M-3":
        envelope, body = station.next_event()
    assert envelope.seq == 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0
    assert set(station.arrivals) == {first.id, second.id, envelope.id}


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_cleanly_when_it_is_told_to(station, settings, tmp_path, signal_number):
    configuration = tmp_path / "comptoir.toml"
    configuration.write_text(as_toml(settings))
    process = start(configuration)
    ask(settings, do="status")
    process.send_signal(signal_number)
    assert process.wait(PATIENCE_S) == 0
    assert not settings.simulation.socket.exists()


def start(configuration):
    program = (
        "import sys; from pathlib import Path; from device.bootstrap import run;"
        "from device.configuration import DeviceSettings; from runtime.config import load_section;"
        "sys.exit(run(load_section(Path(sys.argv[1]), 'device', DeviceSettings)))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(configuration)], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def ask(settings, **request):
    def connect():
        peer = socket.socket(socket.AF_UNIX)
        try:
            peer.connect(str(settings.simulation.socket))
        except OSError:
            peer.close()
            return None
        return peer

    peers = []
    wait_until(lambda: peers.append(connect()) or peers[-1] is not None)
    with peers[-1] as peer:
        peer.settimeout(20)
        peer.sendall(json.dumps(request).encode() + b"\n")
        with peer.makefile("rb") as lines:
            return json.loads(lines.readline())


def as_toml(settings):
    """The section as a file would have it."""
    fields = settings.model_dump(mode="json", exclude_none=True)
    lines = ["[device]"]
    tables = {name: value for name, value in fields.items() if isinstance(value, dict)}
    lines += [
        f"{name} = {json.dumps(value)}" for name, value in fields.items() if isinstance(value, str | int)
    ]
    for name, table in tables.items():
        lines += [f"[device.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    for scanner in fields["scanners"]:
        lines += ["[[device.scanners]]", *(f"{key} = {json.dumps(value)}" for key, value in scanner.items())]
    return "\n".join(lines) + "\n"
