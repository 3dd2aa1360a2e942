import re
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from comptoir.broker import Lane, Listener, Pos, Station, render_acl, render_conf
from comptoir.certs import Authority
from comptoir.errors import BrokerFilesError
from messaging.topics import (
    BRANCHES,
    REGISTER_BRANCHES,
    bell_topic,
    device_topic,
    identified_topic,
    register_topic,
)

ROOT = Path(__file__).resolve().parents[3]
STATION = Station(name="s0001.station", lanes=(Lane(number=1, devices=("s0001.k01",)),))
POS = Pos(name="s0001.pos-front", lanes=(1,))
ACCESS = {"read": "read", "write": "write"}


def matches(pattern: str, topic: str) -> bool:
    """MQTT topic matching (MQTT 5 §4.7)."""
    expression = re.escape(pattern).replace(r"\+", "[^/]+").replace(r"/\#", "(/.*)?").replace(r"\#", ".*")
    return re.fullmatch(expression, topic) is not None


def may(acl: str, user: str, access: str, topic: str) -> bool:
    """What Mosquitto decides: denials of the user first, then its permissions, then the patterns."""
    current = ""
    rules: list[tuple[str, str]] = []
    for line in acl.splitlines():
        word, _, rest = line.partition(" ")
        if word == "user":
            current = rest
        elif word == "pattern":
            kind, pattern = rest.split(" ")
            rules.append((kind, pattern.replace("%u", user)))
        elif word == "topic" and current == user:
            kind, pattern = rest.split(" ")
            rules.append((kind, pattern))
    if any(kind == "deny" and matches(pattern, topic) for kind, pattern in rules):
        return False
    return any(kind == access and matches(pattern, topic) for kind, pattern in rules)


def table_of_the_readme() -> dict[str, dict[str, str]]:
    lines = (ROOT / "broker_config" / "README.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| topic |"))
    roles = [cell.strip() for cell in lines[start].strip("|").split("|")][1:]
    rows = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        topic, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[topic.strip("`")] = dict(zip(roles, cells, strict=True))
    return rows


def topics_of_the_product() -> dict[str, str]:
    """Each topic as the table writes it, and one of the first store's lane 1."""
    lane = identified_topic("s0001", 1)
    return {
        **{device_topic("s0001.k01", branch).replace("s0001.k01", "{device}"): branch for branch in BRANCHES},
        lane.replace("s0001", "{store}").replace("lane/1", "lane/{lane}"): lane,
        **{
            register_topic(POS.name, branch).replace(POS.name, "{register}"): register_topic(POS.name, branch)
            for branch in REGISTER_BRANCHES
        },
        bell_topic("{channel}"): bell_topic("stable"),
    }


def test_the_table_for_people_names_the_topics_of_the_product() -> None:
    assert set(table_of_the_readme()) == set(topics_of_the_product())


@pytest.mark.parametrize(
    ("role", "user", "own", "foreign"),
    [
        ("device", "s0001.k01", "s0001.k01", "s0001.k02"),
        ("update agent", "s0001.k01-fleet", "s0001.k01-fleet", "s0001.k01"),
        ("station", "s0001.station", "s0001.k01", "s0001.k02"),
        ("POS", "s0001.pos-front", "s0001.k01", "s0001.k02"),
    ],
)
def test_the_access_list_grants_what_the_table_says_and_nothing_else(
    role: str, user: str, own: str, foreign: str
) -> None:
    acl = render_acl([STATION], [POS])
    for shown, topic in topics_of_the_product().items():
        cell = table_of_the_readme()[shown][role]
        granted = cell.split(" ")[0]
        here = device_topic(own, topic) if topic in BRANCHES else topic  # type: ignore[arg-type]
        for access in ("read", "write"):
            assert may(acl, user, access, here) is (access == granted), (role, access, here)
        elsewhere = [identified_topic("s0001", 2), identified_topic("s0002", 1)]
        elsewhere += [register_topic("s0001.pos-back", branch) for branch in REGISTER_BRANCHES]
        if topic in BRANCHES:
            elsewhere += [device_topic(foreign, topic), device_topic("s0002.k01", topic)]  # type: ignore[arg-type]
        assert not any(may(acl, user, access, away) for access in ACCESS for away in elsewhere)


def test_no_rule_has_a_wildcard_over_devices_or_lanes() -> None:
    rules = [
        line for line in render_acl([STATION], [POS]).splitlines() if line.startswith(("topic", "pattern"))
    ]
    assert [line for line in rules if "+" in line or "#" in line] == [
        "topic write comptoir/v1/bell/+",
        "topic read comptoir/v1/bell/+",
    ]


def test_a_revoked_device_may_nothing_and_its_update_agent_neither() -> None:
    acl = render_acl([STATION], [POS], revoked=["s0001.k01", "s0001.pos-front"])
    for name in ("s0001.k01", "s0001.k01-fleet", "s0001.pos-front"):
        for topic in (
            *(device_topic("s0001.k01", branch) for branch in BRANCHES),
            identified_topic("s0001", 1),
        ):
            assert not may(acl, name, "read", topic)
            assert not may(acl, name, "write", topic)


