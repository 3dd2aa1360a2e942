"""What people do at the guest's lane, and what the station made of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.booted.clone import INSIDE
from tests.booted.guest import Guest
from tests.booted.shop import DATABASE, KIOSK_SOCKET, OUTBOX, ZOE, ask_database
from tests.booted.usb import SCANNER, UsbKeyboard

_CONFIRMED = "/run/confirmed"


def counts(guest: Guest, references: Sequence[str], database: str = DATABASE) -> dict[str, int]:
    """How often the station has identified each of these members."""
    listed = ", ".join(f"'{one}'" for one in references)
    rows = ask_database(
        guest,
        "select c.reference_id, count(i.id) from customers c left join identifications i on i.customer_id = c.id"
        f" where c.reference_id in ({listed}) group by c.reference_id",
        database,
    )
    return {str(reference): int(str(count)) for reference, count in rows}


def scanned(guest: Guest, reference: str = ZOE) -> int:
    """How often the station has identified a member."""
    return counts(guest, [reference])[reference]


def scan(guest: Guest, reference: str = ZOE, *, with_: UsbKeyboard = SCANNER, layout: str = "us") -> None:
    """Scan a card and wait until the station has identified its member once more."""
    before = scanned(guest, reference)
    with_.type(guest, reference, layout=layout)
    guest.until(lambda: scanned(guest, reference) == before + 1, f"identification of {reference}")


def hang_up(guest: Guest) -> None:
    """Cut every connection to the broker; clients make new ones."""
    guest.run("ss -K state established '( dport = :8883 )'")


def members(guest: Guest, count: int, skip: int = 0) -> list[str]:
    """References of members that nobody scanned yet."""
    rows = ask_database(
        guest,
        "select reference_id from customers where reference_id is not null and merged_into is null"
        f" and erased_at is null and id not in (select customer_id from identifications)"
        f" order by reference_id limit {count} offset {skip}",
    )
    assert len(rows) == count
    return [str(row[0]) for row in rows]


def scanner_is(guest: Guest, state: str, reader: str = "scanner") -> None:
    """Wait until the device process that runs now says so of a reader; what one before it said counts no more."""
    log = (
        "journalctl -o cat --no-pager"
        " _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID comptoir-device)"
    )
    guest.wait_for(
        f"""{log} | grep '"part": "{reader}"' | tail -1 | grep -q '"state": "{state}"'""", f"{reader} {state}"
    )


@dataclass(frozen=True)
class Events:
    """What station and device hold on a disk.

    Attributes:
        taken: Ids of the events that the station has worked on.
        waiting: Ids of those in the device's outbox.
        identified: How often members were identified, by their reference.
        joined: How often each person of the played kiosk gave each consent.
    """

    taken: frozenset[str]
    waiting: frozenset[str]
    identified: Mapping[str, int]
    joined: tuple[int, ...]


def events(guest: Guest, root: str = "") -> Events:
    """What the disk mounted at ``root`` holds; both databases are checked for damage too."""
    told = guest.run(f"python3 {INSIDE}/kept_events.py {root}{DATABASE} {root}{OUTBOX}")
    found = json.loads(told)
    return Events(
        frozenset(found["taken"]), frozenset(found["waiting"]), found["identified"], tuple(found["joined"])
    )


def play_kiosk(guest: Guest) -> None:
    """One customer after another joins at a played kiosk, until ``kiosk-player`` is stopped."""
    guest.run(
        f"rm -f {_CONFIRMED}; systemd-run --quiet --collect --unit=kiosk-player"
        f" python3 {INSIDE}/kiosk.py {KIOSK_SOCKET} {_CONFIRMED}"
    )
    guest.wait_for(f"test -s {_CONFIRMED}", "a confirmed enrolment")


def confirmed(guest: Guest) -> frozenset[str]:
    """Ids of the events that the device has confirmed to the played kiosk: scans and enrolments."""
    return frozenset(guest.run(f"cat {_CONFIRMED}").splitlines())
