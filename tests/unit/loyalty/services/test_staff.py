from dataclasses import replace

import pytest

from loyalty.domain.staff import CASHIER_PERMISSIONS, Permission, Role, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.claim import OwnerClaim, claim_owner, open_claim
from loyalty.services.context import ServiceContext
from loyalty.services.sign_in import Credentials, SignedIn, session_of, sign_in, sign_out
from loyalty.services.staff_accounts import NewStaff, add_staff, change_role, deactivate
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.loyalty_staff import PlainTextHasher

PASSWORD = "un mot de passe long"


@pytest.fixture
def hasher() -> PlainTextHasher:
    return PlainTextHasher()


def role_named(uow: UnitOfWork, name: str) -> Role:
    return next(role for role in uow.staff.roles() if role.name == name)


def claim_token(database: InMemoryDatabase, ctx: ServiceContext) -> str:
    with database.unit_of_work() as uow:
        token = open_claim(uow, ctx)
        uow.commit()
    assert isinstance(token, str)
    return token


def made_owner(database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher) -> StaffMember:
    token = claim_token(database, ctx)
    owner = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, " Lucie ", "Lucie", PASSWORD))
    assert isinstance(owner, StaffMember)
    return owner


def signed(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher, password: str = PASSWORD
) -> SignedIn | Refused:
    return sign_in(database.unit_of_work, ctx, hasher, Credentials("LUCIE", password, "127.0.0.1"))


def test_the_first_owner_is_whoever_has_the_token_once(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    # part of row 213
    token = claim_token(database, ctx)
    wrong = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim("guess", "eve", "Eve", PASSWORD))
    assert wrong == Refused(Refusal.CLAIM_WRONG)
    owner = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, "lucie", "Lucie", PASSWORD))
    assert isinstance(owner, StaffMember)
    assert all(owner.may(permission) for permission in Permission)
    again = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, "eve", "Eve", PASSWORD))
    assert again == Refused(Refusal.CLAIM_WRONG)
    with database.unit_of_work() as uow:
        assert open_claim(uow, ctx) == Refused(Refusal.CLAIM_ALREADY_MADE)


def test_a_claim_that_nobody_used_within_the_hour_is_void(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher, clock: FakeClock
) -> None:
    # part of row 213
    token = claim_token(database, ctx)
    clock.advance(3601)
    late = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, "eve", "Eve", PASSWORD))
    assert late == Refused(Refusal.CLAIM_WRONG)
    fresh = claim_token(database, ctx)
    clock.advance(3599)
    form = OwnerClaim(fresh, "lucie", "Lucie", PASSWORD)
    assert isinstance(claim_owner(database.unit_of_work, ctx, hasher, form), StaffMember)


def test_a_claim_with_a_short_password_or_no_name_is_refused_and_stays_open(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    token = claim_token(database, ctx)
    short = claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, "lucie", "Lucie", "court"))
    assert short == Refused(Refusal.PASSWORD_TOO_SHORT, {"min": 10})
    nameless = claim_owner(
        database.unit_of_work, ctx, hasher, OwnerClaim(token, " \u202e", "Lucie", PASSWORD)
    )
    assert nameless == Refused(Refusal.NAME_INVALID)
    assert claim_owner(database.unit_of_work, ctx, hasher, OwnerClaim(token, "lucie", "Lucie", PASSWORD))


