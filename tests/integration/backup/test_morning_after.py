"""One shop's story: a night's back-up, two days without, a lost machine, an empty one, and the morning after."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from checkout.configuration import MetricsSettings
from checkout.erasure_file import ErasureFile
from checkout.metrics import create_metrics
from checkout.side_door import SideDoor
from loyalty.domain.message import MessageState
from loyalty.services.erase_person import erase_person
from tests.fakes.clock import FakeClock
from tests.integration.backup.shop import Machine, ledger_of, new_key, queue_message, write_config, write_keys
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter, make_counter
from tests.integration.checkout.test_backup_page import HELD, LATE, cheapest_on_a_sale
from tests.integration.checkout.test_checkout_settings import post

UNITS = Path(__file__).resolve().parents[3] / "systemd"


def page(counter: Counter, machine: Machine, path: str) -> str:
    """A page of the staff, on this machine with what it notes of its back-ups."""
    found: list[str] = []
    settings = machine.settings

    async def story() -> None:
        async with Browser(
            replace(counter, web=replace(counter.web, backup=settings.backup_record))
        ) as browser:
            browser.sign_in()
            found.append((await browser.get(path)).text)

    run(story())
    return found[0]


def age_of_backup_s(counter: Counter, machine: Machine) -> float:
    """As a Prometheus reads it."""
    web = replace(counter.web, backup=machine.settings.backup_record)
    door = SideDoor("address of figures", create_metrics(web), MetricsSettings(port=0)).start()
    try:
        text = httpx.get(f"http://127.0.0.1:{door.port}/metrics", trust_env=False).text
    finally:
        door.stop()
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return next(each.value for each in samples if each.name == "comptoir_backup_age_seconds")


def test_from_a_nightly_back_up_to_the_first_reward_on_another_machine(tmp_path: Path) -> None:
    # rows 191, 205
    timer = (UNITS / "comptoir-backup.timer").read_text()
    assert "OnCalendar=*-*-* 02:15" in timer
    assert "Persistent=yes" in timer, "a shop that cuts the mains at night has its back-up in the morning"
    assert "comptoir backup" in (UNITS / "comptoir-backup.service").read_text()

    disk, key = tmp_path / "usb", tmp_path / "on-a-stick.key"
    disk.mkdir()
    machine = write_config(tmp_path / "shop", disk, new_key(key))
    write_keys(machine)
    clock = FakeClock(datetime.now(UTC))
    counter = make_counter(machine.folder, clock)
    counter.station.courier.stop()
    counter.sell("Tasse en grès")
    counter.pay()
    waiting = queue_message(counter)
    assert LATE in page(counter, machine, "/home")

    night = machine.run("backup")
    assert night.returncode == 0, night.stderr
    archive = next(disk.glob("*.age"))
    assert archive.name in night.stdout
    assert all(json.loads(line)["level"] for line in night.stderr.splitlines()), "logs are one JSON a line"
    assert LATE not in page(counter, machine, "/home")
    assert "Camille" not in page(counter, machine, "/health"), "the page of the store's health knows nobody"
    assert age_of_backup_s(counter, machine) < 3600
    clock.advance(timedelta(hours=49).total_seconds())
    assert LATE in page(counter, machine, "/home")
    assert age_of_backup_s(counter, machine) > 48 * 3600

    idris, before = counter.customer_id("Idris"), ledger_of(counter)
    with counter.database.unit_of_work() as unit:
        erase_person(unit, counter.station.ctx, idris, None)
        unit.commit()
    blank = write_config(tmp_path / "blank", disk, str(getattr(machine.settings.backup, "recipient", "")))
    ErasureFile(blank.settings.file_of_erasures, counter.database.reading).add_new()
    counter.station.stop()
    counter.database.close()  # the machine is gone

    restored = blank.run("restore", str(archive), "--identity", str(key), "--keys", str(blank.folder))
    assert restored.returncode == 0, restored.stderr

    again = make_counter(blank.folder, clock)
    try:
        assert ledger_of(again) == before
        with again.database.reading() as unit:
            gone, held = unit.customers.get(idris), unit.deliveries.get(waiting.id)
        assert gone is not None
        assert gone.erased_at is not None, "who was erased after the back-up is erased again"
        assert held is not None
        assert held.state is MessageState.UNKNOWN, "what waited then is for staff to decide"
        assert HELD in page(again, blank, "/home")
        sale, tier = cheapest_on_a_sale(again)
        assert post(again, "/till/1/rewards", sale=sale, tier=tier).endswith("=balances_unconfirmed")
        again.pay()
        assert post(again, "/backup/confirm") == "/backup?done=confirmed"
        sale, tier = cheapest_on_a_sale(again)
        assert post(again, "/till/1/rewards", sale=sale, tier=tier) == "/till/1"
    finally:
        again.station.stop()
        again.database.close()
