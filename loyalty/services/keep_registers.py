"""Registers beside the lanes: made, changed, given a new key, shut out; and who a key belongs to (row 195).

A key is shown once and stored hashed. A register acts under an account of its own, so that each of its
deeds has an author; nobody can sign in with that account.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.register import REGISTER_ROLE, Register
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from loyalty.services.tokens import TOKEN_BYTES, token_hash
from runtime.ids import new_id

MAX_NAME_CHARS = 60
USE_NOTED_EVERY = timedelta(minutes=1)
_KEY = re.compile(r"register_([0-9a-f]{32})_[A-Za-z0-9_-]{20,80}")
_CERTIFICATE = re.compile(r"s\d{4}\.pos-[a-z0-9]{1,24}")
_NOBODYS_HASH = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class RegisterDraft:
    """A register as somebody wants it; ``certificate`` empty: it does not speak MQTT."""

    name: str
    lane_ids: tuple[UUID, ...]
    certificate: str = ""
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class KeyMade:
    """A register with its new key, which nothing can show again."""

    register: Register
    key: str


def add_register(
    uow: UnitOfWork, ctx: ServiceContext, draft: RegisterDraft, staff: StaffMember
) -> KeyMade | Refused:
    """A new register with its first key.

    Refusals: ``name_invalid``, ``name_taken``, ``lane_unknown``, ``certificate_name_invalid``,
    ``certificate_name_taken``, ``permission_not_held``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    register_id, account_id = new_id(), new_id()
    fresh = Register(register_id, "", account_id, (), ctx.clock.now())
    kept = _as_drafted(uow, fresh, draft, staff)
    if isinstance(kept, Refused):
        return kept
    if all(role.id != REGISTER_ROLE.id for role in uow.staff.roles()):
        uow.staff.save_role(REGISTER_ROLE)
    # No password makes this hash, and the sign-in page takes no such login.
    uow.staff.add(StaffMember(account_id, f"register:{register_id}", kept.name, REGISTER_ROLE), "!")
    uow.registers.save(kept)
    _note(uow, ctx, staff, kept, AuditAction.REGISTER_ADDED, lanes=_numbers(uow, kept))
    return _with_new_key(uow, ctx, kept)


def change_register(
    uow: UnitOfWork, ctx: ServiceContext, register_id: UUID, draft: RegisterDraft, staff: StaffMember
) -> Register | Refused:
    """Another name, other lanes or rights; the key stays. Refusals as above, and ``register_unknown``."""
    staff.require(Permission.MANAGE_SHOP)
    before = _active(uow, register_id)
    kept = _as_drafted(uow, before, draft, staff) if isinstance(before, Register) else before
    if isinstance(kept, Refused):
        return kept
    uow.registers.save(kept)
    account = uow.staff.get(kept.staff_id)
    if account is not None and account.display_name != kept.name:
        uow.staff.save(replace(account, display_name=kept.name))
    _note(uow, ctx, staff, kept, AuditAction.REGISTER_CHANGED, lanes=_numbers(uow, kept))
    return kept


def make_new_key(
    uow: UnitOfWork, ctx: ServiceContext, register_id: UUID, staff: StaffMember
) -> KeyMade | Refused:
    """Another key; the one before opens nothing from here on.

    Refusals: ``register_unknown``, ``permission_not_held``.
    """
    staff.require(Permission.MANAGE_SHOP)
    found = _active(uow, register_id)
    if isinstance(found, Refused):
        return found
    if not staff.holds_all(found.permissions):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    made = _with_new_key(uow, ctx, found)
    _note(uow, ctx, staff, found, AuditAction.REGISTER_KEY_MADE)
    return made


def revoke_register(
    uow: UnitOfWork, ctx: ServiceContext, register_id: UUID, staff: StaffMember
) -> Register | Refused:
    """Shut it out for good, at once; what it recorded stays. Refused: ``register_unknown``."""
    staff.require(Permission.MANAGE_SHOP)
    found = _active(uow, register_id)
    if isinstance(found, Refused):
        return found
    gone = replace(found, revoked_at=ctx.clock.now(), key_made_at=None)
    uow.registers.save(gone)
    uow.registers.put_key_hash(gone.id, None)
    account = uow.staff.get(gone.staff_id)
    if account is not None:
        uow.staff.save(replace(account, is_active=False))
    _note(uow, ctx, staff, gone, AuditAction.REGISTER_REVOKED)
    return gone


