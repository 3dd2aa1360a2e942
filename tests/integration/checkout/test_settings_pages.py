"""What a shop decides besides its programme: seen, changed, refused and kept on its pages."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from checkout.messages.settings import CeilingSettings, SendingSettings
from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.booking.birthday import BirthdayGift
from loyalty.domain.contact.delivery import SendingRules
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.shop import ShopSettings
from loyalty.domain.staff import Permission
from loyalty.services.deliver_messages import MessageDispatch
from loyalty.services.queue_message import queue_message
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, sell_to

PAGES = ("/programme/settings", "/messages/rules")


def settings_of(counter: Counter) -> LoyaltySettings:
    with counter.database.reading() as unit:
        return unit.programme.settings()


def deeds(counter: Counter, subject: str) -> list[AuditEntry]:
    with counter.database.reading() as unit:
        return list(unit.audit.of_subject(subject))


def some_settings(**changed: Any) -> dict[str, Any]:
    return {
        "gift": "on", "gift_points": "25", "gift_days_after": "3", "gift_member_for_days": "30",
        "gift_valid_days": "45", "notice_days": "14", "unusual": "3", "confirmed": "2", "revision": "0",
        **changed,
    }  # fmt: skip


def some_rules(**changed: Any) -> dict[str, Any]:
    return {
        "quiet": "on", "quiet_from": "20:30", "quiet_to": "08:00", "countries": ["BE", "CH"],
        "per_number_an_hour": "2", "per_number_a_day": "4", "per_device_an_hour": "20",
        "per_shop_a_day": "300", "cost_a_day": "25", "revision": "0", **changed,
    }  # fmt: skip


def as_a_real_shop(shop: ShopSettings) -> SendingRules:
    """The rules of a shop whose messages leave, under a low ceiling."""
    ceiling = CeilingSettings(countries=("BE", "CH", "LU"), per_shop_a_day=400, cost_a_day_minor=40_00)
    return replace(SendingSettings().rules_for(shop), ceiling=ceiling.limits_for(shop))


@pytest.fixture
def real(counter: Counter) -> Counter:
    """The counter with the rules of a shop whose messages leave."""
    counter.web = replace(counter.web, sending_rules=as_a_real_shop)
    return counter


# --- gift, notices, flags ----------------------------------------------------------------------------


def test_gift_notice_and_flag_are_changed_in_force_and_noted(counter: Counter) -> None:
    # row 185
    for _ in range(3):
        sell_to(counter, "Idris", "Café crème", "Tasse en grès")

    async def story() -> None:
        async with desk(counter) as browser:
            assert 'name="unusual" type="text" value="5"' in await browser.page("/programme/settings")
            saved = await browser.fill("/programme/settings", **some_settings())
            assert saved.headers["location"] == "/programme/settings?done=saved"
            page = await browser.page("/programme/settings?done=saved")
            assert "Saved, and in force." in page
            assert "Changed last by" in page
            programme = await browser.page("/programme", "fr")
            assert "À l’anniversaire : 25 points" in programme
            assert "Signalé à partir de 3 visites" in programme
            assert "Idris" in await browser.page("/reports")

    run(story())
    settings = settings_of(counter)
    assert settings.birthday_gift == BirthdayGift(25, days_after=3, member_for_days=30)
    assert (settings.birthday_valid_days, settings.expiring_notice_days) == (45, 14)
    assert (settings.unusual_visits_a_day, settings.confirmed_redemptions_a_day) == (3, 2)
    (noted,) = deeds(counter, "programme:settings")
    assert noted.action is AuditAction.SETTINGS_CHANGED
    assert noted.staff_id == counter.shop.staff.id
    assert "birthday_gift" in str(noted.params["changes"])


def test_switching_the_gift_off_asks_nothing_about_it(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            await browser.fill("/programme/settings", **some_settings())
            off = some_settings(gift="off", gift_points="", gift_valid_days="x", revision="1")
            assert (await browser.fill("/programme/settings", **off)).status_code == 303

    run(story())
    assert settings_of(counter).birthday_gift is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("gift_points", "0"), ("gift_points", "-5"), ("gift_points", "1.5"), ("gift_points", "99999999999"),
     ("gift_days_after", "61"), ("gift_valid_days", "0"), ("gift_valid_days", "367"), ("notice_days", "121"),
     ("unusual", "1"), ("unusual", "beaucoup"), ("confirmed", "0"), ("gift", "peut-être")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_kept(counter: Counter, field: str, value: str) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            answer = await browser.fill("/programme/settings", **some_settings(**{field: value}))
            assert answer.status_code == 422
            if field != "gift":
                assert f'id="{field}-fault"' in answer.text
                assert f'value="{value}"' in answer.text

    run(story())
    assert settings_of(counter) == LoyaltySettings()


@pytest.mark.parametrize(("path", "form"), [(PAGES[0], some_settings), (PAGES[1], some_rules)])
def test_who_was_overtaken_is_told_and_loses_nothing(counter: Counter, path: str, form: Any) -> None:
    field, mine = ("confirmed", "7") if path == PAGES[0] else ("per_number_a_day", "7")

    async def story() -> None:
        async with desk(counter) as browser:
            assert (await browser.fill(path, **form())).status_code == 303
            late = await browser.fill(path, **form(**{field: mine}))
            assert late.status_code == 409
            assert "A colleague has saved these settings" in late.text
            assert f'value="{mine}"' in late.text
            assert 'name="revision" value="1"' in late.text
            assert (await browser.fill(path, **form(**{field: mine, "revision": "1"}))).status_code == 303
            assert (await browser.fill(path, **form(revision="no number"))).status_code == 409

    run(story())
    settings = settings_of(counter)
    assert settings.sending is not None if path == PAGES[1] else settings.sending is None
    kept = (
        settings.sending.limits.per_number_a_day if settings.sending else settings.confirmed_redemptions_a_day
    )
    assert kept == 7


@pytest.mark.parametrize("path", PAGES)
def test_both_pages_ask_for_their_permission(counter: Counter, path: str) -> None:
    # row 211
    add_staff(
        counter, "others", *(set(Permission) - {Permission.MANAGE_PROGRAMME, Permission.MANAGE_MESSAGES})
    )

    async def story() -> None:
        async with desk(counter, "others") as browser:
            assert (await browser.get(path)).status_code == 403
            assert (await browser.fill(path, revision="0")).status_code == 403
        async with desk(counter) as browser:
            stolen = await browser.post(
                path, data=some_rules(), headers={"origin": "https://elsewhere.example"}
            )
            assert stolen.status_code == 403

    run(story())
    assert settings_of(counter) == LoyaltySettings()


# --- hours and limits ----------------------------------------------------------------------------------


def test_hours_and_limits_are_chosen_under_the_machine_s_ceiling(real: Counter) -> None:
    # part of row 207
    async def story() -> None:
        async with desk(real) as browser:
            page = await browser.page("/messages/rules")
            assert "At most 400 on this machine" in page
            assert 'value="LU"' in page
            assert 'value="RU"' not in page
            assert (await browser.fill("/messages/rules", **some_rules())).status_code == 303
            over = await browser.fill("/messages/rules", **some_rules(per_shop_a_day="401", revision="1"))
            assert over.status_code == 422
            assert 'id="per_shop_a_day-fault"' in over.text
            dear = await browser.fill("/messages/rules", **some_rules(cost_a_day="40,01", revision="1"))
            assert 'id="cost_a_day-fault"' in dear.text
            blank = await browser.fill("/messages/rules", **some_rules(per_number_a_day="", revision="1"))
            assert 'id="per_number_a_day-fault"' in blank.text
            abroad = some_rules(countries=["BE", "RU", "<b>"], revision="1")
            assert (await browser.fill("/messages/rules", **abroad)).status_code == 303

    run(story())
    chosen = settings_of(real).sending
    assert chosen is not None
    assert chosen.limits.countries == {"FR", "BE"}
    assert chosen.limits.caps == (2, 4, 20, 300)
    assert chosen.limits.cost_a_day_minor == 25_00
    assert chosen.quiet_hours == QuietHours(time(20, 30), time(8))
    assert [deed.params["changes"] for deed in deeds(real, "messages:sending")] == [
        "limits, quiet_hours",
        "limits",
    ]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [("quiet_from", "25:00", "quiet_from"), ("quiet_to", "20:30", "quiet_to"), ("per_number_an_hour", "0", None),
     ("per_device_an_hour", "-1", None), ("cost_a_day", "viel", None)],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_said_at_their_field(
    real: Counter, field: str, value: str, fault: str | None
) -> None:
    async def story() -> None:
        async with desk(real) as browser:
            answer = await browser.fill("/messages/rules", **some_rules(**{field: value}))
            assert answer.status_code == 422
            assert f'id="{fault or field}-fault"' in answer.text
            assert f'value="{value}"' in answer.text

    run(story())
    assert settings_of(real).sending is None


def test_without_a_ceiling_nothing_leaves_and_a_limit_may_be_left_out(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            assert "written to a file" in await browser.page("/messages/rules")
            free = some_rules(per_shop_a_day="", cost_a_day="", quiet="off")
            assert (await browser.fill("/messages/rules", **free)).status_code == 303

    run(story())
    chosen = settings_of(counter).sending
    assert chosen is not None
    assert chosen.quiet_hours is None
    assert (chosen.limits.per_shop_a_day, chosen.limits.cost_a_day_minor) == (None, None)


def test_a_message_that_waited_for_the_morning_goes_out_when_the_shop_ends_its_quiet_hours(
    real: Counter, tmp_path: Any
) -> None:
    # part of row 193
    real.station.courier.stop()
    evening = real.clock.now().replace(hour=21, minute=30)
    real.clock.set_wall(evening)
    message_id = queued(real, evening)
    way = MessageDispatch(
        real.database.unit_of_work,
        real.station.ctx,
        FileMessageGateway(tmp_path),
        courier="s0001.station",
        rules_of=as_a_real_shop,
    )
    way.deliver_due()
    assert message(real, message_id).due_at == (evening + timedelta(days=1)).replace(hour=8, minute=0)

    async def story() -> None:
        async with desk(real) as browser:
            await browser.fill("/messages/rules", **some_rules(quiet="off"))

    run(story())
    assert message(real, message_id).due_at is None
    way.deliver_due()
    assert message(real, message_id).state is MessageState.SENT


def queued(counter: Counter, at: datetime) -> Any:
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member(counter.customer_id("Camille"))
        assert member is not None
        params = {"points": 5, "balance": 39}
        queue_message(unit, counter.station.ctx, member, MessageKind.POINTS_EARNED, f"a:{at}", params=params)
        found = unit.messages.recent(1)[0]
        unit.commit()
    return found.id


def message(counter: Counter, message_id: Any) -> Any:
    with counter.database.reading() as unit:
        found = unit.deliveries.get(message_id)
    assert found is not None
    return found
