"""The page of back-ups, the red line, and what stays shut after a restore until staff looked."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from checkout.backup_record import BackupRecord, LastBackup
from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission
from loyalty.services.after_restore import hold_after_restore
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.test_checkout_settings import post, texts

LATE = "Aucune sauvegarde depuis deux jours."
HELD = "Une sauvegarde a été restaurée"


def hold(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        hold_after_restore(unit, counter.station.ctx)
        unit.commit()


def cheapest_on_a_sale(counter: Counter) -> tuple[str, str]:
    """An open sale of Camille's, and the reward that costs least."""
    sale = str(counter.sell("Tasse en grès", "Tasse en grès", "Tasse en grès"))
    post(counter, "/till/1/member", sale=sale, customer=str(counter.customer_id("Camille")), checked="1")
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    return sale, str(min(view.member.rewards, key=lambda each: each.points).tier_id)


def test_a_red_line_after_two_days_without_a_back_up(counter: Counter, tmp_path: Path) -> None:
    # part of row 205
    record = BackupRecord(tmp_path / "last-backup.json", tmp_path / "disk", "age1" + "q" * 58)

    async def story() -> None:
        assert LATE not in await home(None), "a machine without a place for back-ups says so on their page"
        assert LATE in await home(record)
        record.note(LastBackup(counter.clock.now(), "comptoir-s0001-x.age", 4_000_000))
        assert LATE not in await home(record)
        counter.clock.advance(timedelta(hours=48).total_seconds())
        assert LATE not in await home(record)
        counter.clock.advance(1)
        assert LATE in await home(record)
        (tmp_path / "last-backup.json").write_text('{"at": "2026-11-26T10:00:00", "name": 1}')
        assert LATE in await home(record), "a file that cannot be read is no back-up"

    async def home(found: BackupRecord | None) -> str:
        shown = replace(counter, web=replace(counter.web, backup=found))
        async with Browser(shown) as browser:
            browser.sign_in()
            return (await browser.get("/home")).text

    run(story())


def test_no_reward_is_used_after_a_restore_until_the_balances_are_confirmed(counter: Counter) -> None:
    # part of row 205
    before = counter.balance("Camille")
    sale, tier = cheapest_on_a_sale(counter)
    hold(counter)
    where = post(counter, "/till/1/rewards", sale=sale, tier=tier)
    assert where.endswith("=balances_unconfirmed")
    assert "pas de récompense tant que les soldes" in texts(counter, where) or "no rewards until" in texts(
        counter, where
    )
    assert HELD in texts(counter, "/home") or "A back-up was restored" in texts(counter, "/home")
    counter.pay()
    assert counter.balance("Camille") > before, "points are earned meanwhile"

    assert post(counter, "/backup/confirm") == "/backup?done=confirmed"
    post(counter, "/backup/confirm")
    sale, tier = cheapest_on_a_sale(counter)
    assert post(counter, "/till/1/rewards", sale=sale, tier=tier) == "/till/1"
    with counter.database.reading() as unit:
        deeds = [each.action for each in unit.audit.of_subject("shop:1")]
    assert deeds == [AuditAction.BACKUP_RESTORED, AuditAction.BALANCES_CONFIRMED]


def test_a_reward_that_was_on_a_sale_before_the_back_up_is_not_paid_with(counter: Counter) -> None:
    # part of row 205
    sale, tier = cheapest_on_a_sale(counter)
    assert post(counter, "/till/1/rewards", sale=sale, tier=tier) == "/till/1"
    hold(counter)
    view = counter.till().sale
    assert view is not None
    paid = post(counter, "/till/1/pay", sale=sale, total=str(view.total_minor), all_by="card")
    assert paid.endswith("=balances_unconfirmed")


def test_who_may_not_correct_points_confirms_nothing(counter: Counter) -> None:
    # part of row 205
    add_staff(counter, "nearly", *(set(Permission) - {Permission.ADJUST_POINTS}))
    hold(counter)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("nearly")
            assert (await browser.get("/backup")).status_code == 403
            assert (await browser.send_form("/backup/confirm")).status_code == 403
            assert HELD in (await browser.get("/home")).text

    run(story())
    with counter.database.reading() as unit:
        assert unit.programme.settings().redeeming_held_since is not None


def test_saving_other_settings_does_not_lift_the_hold(counter: Counter) -> None:
    from loyalty.domain.loyalty_settings import LoyaltySettings
    from loyalty.services.decide_settings import change_settings

    hold(counter)
    with counter.database.unit_of_work() as unit:
        owner = unit.staff.by_login("demo")
        assert owner is not None
        revision = unit.programme.settings().revision
        wanted = LoyaltySettings(expiring_notice_days=7)
        change_settings(unit, counter.station.ctx, owner[0], wanted, expected=revision)
        unit.commit()
    with counter.database.reading() as unit:
        assert unit.programme.settings().redeeming_held_since is not None


def test_the_sheet_names_what_is_needed_and_no_secret(counter: Counter, tmp_path: Path) -> None:
    # part of row 205
    recipient = "age1" + "q" * 58
    record = BackupRecord(tmp_path / "last-backup.json", tmp_path / "disk", recipient)
    record.note(LastBackup(counter.clock.now(), "comptoir-s0001-x.age", 4_000_000))

    async def story() -> None:
        async with Browser(replace(counter, web=replace(counter.web, backup=record))) as browser:
            browser.sign_in()
            page = (await browser.get("/backup")).text
            for said in (recipient, str(record.folder), "comptoir restore", "comptoir-s0001-x.age", "4 Mo"):
                assert said in page.replace("\u202f", " ").replace("\xa0", " "), said
            assert "AGE-SECRET-KEY" not in page

    run(story())
