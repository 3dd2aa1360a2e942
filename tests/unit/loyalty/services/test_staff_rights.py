"""Who may change whose rights: the owner's role stays whole, nobody gives what they do not hold."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import (
    CASHIER_PERMISSIONS,
    MANAGER_PERMISSIONS,
    Permission,
    Role,
    StaffMember,
)
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.claim import first_roles
from loyalty.services.context import ServiceContext
from loyalty.services.roles import RoleDraft, delete_role, save_role
from loyalty.services.sign_in import session_of, start_session
from loyalty.services.staff_accounts import (
    NewStaff,
    activate,
    add_staff,
    change_role,
    deactivate,
    end_session,
    give_password,
    link_customer,
)
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, Counter

NOT_HELD = Refused(Refusal.PERMISSION_NOT_HELD)
KEEPER = frozenset({Permission.SELL, Permission.MANAGE_STAFF, Permission.VIEW_CUSTOMERS})


def person(uow: UnitOfWork, name: str, role: Role) -> StaffMember:
    uow.staff.save_role(role)
    made = StaffMember(new_id(), name, name.title(), role)
    uow.staff.add(made, "hash")
    return made


def owner_of(uow: UnitOfWork) -> StaffMember:
    return person(uow, "lucie", first_roles(uow))


def keeper_of(uow: UnitOfWork) -> StaffMember:
    return person(uow, "karim", Role(new_id(), "keeper", KEEPER))


def role_named(uow: UnitOfWork, name: str) -> Role:
    return next(role for role in uow.staff.roles() if role.name == name)


def actions(uow: UnitOfWork, subject: str) -> list[AuditAction]:
    return [entry.action for entry in uow.audit.of_subject(subject)]


def test_the_owners_role_holds_what_a_later_version_adds() -> None:
    # part of row 74
    old = Role(new_id(), "owner", frozenset({Permission.SELL}), is_owner=True)
    assert old.permissions == frozenset(Permission)
    assert Role(new_id(), "boss", frozenset({Permission.SELL})).permissions == {Permission.SELL}


def test_a_shop_starts_with_an_owner_a_manager_and_a_cashier(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    # row 9
    with database.unit_of_work() as uow:
        first_roles(uow)
        found = {role.name: role.permissions for role in uow.staff.roles()}
    assert found == {
        "owner": frozenset(Permission),
        "manager": MANAGER_PERMISSIONS,
        "cashier": CASHIER_PERMISSIONS,
    }
    assert Permission.VIEW_CONTACT not in CASHIER_PERMISSIONS
    assert not MANAGER_PERMISSIONS & {Permission.MANAGE_STAFF, Permission.EXPORT_CUSTOMERS}


def test_the_owners_role_is_neither_changed_nor_deleted(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        draft = RoleDraft(owner.role.id, "small", frozenset({Permission.SELL}))
        assert save_role(uow, ctx, draft, owner) == Refused(Refusal.ROLE_OF_OWNER)
        assert delete_role(uow, ctx, owner.role.id, owner) == Refused(Refusal.ROLE_OF_OWNER)


def test_the_last_owner_is_neither_shut_out_nor_demoted(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        cashier = role_named(uow, "cashier")
        assert deactivate(uow, ctx, owner.id, owner) == Refused(Refusal.LAST_OWNER)
        assert change_role(uow, ctx, owner.id, cashier.id, owner) == Refused(Refusal.LAST_OWNER)
        second = add_staff(uow, ctx, NewStaff("ana", "Ana", owner.role.id, "hash"), owner)
        assert isinstance(second, StaffMember)
        assert deactivate(uow, ctx, second.id, owner)
        assert deactivate(uow, ctx, owner.id, owner) == Refused(Refusal.LAST_OWNER)
        assert activate(uow, ctx, second.id, owner)
        assert change_role(uow, ctx, owner.id, cashier.id, owner)
        assert actions(uow, f"staff:{second.id}") == [
            AuditAction.STAFF_ADDED,
            AuditAction.STAFF_DEACTIVATED,
            AuditAction.STAFF_ACTIVATED,
        ]


def test_nobody_raises_themselves_or_takes_over_a_stronger_account(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    # part of row 74
    with database.unit_of_work() as uow:
        owner, keeper = owner_of(uow), keeper_of(uow)
        manager = role_named(uow, "manager")
        more = RoleDraft(keeper.role.id, "keeper", KEEPER | {Permission.VIEW_CONTACT})
        assert save_role(uow, ctx, more, keeper) == NOT_HELD
        assert (
            save_role(uow, ctx, RoleDraft(None, "spy", frozenset({Permission.VIEW_CONTACT})), keeper)
            == NOT_HELD
        )
        assert save_role(uow, ctx, RoleDraft(manager.id, "manager", frozenset()), keeper) == NOT_HELD
        assert delete_role(uow, ctx, manager.id, keeper) == NOT_HELD
        assert change_role(uow, ctx, keeper.id, owner.role.id, keeper) == NOT_HELD
        assert add_staff(uow, ctx, NewStaff("eve", "Eve", manager.id, "hash"), keeper) == NOT_HELD
        assert give_password(uow, ctx, owner.id, "stolen", keeper) == NOT_HELD
        assert deactivate(uow, ctx, owner.id, keeper) == NOT_HELD
        assert end_session(uow, ctx, owner.id, None, keeper) == NOT_HELD
        assert link_customer(uow, ctx, owner.id, None, keeper) == NOT_HELD
        assert uow.staff.by_login("lucie") == (owner, "hash")
        assert list(uow.audit.of_subject(f"staff:{owner.id}")) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    held=st.frozensets(st.sampled_from(Permission)),
    before=st.frozensets(st.sampled_from(Permission)),
    wanted=st.frozensets(st.sampled_from(Permission)),
)
def test_a_role_never_gains_or_loses_what_its_editor_does_not_hold(
    ctx: ServiceContext,
    held: frozenset[Permission],
    before: frozenset[Permission],
    wanted: frozenset[Permission],
) -> None:
    with InMemoryDatabase().unit_of_work() as uow:
        editor = person(uow, "karim", Role(new_id(), "editor", held | {Permission.MANAGE_STAFF}))
        role = Role(new_id(), "role", before)
        uow.staff.save_role(role)
        save_role(uow, ctx, RoleDraft(role.id, "role", wanted), editor)
        now = role_named(uow, "role").permissions
        assert now ^ before <= editor.role.permissions


def test_a_role_is_made_copied_changed_and_deleted_when_nobody_has_it(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    # rows 8, 10, 75
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        desk = save_role(uow, ctx, RoleDraft(None, " Front desk ", CASHIER_PERMISSIONS), owner)
        assert isinstance(desk, Role)
        assert desk.name == "Front desk"
        hugo = add_staff(uow, ctx, NewStaff("hugo", "Hugo", desk.id, "hash"), owner)
        assert isinstance(hugo, StaffMember)
        token = start_session(uow, ctx, hugo).token
        wider = CASHIER_PERMISSIONS - {Permission.CREATE_CUSTOMERS} | {
            Permission.VIEW_CONTACT,
            Permission.EDIT_CONTACT,
        }
        assert save_role(uow, ctx, RoleDraft(desk.id, "Front desk", wider), owner)
        found = session_of(uow, ctx, token)
        assert found is not None
        assert found[1].may(Permission.EDIT_CONTACT)
        assert delete_role(uow, ctx, desk.id, owner) == Refused(Refusal.ROLE_IN_USE, {"count": 1})
        assert change_role(uow, ctx, hugo.id, role_named(uow, "cashier").id, owner)
        assert delete_role(uow, ctx, desk.id, owner) is None
        params = [dict(entry.params) for entry in uow.audit.of_subject(f"role:{desk.id}")]
        assert params[1] == {
            "name": "Front desk",
            "added": "edit_contact, view_contact",
            "removed": "create_customers",
        }
        assert params[2] == {"name": "Front desk"}


def test_names_of_roles_are_one_line_and_each_stands_once(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        blank = save_role(uow, ctx, RoleDraft(None, "\u202e \n", frozenset()), owner)
        assert blank == Refused(Refusal.NAME_INVALID)
        again = save_role(uow, ctx, RoleDraft(None, "MANAGER", frozenset()), owner)
        assert again == Refused(Refusal.NAME_TAKEN)
        with pytest.raises(UnknownIdError):
            save_role(uow, ctx, RoleDraft(new_id(), "x", frozenset()), owner)
        with pytest.raises(PermissionDeniedError):
            save_role(uow, ctx, RoleDraft(None, "x", frozenset()), owner.within(CASHIER_PERMISSIONS))


def test_a_given_password_ends_sessions_and_opens_the_lock(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        hugo = person(uow, "hugo", role_named(uow, "cashier"))
        token = start_session(uow, ctx, hugo).token
        uow.attempts.add("login:hugo", ctx.clock.now())
        assert give_password(uow, ctx, hugo.id, "new hash", owner)
        assert session_of(uow, ctx, token) is None
        assert uow.staff.by_login("hugo") == (hugo, "new hash")
        assert actions(uow, f"staff:{hugo.id}") == [AuditAction.STAFF_PASSWORD_SET]


def test_one_session_or_all_are_ended_but_never_somebody_elses(
    database: InMemoryDatabase, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        owner = owner_of(uow)
        hugo = person(uow, "hugo", role_named(uow, "cashier"))
        first, second, third = (start_session(uow, ctx, hugo) for _ in range(3))
        own = start_session(uow, ctx, owner)
        assert end_session(uow, ctx, hugo.id, first.session.id, owner) is None
        assert end_session(uow, ctx, hugo.id, own.session.id, owner) is None
        assert session_of(uow, ctx, first.token) is None
        assert session_of(uow, ctx, own.token) is not None
        assert end_session(uow, ctx, hugo.id, None, owner) is None
        assert session_of(uow, ctx, second.token) is None
        assert session_of(uow, ctx, third.token) is None


def test_somebody_is_said_to_be_a_customer_and_cannot_undo_it_themselves(shop: Counter) -> None:
    # part of row 206
    uow, ctx, owner = shop.uow, shop.ctx, shop.staff
    customer_id = shop.member(CAMILLE).customer.id
    assert link_customer(uow, ctx, owner.id, new_id(), owner) == Refused(Refusal.CUSTOMER_UNKNOWN)
    assert link_customer(uow, ctx, owner.id, customer_id, owner) is None
    assert link_customer(uow, ctx, owner.id, None, owner) == Refused(Refusal.OWN_ACCOUNT)
    assert uow.staff.customer_of(owner.id) == customer_id
    assert link_customer(uow, ctx, shop.cashier.id, customer_id, owner) is None
    assert link_customer(uow, ctx, shop.cashier.id, None, owner) is None
    assert uow.staff.customer_of(shop.cashier.id) is None
    assert actions(uow, f"staff:{shop.cashier.id}") == [AuditAction.STAFF_LINKED, AuditAction.STAFF_UNLINKED]