@pytest.mark.parametrize(
    ("stations", "pos", "revoked", "message"),
    [
        ([Station(name="s1.station", lanes=())], [], [], "no station's name"),
        ([Station(name="s0001.station\ntopic read #", lanes=())], [], [], "no station's name"),
        (
            [Station(name="s0001.station", lanes=(Lane(number=1, devices=("s0001.+",)),))],
            [],
            [],
            "no device's",
        ),
        (
            [Station(name="s0001.station", lanes=(Lane(number=1, devices=("s0001.k01-fleet",)),))],
            [],
            [],
            "no device's",
        ),
        (
            [Station(name="s0001.station", lanes=(Lane(number=1, devices=("s0002.k01",)),))],
            [],
            [],
            "not of the store",
        ),
        (
            [STATION, Station(name="s0001.station2", lanes=(Lane(number=2, devices=("s0001.k01",)),))],
            [],
            [],
            "device s0001.k01 stands twice",
        ),
        (
            [STATION, Station(name="s0001.station2", lanes=(Lane(number=1),))],
            [],
            [],
            "s0001 lane 1 stands twice",
        ),
        ([STATION], [Pos(name="s0001.k01", lanes=(1,))], [], "no POS's name"),
        ([STATION], [], ["#"], "no certificate bears"),
    ],
)
def test_what_would_break_the_rules_is_refused(
    stations: list[Station], pos: list[Pos], revoked: list[str], message: str
) -> None:
    with pytest.raises(BrokerFilesError, match=message):
        render_acl(stations, pos, revoked)


def test_every_listener_asks_for_a_certificate_and_takes_the_name_from_it() -> None:
    conf = render_conf(
        [Listener(address="127.0.0.1"), Listener(address="192.168.1.10", port=8884)],
        certificates=Path("/etc/comptoir/certificates/broker"),
        acl_file=Path("/etc/comptoir/broker/acl"),
        data_directory=Path("/var/lib/mosquitto"),
    )

    blocks = re.split(r"^listener ", conf, flags=re.MULTILINE)
    assert [block.splitlines()[0] for block in blocks[1:]] == ["8883 127.0.0.1", "8884 192.168.1.10"]
    for block in blocks[1:]:
        for line in (
            "require_certificate true",
            "use_identity_as_username true",
            "use_username_as_clientid true",
            "tls_version tlsv1.3",
        ):
            assert line in block.splitlines()
    for line in ("set_tcp_nodelay true", "allow_anonymous false", "acl_file /etc/comptoir/broker/acl"):
        assert line in blocks[0].splitlines()
    assert "\nuser " not in conf
    assert "${" not in conf


def test_no_setting_adds_a_line_of_its_own() -> None:
    with pytest.raises(ValidationError):
        Listener(address="127.0.0.1\nallow_anonymous true")
    with pytest.raises(BrokerFilesError, match="cannot stand"):
        render_conf(
            [Listener(address="::1")], Path("/a\nallow_anonymous true"), Path("/b"), data_directory=Path("/c")
        )
    with pytest.raises(BrokerFilesError, match="at least one address"):
        render_conf([], Path("/a"), Path("/b"), Path("/c"))


def test_the_command_writes_the_files_and_says_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from comptoir.__main__ import main

    authority = Authority(tmp_path / "certificates")
    authority.create("Test")
    authority.issue_broker(["127.0.0.1"])
    into = tmp_path / "broker"
    into.mkdir()
    config = tmp_path / "comptoir.toml"
    config.write_text(
        f'[broker]\ncertificates = "{authority.directory / "broker"}"\nrevoked = ["s0001.k09"]\n'
        '[[broker.stations]]\nname = "s0001.station"\nlanes = [{number = 1, devices = ["s0001.k01"]}]\n'
    )
    arguments = ["broker", "render", "--config", str(config), "--into", str(into)]

    assert main(arguments) == 0
    assert capsys.readouterr().out.count("written") == 6
    assert "user s0001.k09\ntopic deny #" in (into / "acl").read_text()
    assert f"acl_file {into / 'acl'}" in (into / "mosquitto.conf").read_text()
    assert stat.S_IMODE((into / "key.pem").stat().st_mode) == 0o640

    assert main(arguments) == 0
    assert capsys.readouterr().out.count("as it was") == 6
    authority.issue_station("s0001.station")
    authority.issue_device("s0001.k01")
    authority.revoke("s0001.k01")
    assert main(arguments) == 0
    assert capsys.readouterr().out.count("written") == 1
    config.write_text("[broker]\nstation = []\n")
    assert main(arguments) == 78
    assert "did you mean stations?" in capsys.readouterr().err
