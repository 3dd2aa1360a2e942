"""Another register beside a lane: it sells and takes the payment, the lane records (row 195)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.accrual import AmountRule, TaxMode, VisitRule
from loyalty.domain.programme import ProgrammeVersion
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission, Role, StaffMember

REGISTER_ITEM_ID = UUID("5e9157e2-0000-7000-8000-000000000001")
"""The archived item that stands for whatever a register sold and did not name."""
MAX_STATED_LINES = 200
MAX_STATED_NAME_CHARS = 100
REGISTER_ROLE = Role(UUID("5e9157e2-0000-7000-8000-000000000002"), "register:account", frozenset())
"""Of the accounts that registers' deeds are noted under: whoever signed in with one could do nothing."""
REGISTER_PERMISSIONS = frozenset({Permission.SELL, Permission.REFUND_SALE, Permission.VOID_SALE})
"""What every register may do, in its lanes only."""
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a register may call a sale or a refund: safe in addresses and topics."""


@dataclass(frozen=True, slots=True)
class StatedLine:
    """So many of something that the register sold, at its price.

    The price holds the taxes or not as :func:`stated_tax_mode` says. ``barcode`` finds the item of the
    catalogue where it is one, so that rules and rewards by item and by category see it.
    """

    name: str
    unit_price_minor: int
    quantity: int = 1
    barcode: str | None = None


def stated_tax_mode(programme: ProgrammeVersion | None) -> TaxMode:
    """Whether a register states amounts before or with tax: the way in which the programme counts them."""
    if programme is not None and isinstance(programme.accrual, AmountRule | VisitRule):
        return programme.accrual.tax_mode
    return TaxMode.AFTER_TAX


def completion_key_of(sale: Sale) -> str:
    """One key for one sale of the register, whether a person or the register itself says that it is paid."""
    return f"register:{sale.register_reference}" if sale.register_reference is not None else str(sale.id)


@dataclass(frozen=True, slots=True)
class Register:
    """A till of somebody else that states its sales and says when they are paid, by itself."""

    id: UUID
    name: str
    staff_id: UUID
    """The account that its deeds are noted under."""
    lane_ids: tuple[UUID, ...]
    created_at: datetime
    confirms: bool = False
    """Its cashiers may confirm rewards and proposed discounts for somebody whom nothing proves."""
    certificate: str | None = None
    """Name on its certificate, where it speaks MQTT: ``s0001.pos-front``."""
    key_made_at: datetime | None = None
    """When its key was made; None where it has none (any more)."""
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it may do."""
        return REGISTER_PERMISSIONS | ({Permission.REDEEM_CONFIRM} if self.confirms else frozenset())

    def acting(self, account: StaffMember) -> StaffMember:
        """Its account with what a register may do; never to be stored."""
        role = replace(account.role, permissions=self.permissions)
        return replace(account, role=role, is_active=account.is_active and self.is_active)

    def full_reference(self, reference: str) -> str:
        """What the shop calls a sale of this register: two registers may both have a sale 1."""
        return f"{self.id}:{reference}"

    def own_reference(self, full: str | None) -> str | None:
        """What the register calls a sale; None for a sale of another one."""
        owner, _, reference = (full or "").partition(":")
        return reference if owner == str(self.id) else None
