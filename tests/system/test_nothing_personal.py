"""A member's whole visit on the real parts, then a search: nothing personal lies where it does not belong."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from comptoir.demo import story
from comptoir.demo.counter import RunningDemo, run_demo
from comptoir.demo.story import Seen, Story
from comptoir.demo.till import Till
from comptoir.demo.workplace import DEVICE
from messaging.mqtt import BrokerAddress
from tests.fakes.mqtt_client import BareClient

pytestmark = pytest.mark.timeout(280)

_NAME = "Zephyrine"
_OFFLINE_NUMBER = "0699887766"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")
_OURS = ("checkout", "device", "kiosk")
_PLENTY_S = 60.0


@dataclass
class Visit:
    """What the customer gave and got, and what the broker keeps."""

    secrets: set[str] = field(default_factory=set)
    one_time_codes: set[str] = field(default_factory=set)
    retained: list[tuple[str, bytes]] = field(default_factory=list)
    processes: list[bytes] = field(default_factory=list)

    def number(self, national: str) -> None:
        """Every way in which somebody might have written it down."""
        pairs = [national[at : at + 2] for at in range(0, len(national), 2)]
        self.secrets |= {national, national[1:]}
        self.secrets |= {gap.join(pairs) for gap in (" ", "\u00a0", "\u202f", ".", "-")}

    def traces(self, content: bytes) -> list[str]:
        """What of it stands in there."""
        lower = content.lower()
        found = [each for each in self.secrets if each.lower().encode() in lower]
        for code in self.one_time_codes:
            if re.search(rb"(?<![0-9a-f])" + code.encode() + rb"(?![0-9a-f])", lower):
                found.append(code)
        return found


def test_a_whole_visit_leaves_nothing_personal_but_at_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # part of row 170
    data, temporary = tmp_path / "data", tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("HOME", str(temporary))
    monkeypatch.setenv("PYTHONFAULTHANDLER", "1")
    monkeypatch.setattr(story, "NAME", _NAME)
    visit = Visit({_NAME})
    visit.number(story.NUMBER)
    visit.number(_OFFLINE_NUMBER)

    assert run_demo(data=data, port=0, size="800x480", act=lambda demo: _play(demo, visit)) == 0

    told = (data / "station" / "messages.jsonl").read_bytes()
    assert visit.traces(told), "the search finds what is there"
    dumped = [name for name in _OURS if "Fatal Python error" in _text(data / "logs" / f"{name}.log")]
    assert dumped == list(_OURS), "the dump of each crash is looked at too"
    places = {path.relative_to(tmp_path): path.read_bytes() for path in _kept(data, temporary)}
    assert {Path("data/device/outbox.db"), Path("data/broker/data/mosquitto.db")} <= set(places)
    assert {path: found for path, content in places.items() if (found := visit.traces(content))} == {}
    assert [path for path, content in places.items() if any(sign in content for sign in _PICTURES)] == []
    assert {topic for topic, payload in visit.retained if visit.traces(topic.encode() + payload)} == set()
    assert [each for each in visit.processes if visit.traces(each)] == []


def _play(demo: RunningDemo, visit: Visit) -> int:
    with closing(Till(demo.origin, demo.address.removeprefix(demo.origin))) as till:
        played = Story(demo, till, Seen())
        played.play_until_welcome()
        visit.secrets.add(till.demo("code", how="text").text.strip())
        visit.secrets.add(till.status_link().removeprefix("/s/"))
        visit.one_time_codes |= _prove_the_number(demo, played)
    visit.retained = _retained(demo)
    for name in _OURS:
        process = Path("/proc") / str(demo.supervisor.pid(name))
        visit.processes += [(process / part).read_bytes() for part in ("cmdline", "environ")]
    os.kill(demo.supervisor.pid("broker"), signal.SIGUSR1)  # writes down what it keeps
    _until((demo.workplace.root / "broker" / "data" / "mosquitto.db").exists, "the broker's file")
    _enrol_while_the_broker_is_away(demo, played)
    for name in _OURS:
        assert _core_limit(demo.supervisor.pid(name)) == "0"
        os.kill(demo.supervisor.pid(name), signal.SIGABRT)
    _until(lambda: all(_is_over(demo.supervisor.pid(name)) for name in _OURS), "the crashes")
    return 0


def _prove_the_number(demo: RunningDemo, played: Story) -> set[str]:
    """A typed number sees its points by a code from an SMS, with a wrong one first; both codes."""
    messages, counter = demo.workplace.root / "station" / "messages.jsonl", demo.counter
    played._pay_and_earn()
    played._type_number(story.NUMBER)
    counter.touch("Valider")
    counter.touch("Voir mes points")
    counter.wait_for(lambda screen: screen.step == "code", "the six digits")
    _until(lambda: bool(_codes(messages)), "the text message")
    right = _codes(messages)[-1]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for code in (wrong, right):
        for digit in code:
            counter.touch(digit)
        counter.touch("Continuer")
        if code == wrong:
            counter.wait_for(lambda screen: screen.shows("pas le bon code"), "that it is wrong")
    counter.wait_for(lambda screen: screen.step == "welcome", "the points")
    counter.touch("Terminer")
    counter.wait_for(lambda screen: screen.step in {"idle", "sale"}, "the end of the visit")
    return {right, wrong}


def _codes(messages: Path) -> list[str]:
    sent = [json.loads(line) for line in messages.read_text(encoding="utf-8").splitlines()]
    found = (re.search(r"\b\d{6}\b", each["body"]) for each in sent if each["kind"] == "one_time_code")
    return [each.group(0) for each in found if each is not None]


def _enrol_while_the_broker_is_away(demo: RunningDemo, played: Story) -> None:
    demo.supervisor.kill("broker")
    counter = demo.counter
    _until(lambda: not counter.ask(do="status")["online"], "the device to notice")
    played._type_number(_OFFLINE_NUMBER)
    counter.touch("Je rejoins le programme")
    played._type_name()
    counter.touch("Valider")
    counter.wait_for(lambda screen: screen.step == "thanks", "the thanks")
    assert counter.ask(do="status")["outbox"]["queued"] > 0, "it waits on the device's disk"


def _retained(demo: RunningDemo) -> list[tuple[str, bytes]]:
    """What the broker hands to whoever comes later, seen by station and device."""
    found: list[tuple[str, bytes]] = []
    for name, branches in (("s0001.station", ("presence", "reported")), (DEVICE, ("desired",))):
        folder = demo.workplace.root / "certificates" / name
        address = BrokerAddress(
            host="127.0.0.1",
            port=demo.workplace.broker_port,
            ca_file=folder / "ca.pem",
            certificate_file=folder / "certificate.pem",
            key_file=folder / "key.pem",
            client_id=name,
        )
        looker = BareClient(address, client_id=f"{name}.looker")
        try:
            for branch in branches:
                looker.subscribe(f"comptoir/v1/{DEVICE}/{branch}")
                found.append(looker.next_message())
        finally:
            looker.close()
    return found


def _kept(data: Path, temporary: Path) -> Iterator[Path]:
    """Every file but the station's own, which is where members are kept."""
    for path in (*data.rglob("*"), *temporary.rglob("*")):
        if path.is_file() and data / "station" not in path.parents:
            yield path


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _core_limit(pid: int) -> str:
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
    return next(line for line in limits if line.startswith("Max core file size")).split()[4]


def _is_over(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return state in {"", "Z"} or state.startswith("Z")


def _until(is_so: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _PLENTY_S
    while not is_so():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.1)
