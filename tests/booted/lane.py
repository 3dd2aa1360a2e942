"""What people do at the guest's lane, and what the station made of it."""

from collections.abc import Sequence

from tests.booted.guest import Guest
from tests.booted.shop import DATABASE, ZOE, ask_database
from tests.booted.usb import SCANNER, UsbKeyboard


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
    """Wait until the device says so of a reader."""
    log = "journalctl -b -u comptoir-device -o cat --no-pager"
    guest.wait_for(
        f"""{log} | grep '"part": "{reader}"' | tail -1 | grep -q '"state": "{state}"'""", f"{reader} {state}"
    )
