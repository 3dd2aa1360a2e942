"""The PIN at the till: what it is, how it locks, and all that a session begun with it may do."""

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import PIN_PERMISSIONS, Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import first_roles
from loyalty.services.context import ServiceContext
from loyalty.services.own_password import change_own_password
from loyalty.services.pin import drop_pin, pin_holders, set_pin, switch_by_pin, why_not_pin
from loyalty.services.sign_in import SignedIn, session_of, start_session
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.loyalty_staff import PlainTextHasher

PASSWORD = "un mot de passe long"
PIN = "2580"
HASHER = PlainTextHasher()


@pytest.fixture
def owner(database: InMemoryDatabase) -> StaffMember:
    with database.unit_of_work() as uow:
        made = StaffMember(new_id(), "lucie", "Lucie", first_roles(uow))
        uow.staff.add(made, HASHER.hash(PASSWORD))
        uow.commit()
    return made


def give_pin(database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember) -> None:
    assert set_pin(database.unit_of_work, ctx, HASHER, owner, password=PASSWORD, pin=PIN) is None


def switch(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember, pin: str
) -> SignedIn | Refused:
    with database.unit_of_work() as uow:
        session = start_session(uow, ctx, owner).session
        uow.commit()
    return switch_by_pin(
        database.unit_of_work, ctx, HASHER, session_id=session.id, staff_id=owner.id, pin=pin
    )


@pytest.mark.parametrize(
    "pin", ["", "123", "12345678901", "abcd", "0000", "1234", "87654321", "12 4", "١٢٣٤", "12\n4"]
)
def test_a_pin_that_is_none_or_that_everybody_tries_first_is_refused(pin: str) -> None:
    # part of row 213
    assert why_not_pin(pin) == Refused(Refusal.PIN_INVALID, {"min": 4, "max": 8})
    assert why_not_pin("2580") is None
    assert why_not_pin("73015926") is None


def test_the_password_sets_a_pin_and_nothing_readable_is_stored(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    # part of row 213
    wrong = set_pin(database.unit_of_work, ctx, HASHER, owner, password="guess", pin=PIN)
    assert wrong == Refused(Refusal.SIGN_IN_WRONG)
    simple = set_pin(database.unit_of_work, ctx, HASHER, owner, password=PASSWORD, pin="1234")
    assert simple == Refused(Refusal.PIN_INVALID, {"min": 4, "max": 8})
    give_pin(database, ctx, owner)
    with database.reading() as uow:
        assert uow.staff.pin_of(owner.id).pin_hash == HASHER.hash(PIN)
        assert [each.staff.id for each in pin_holders(uow)] == [owner.id]
        assert uow.audit.of_subject(f"staff:{owner.id}")[-1].action is AuditAction.PIN_SET


def test_a_session_by_pin_never_exports_nor_changes_roles_nor_points(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    # part of row 213
    give_pin(database, ctx, owner)
    entered = switch(database, ctx, owner, PIN)
    assert isinstance(entered, SignedIn)
    with database.reading() as uow:
        found = session_of(uow, ctx, entered.token)
    assert found is not None
    assert found[0].is_by_pin
    assert found[1].role.permissions == PIN_PERMISSIONS
    for never in (
        Permission.EXPORT_CUSTOMERS,
        Permission.IMPORT_CUSTOMERS,
        Permission.MANAGE_STAFF,
        Permission.ADJUST_POINTS,
        Permission.ERASE_CUSTOMERS,
        Permission.MANAGE_SHOP,
        Permission.VIEW_AUDIT,
    ):
        assert not found[1].may(never)


def test_taking_over_ends_the_session_before(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    give_pin(database, ctx, owner)
    with database.unit_of_work() as uow:
        before = start_session(uow, ctx, owner)
        uow.commit()
    entered = switch_by_pin(
        database.unit_of_work, ctx, HASHER, session_id=before.session.id, staff_id=owner.id, pin=PIN
    )
    assert isinstance(entered, SignedIn)
    with database.reading() as uow:
        assert session_of(uow, ctx, before.token) is None


def test_five_wrong_tries_lock_a_pin_and_the_password_opens_it(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember, clock: FakeClock
) -> None:
    # part of row 213
    give_pin(database, ctx, owner)
    for left in (4, 3, 2, 1):
        assert switch(database, ctx, owner, "9999") == Refused(Refusal.PIN_WRONG, {"tries_left": left})
    assert switch(database, ctx, owner, "9999") == Refused(Refusal.PIN_LOCKED)
    clock.advance(30 * 24 * 3600)
    assert switch(database, ctx, owner, PIN) == Refused(Refusal.PIN_LOCKED)
    with database.reading() as uow:
        assert pin_holders(uow)[0].is_locked
        failed = [each for each in uow.audit.of_subject(f"staff:{owner.id}") if each.staff_id is None]
        assert len(failed) == 5
    give_pin(database, ctx, owner)
    assert isinstance(switch(database, ctx, owner, PIN), SignedIn)


def test_a_right_try_forgives_the_wrong_ones_before(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    give_pin(database, ctx, owner)
    for _ in range(3):
        for _ in range(4):
            switch(database, ctx, owner, "9999")
        assert isinstance(switch(database, ctx, owner, PIN), SignedIn)


def test_without_a_pin_nobody_takes_over(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    HASHER.verified.clear()
    assert switch(database, ctx, owner, PIN) == Refused(Refusal.PIN_LOCKED)
    assert HASHER.verified == [None]
    give_pin(database, ctx, owner)
    with database.unit_of_work() as uow:
        drop_pin(uow, ctx, owner)
        uow.commit()
    assert switch(database, ctx, owner, PIN) == Refused(Refusal.PIN_LOCKED)


def test_ones_own_password_changes_with_the_present_one_and_ends_other_sessions(
    database: InMemoryDatabase, ctx: ServiceContext, owner: StaffMember
) -> None:
    with database.unit_of_work() as uow:
        other = start_session(uow, ctx, owner)
        uow.commit()
    new = "une autre phrase longue"
    short = change_own_password(database.unit_of_work, ctx, HASHER, owner, password=PASSWORD, new="x")
    assert short == Refused(Refusal.PASSWORD_TOO_SHORT, {"min": 10})
    wrong = change_own_password(database.unit_of_work, ctx, HASHER, owner, password="x", new=new)
    assert wrong == Refused(Refusal.SIGN_IN_WRONG)
    done = change_own_password(database.unit_of_work, ctx, HASHER, owner, password=PASSWORD, new=new)
    assert isinstance(done, SignedIn)
    with database.reading() as uow:
        assert session_of(uow, ctx, other.token) is None
        assert session_of(uow, ctx, done.token) is not None
        assert uow.staff.by_login("lucie") == (owner, HASHER.hash(new))
