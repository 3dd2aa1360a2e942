"""The first owner: whoever has the one-time token printed at the machine (row 213)."""

from dataclasses import dataclass
from datetime import timedelta

from loyalty.domain.staff import (
    CASHIER_PERMISSIONS,
    MANAGER_PERMISSIONS,
    OWNER_PERMISSIONS,
    Role,
    StaffMember,
)
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.password_hasher import PasswordHasher
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.tokens import new_token, token_hash
from runtime.ids import new_id

MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 200
MAX_LOGIN_CHARS = 60
OWNER_ROLE = "owner"
MANAGER_ROLE = "manager"
CASHIER_ROLE = "cashier"
PRESETS = {
    OWNER_ROLE: OWNER_PERMISSIONS,
    MANAGER_ROLE: MANAGER_PERMISSIONS,
    CASHIER_ROLE: CASHIER_PERMISSIONS,
}
"""The roles that a new shop has; all but the owner's are the shop's to change."""
CLAIM_HOLDS = timedelta(hours=1)
"""A claim that nobody used lies in a terminal's memory; it must not make an owner months later."""


@dataclass(frozen=True, slots=True)
class OwnerClaim:
    """What the first owner fills in."""

    token: str
    login: str
    display_name: str
    password: str


def open_claim(uow: UnitOfWork, ctx: ServiceContext) -> str | Refused:
    """A new one-time token for the next hour; an earlier one is void.

    Refused once there is staff: ``claim_already_made``.
    """
    if uow.staff.all():
        return Refused(Refusal.CLAIM_ALREADY_MADE)
    token = new_token()
    uow.claims.put(token_hash(token), ctx.clock.now())
    return token


def claim_owner(
    open_unit: UnitOfWorkFactory, ctx: ServiceContext, hasher: PasswordHasher, claim: OwnerClaim
) -> StaffMember | Refused:
    """Make the owner account and the first roles; uses the token up and commits."""
    login, name = clean_login(claim.login), clean_line(claim.display_name, MAX_LOGIN_CHARS)
    if login is None or name is None:
        return Refused(Refusal.NAME_INVALID)
    if not MIN_PASSWORD_CHARS <= len(claim.password) <= MAX_PASSWORD_CHARS:
        return Refused(Refusal.PASSWORD_TOO_SHORT, {"min": MIN_PASSWORD_CHARS})
    password_hash = hasher.hash(claim.password)
    with open_unit() as uow:
        if not uow.claims.take(token_hash(claim.token), ctx.clock.now() - CLAIM_HOLDS):
            return Refused(Refusal.CLAIM_WRONG)
        if uow.staff.all():
            return Refused(Refusal.CLAIM_ALREADY_MADE)
        owner = StaffMember(new_id(), login, name, first_roles(uow))
        uow.staff.add(owner, password_hash)
        uow.commit()
    return owner


def first_roles(uow: UnitOfWork) -> Role:
    """Store the roles that every shop starts with; returns the owner's."""
    there = {role.name: role for role in uow.staff.roles()}
    for name, permissions in PRESETS.items():
        if name not in there:
            there[name] = Role(new_id(), name, permissions, is_owner=name == OWNER_ROLE)
            uow.staff.save_role(there[name])
    return there[OWNER_ROLE]


def clean_login(login: str) -> str | None:
    """The login as it is stored and looked up: one line, lower case."""
    line = clean_line(login, MAX_LOGIN_CHARS)
    return line.lower() if line is not None else None