def test_signing_in_starts_a_session_that_signing_out_ends(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    owner = made_owner(database, ctx, hasher)
    entered = signed(database, ctx, hasher)
    assert isinstance(entered, SignedIn)
    with database.unit_of_work() as uow:
        found = session_of(uow, ctx, entered.token)
        assert found is not None
        assert found[1] == owner
        assert session_of(uow, ctx, entered.token + "x") is None
        sign_out(uow, ctx, entered.session.id, owner)
        assert session_of(uow, ctx, entered.token) is None


def test_a_session_ends_by_itself(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher, clock: FakeClock
) -> None:
    made_owner(database, ctx, hasher)
    entered = signed(database, ctx, hasher)
    assert isinstance(entered, SignedIn)
    clock.advance(12 * 3600)
    with database.reading() as uow:
        assert session_of(uow, ctx, entered.token) is None


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer_and_the_same_work(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    made_owner(database, ctx, hasher)
    wrong = signed(database, ctx, hasher, "wrong")
    unknown = sign_in(database.unit_of_work, ctx, hasher, Credentials("nobody", "x", "127.0.0.1"))
    assert wrong == unknown == Refused(Refusal.SIGN_IN_WRONG)
    assert hasher.verified == [f"hash of {PASSWORD}", None]


def test_five_wrong_tries_lock_the_login_for_a_while(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher, clock: FakeClock
) -> None:
    made_owner(database, ctx, hasher)
    for _ in range(5):
        assert signed(database, ctx, hasher, "wrong") == Refused(Refusal.SIGN_IN_WRONG)
    assert signed(database, ctx, hasher) == Refused(Refusal.SIGN_IN_LOCKED, {"minutes": 15})
    clock.advance(15 * 60)
    assert isinstance(signed(database, ctx, hasher), SignedIn)


def test_one_address_cannot_try_many_logins(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    made_owner(database, ctx, hasher)
    for number in range(30):
        sign_in(database.unit_of_work, ctx, hasher, Credentials(f"user{number}", "x", "10.0.0.9"))
    answer = sign_in(database.unit_of_work, ctx, hasher, Credentials("lucie", PASSWORD, "10.0.0.9"))
    assert answer == Refused(Refusal.SIGN_IN_LOCKED, {"minutes": 15})
    assert isinstance(signed(database, ctx, hasher), SignedIn)


def test_a_role_taken_away_is_gone_at_once_and_a_deactivated_account_is_out(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    # row 74
    owner = made_owner(database, ctx, hasher)
    entered = signed(database, ctx, hasher)
    assert isinstance(entered, SignedIn)
    with database.unit_of_work() as uow:
        cashier = role_named(uow, "cashier")
        assert add_staff(uow, ctx, NewStaff("ana", "Ana", owner.role.id, "hash"), owner)
        assert change_role(uow, ctx, owner.id, cashier.id, owner)
        found = session_of(uow, ctx, entered.token)
        assert found is not None
        assert not found[1].may(Permission.MANAGE_STAFF)
        assert deactivate(uow, ctx, owner.id, owner)
        assert session_of(uow, ctx, entered.token) is None
        uow.commit()
    assert signed(database, ctx, hasher) == Refused(Refusal.SIGN_IN_WRONG)


def test_only_who_manages_staff_adds_staff(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    # row 74
    owner = made_owner(database, ctx, hasher)
    with database.unit_of_work() as uow:
        cashier = next(role for role in uow.staff.roles() if role.name == "cashier")
        hugo = add_staff(uow, ctx, NewStaff("Hugo", "Hugo", cashier.id, "hash"), owner)
        assert isinstance(hugo, StaffMember)
        assert hugo.login == "hugo"
        with pytest.raises(PermissionDeniedError):
            add_staff(uow, ctx, NewStaff("eve", "Eve", cashier.id, "hash"), hugo)
        taken = add_staff(uow, ctx, NewStaff("HUGO", "Hugo", cashier.id, "hash"), owner)
        assert taken == Refused(Refusal.NAME_TAKEN)
        with pytest.raises(UnknownIdError):
            add_staff(uow, ctx, NewStaff("ana", "Ana", new_id(), "hash"), owner)
        with pytest.raises(UnknownIdError):
            deactivate(uow, ctx, new_id(), owner)
        assert add_staff(uow, ctx, NewStaff("", "Ana", cashier.id, "hash"), owner) == Refused(
            Refusal.NAME_INVALID
        )


def test_what_is_not_granted_is_denied(
    database: InMemoryDatabase, ctx: ServiceContext, hasher: PlainTextHasher
) -> None:
    # row 9
    owner = made_owner(database, ctx, hasher)
    cashier = owner.within(CASHIER_PERMISSIONS)
    assert not cashier.may(Permission.VIEW_CONTACT)
    assert not cashier.may(Permission.EDIT_CONTACT)
    with pytest.raises(PermissionDeniedError):
        cashier.require(Permission.VIEW_CONTACT)
    assert not replace(owner, is_active=False).may(Permission.SELL)