def register_of_key(uow: UnitOfWork, key: str) -> Register | None:
    """Whose key it is; None for one that opens nothing. Compared in constant time."""
    shape = _KEY.fullmatch(key)
    register_id = UUID(shape.group(1)) if shape is not None else None
    stored = uow.registers.key_hash_of(register_id) if register_id is not None else None
    is_right = hmac.compare_digest(token_hash(key), stored or _NOBODYS_HASH)
    if register_id is None or stored is None or not is_right:
        return None
    found = uow.registers.get(register_id)
    return found if found is not None and found.is_active else None


def acting_register(uow: UnitOfWork, register_id: UUID) -> tuple[Register, StaffMember] | None:
    """The register and its account as they are in this transaction; None once it is shut out."""
    register = uow.registers.get(register_id)
    account = uow.staff.get(register.staff_id) if register is not None else None
    if register is None or account is None or not register.is_active:
        return None
    return register, register.acting(account)


def note_use(uow: UnitOfWork, ctx: ServiceContext, register_id: UUID) -> None:
    """When it was last heard, to the minute."""
    register, now = uow.registers.get(register_id), ctx.clock.now()
    if register is None:
        return
    if register.last_used_at is None or now - register.last_used_at >= USE_NOTED_EVERY:
        uow.registers.note_use(register_id, now)


def _with_new_key(uow: UnitOfWork, ctx: ServiceContext, register: Register) -> KeyMade:
    key = f"register_{register.id.hex}_{secrets.token_urlsafe(TOKEN_BYTES)}"
    dated = replace(register, key_made_at=ctx.clock.now())
    uow.registers.save(dated)
    uow.registers.put_key_hash(register.id, token_hash(key))
    return KeyMade(dated, key)


def _active(uow: UnitOfWork, register_id: UUID) -> Register | Refused:
    found = uow.registers.get(register_id)
    return found if found is not None and found.is_active else Refused(Refusal.REGISTER_UNKNOWN)


def _as_drafted(
    uow: UnitOfWork, register: Register, draft: RegisterDraft, staff: StaffMember
) -> Register | Refused:
    name = clean_line(draft.name, MAX_NAME_CHARS)
    if name is None:
        return Refused(Refusal.NAME_INVALID)
    others = [each for each in uow.registers.all() if each.is_active and each.id != register.id]
    if any(each.name.casefold() == name.casefold() for each in others):
        return Refused(Refusal.NAME_TAKEN)
    lanes = {lane.id for lane in uow.lanes.all() if lane.is_active}
    if not draft.lane_ids or not lanes.issuperset(draft.lane_ids):
        return Refused(Refusal.LANE_UNKNOWN)
    certificate = draft.certificate.strip().lower() or None
    if certificate is not None:
        store = shop_settings(uow).store
        if _CERTIFICATE.fullmatch(certificate) is None or not certificate.startswith(f"{store}."):
            return Refused(Refusal.CERTIFICATE_NAME_INVALID, {"store": store})
        holder = next((each for each in others if each.certificate == certificate), None)
        if holder is not None:
            return Refused(Refusal.CERTIFICATE_NAME_TAKEN, {"name": holder.name})
    kept = replace(
        register,
        name=name,
        lane_ids=tuple(sorted(set(draft.lane_ids))),
        certificate=certificate,
        confirms=draft.confirms,
    )
    return kept if staff.holds_all(kept.permissions) else Refused(Refusal.PERMISSION_NOT_HELD)


def _numbers(uow: UnitOfWork, register: Register) -> str:
    numbers = sorted(lane.number for lane in uow.lanes.all() if lane.id in register.lane_ids)
    return ", ".join(map(str, numbers))


def _note(
    uow: UnitOfWork,
    ctx: ServiceContext,
    staff: StaffMember,
    register: Register,
    action: AuditAction,
    **params: str,
) -> None:
    what = {"name": register.name, **params}
    note_deed(uow, ctx, staff, action=action, subject=f"register:{register.id}", params=what)
