"""Staff, their PINs and attempts, and the records of events come back as they were saved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.delivery import DeadLetter, OutboundMessage, ProcessedEvent
from loyalty.domain.staff import (
    CASHIER_PERMISSIONS,
    Permission,
    Role,
    StaffMember,
    StaffSession,
    StoredPin,
)
from loyalty.errors import ConflictError
from runtime.ids import new_id
from tests.contract.loyalty.stored import AT, Database


def test_staff_sessions_and_roles(database: Database) -> None:
    role = Role(new_id(), "cashier", CASHIER_PERMISSIONS)
    member = StaffMember(new_id(), "hugo", "Hugo", role)
    session = StaffSession(new_id(), member.id, AT, AT + timedelta(hours=12))
    with database.unit_of_work() as uow:
        uow.staff.save_role(role)
        uow.staff.add(member, "hash")
        uow.staff_sessions.add(session, b"t" * 32)
        uow.commit()
        with pytest.raises(ConflictError):
            uow.staff.add(replace(member, id=new_id()), "hash")
    with database.unit_of_work() as uow:
        assert uow.staff.by_login("hugo") == (member, "hash")
        assert uow.staff.by_login("HUGO") is None
        assert uow.staff.get(member.id) == member
        assert list(uow.staff.all()) == [member]
        assert uow.staff_sessions.by_token_hash(b"t" * 32) == (session, member)
        more = replace(role, permissions=role.permissions | {Permission.VIEW_CONTACT})
        uow.staff.save_role(more)
        found = uow.staff_sessions.by_token_hash(b"t" * 32)
        assert found is not None
        assert found[1].may(Permission.VIEW_CONTACT)
        uow.staff.set_password_hash(member.id, "other")
        uow.staff.save(replace(member, display_name="Hugues", is_active=False))
        assert uow.staff.by_login("hugo") == (
            replace(member, display_name="Hugues", is_active=False, role=more),
            "other",
        )
        uow.staff_sessions.end_all_of(member.id, AT)
        uow.staff_sessions.end(session.id, AT + timedelta(hours=1))
        ended = uow.staff_sessions.by_token_hash(b"t" * 32)
        assert ended is not None
        assert ended[0].ended_at == AT
        later = replace(session, id=new_id(), started_at=AT + timedelta(minutes=1), is_by_pin=True)
        uow.staff_sessions.add(later, b"u" * 32)
        assert [each.id for each in uow.staff_sessions.of_staff(member.id, 9)] == [later.id, session.id]
        assert uow.staff_sessions.of_staff(member.id, 1)[0].is_by_pin
        assert uow.staff_sessions.last_starts() == {member.id: AT + timedelta(minutes=1)}
        assert uow.staff_sessions.by_token_hash(b"v" * 32) is None
        assert list(uow.staff.roles()) == [more]


def test_a_role_that_somebody_has_cannot_be_deleted(database: Database) -> None:
    owner = Role(new_id(), "owner", frozenset(), is_owner=True)
    spare = Role(new_id(), "spare", frozenset())
    with database.unit_of_work() as uow:
        uow.staff.save_role(owner)
        uow.staff.save_role(spare)
        uow.staff.add(StaffMember(new_id(), "lucie", "Lucie", owner), "hash")
        uow.commit()
    with database.unit_of_work() as uow:
        uow.staff.delete_role(spare.id)
        assert list(uow.staff.roles()) == [owner]
        assert owner.permissions == frozenset(Permission)
        with pytest.raises(ConflictError):
            uow.staff.delete_role(owner.id)


def test_a_pin_is_kept_with_its_failures_and_taken_away(database: Database) -> None:
    role = Role(new_id(), "cashier", CASHIER_PERMISSIONS)
    member = StaffMember(new_id(), "hugo", "Hugo", role)
    with database.unit_of_work() as uow:
        uow.staff.save_role(role)
        uow.staff.add(member, "hash")
        assert uow.staff.pin_of(member.id) is None
        uow.staff.put_pin(member.id, StoredPin("hash of a pin", failures=2))
        uow.staff.save(member)
        assert uow.staff.pin_of(member.id) == StoredPin("hash of a pin", failures=2)
        uow.staff.put_pin(member.id, None)
        assert uow.staff.pin_of(member.id) is None


def test_a_deed_of_nobody_is_kept_too(database: Database) -> None:
    entry = AuditEntry(new_id(), AT, None, AuditAction.SIGN_IN_FAILED, "staff:unknown")
    with database.unit_of_work() as uow:
        uow.audit.add(entry)
        assert list(uow.audit.of_subject("staff:unknown")) == [entry]


def test_a_claim_is_taken_once_in_its_time_and_replaced_by_a_newer_one(database: Database) -> None:
    # part of row 213
    with database.unit_of_work() as uow:
        uow.claims.put(b"a" * 32, AT)
        uow.claims.put(b"b" * 32, AT)
        takes = [uow.claims.take(token, AT) for token in (b"a" * 32, b"b" * 32, b"b" * 32)]
        assert takes == [False, True, False]
        uow.claims.put(b"c" * 32, AT)
        assert not uow.claims.take(b"c" * 32, AT + timedelta(seconds=1)), "put before"


def test_attempts_are_counted_within_the_window(database: Database) -> None:
    with database.unit_of_work() as uow:
        for minute in (0, 10, 20):
            uow.attempts.add("login:zoe", AT + timedelta(minutes=minute))
        uow.attempts.add("login:hugo", AT)
        assert uow.attempts.count_since("login:zoe", AT + timedelta(minutes=5)) == 2
        uow.attempts.clear("login:zoe")
        assert uow.attempts.count_since("login:zoe", AT - timedelta(days=1)) == 0
        assert uow.attempts.count_since("login:hugo", AT - timedelta(days=1)) == 1


def test_an_event_is_processed_once_per_source(database: Database) -> None:
    event = ProcessedEvent("s0001.k01", new_id(), b"d" * 32, '{"é": 1}', AT)
    with database.unit_of_work() as uow:
        assert uow.inbox.find(event.source, event.event_id) is None
        uow.inbox.add(event)
        uow.inbox.add(replace(event, source="s0001.k02"))
        assert uow.inbox.find(event.source, event.event_id) == event
        uow.commit()
        with pytest.raises(ConflictError):
            uow.inbox.add(event)
    with database.unit_of_work() as uow:
        assert uow.inbox.purge(AT) == 0
        assert uow.inbox.purge(AT + timedelta(seconds=1)) == 2


def test_dead_letters_are_kept_and_cut(database: Database) -> None:
    letter = DeadLetter(new_id(), "malformed", "s0001.k01", "comptoir/v1/x/event", b"\x00\xff" * 20_000, AT)
    with database.unit_of_work() as uow:
        uow.dead_letters.add(letter)
        assert uow.dead_letters.count() == 1
        kept = uow.dead_letters.recent(5)[0]
        assert kept == replace(letter, payload=letter.payload[: 16 * 1024])


def test_outbound_messages_wait_until_they_are_published(database: Database) -> None:
    one = OutboundMessage(new_id(), "comptoir/v1/s0001.k01/result", b'{"a":1}', AT)
    two = replace(one, id=new_id(), created_at=AT + timedelta(seconds=1))
    with database.unit_of_work() as uow:
        uow.outbound.add(two)
        uow.outbound.add(one)
        assert list(uow.outbound.unpublished(10)) == [one, two]
        uow.outbound.mark_published([one.id], AT)
        assert list(uow.outbound.unpublished(10)) == [two]
        assert uow.outbound.purge_published(AT + timedelta(days=1)) == 1
