"""Staff: permissions, roles made of them, sessions. What is not granted is denied."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.errors import PermissionDeniedError


class Permission(StrEnum):
    """What a role may allow."""

    SELL = "sell"
    VOID_SALE = "void_sale"
    REDEEM_CONFIRM = "redeem_confirm"
    """Confirm a redemption or a proposed discount for a member whose trust does not reach."""
    IDENTIFY = "identify"
    """Say who a customer is after checking, which counts as proof."""
    VIEW_CUSTOMERS = "view_customers"
    VIEW_CONTACT = "view_contact"
    EDIT_CONTACT = "edit_contact"
    CREATE_CUSTOMERS = "create_customers"
    EDIT_CUSTOMERS = "edit_customers"
    """Change what is no contact detail: name, birthday, reference, preferences, the shop's own fields."""
    EDIT_NOTES = "edit_notes"
    """Write notes on profiles and attach files to them."""
    MERGE_CUSTOMERS = "merge_customers"
    ERASE_CUSTOMERS = "erase_customers"
    """Forget a person (row 176)."""
    IMPORT_CUSTOMERS = "import_customers"
    EXPORT_CUSTOMERS = "export_customers"
    MANAGE_GROUPS = "manage_groups"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_PROGRAMME = "manage_programme"
    MANAGE_STAFF = "manage_staff"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_SHOP = "manage_shop"
    MANAGE_MESSAGES = "manage_messages"
    """Decide on messages of which nobody knows whether they went out."""
    GIVE_DISCOUNT = "give_discount"
    REFUND_SALE = "refund_sale"
    ADJUST_POINTS = "adjust_points"
    """Add and take points by hand, and move them to another account (rows 181, 199)."""
    CLOSE_DAY = "close_day"
    """Count a lane's drawer and close its day."""
    VIEW_REPORTS = "view_reports"
    VIEW_AUDIT = "view_audit"
    """Read who saw and changed what."""


OWNER_PERMISSIONS = frozenset(Permission)
CASHIER_PERMISSIONS = frozenset(
    {Permission.SELL, Permission.REDEEM_CONFIRM, Permission.VIEW_CUSTOMERS, Permission.CREATE_CUSTOMERS}
)
"""A new till role: sells and confirms, sees no contact details (row 9)."""
MANAGER_PERMISSIONS = OWNER_PERMISSIONS - {
    Permission.MANAGE_STAFF,
    Permission.MANAGE_SHOP,
    Permission.MANAGE_DEVICES,
    Permission.VIEW_AUDIT,
    Permission.IMPORT_CUSTOMERS,
    Permission.EXPORT_CUSTOMERS,
    Permission.ERASE_CUSTOMERS,
}
"""Runs the shop from day to day; people who work there, devices and the whole directory stay the owner's."""
PIN_PERMISSIONS = frozenset(
    {
        Permission.SELL,
        Permission.VOID_SALE,
        Permission.REDEEM_CONFIRM,
        Permission.IDENTIFY,
        Permission.VIEW_CUSTOMERS,
        Permission.VIEW_CONTACT,
        Permission.CREATE_CUSTOMERS,
        Permission.GIVE_DISCOUNT,
        Permission.REFUND_SALE,
    }
)
"""All that a session begun with a PIN may do, whatever the role allows: what happens at a till (row 213)."""


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions.

    The owner's is the system's own: it holds every permission, those of later versions too.
    """

    id: UUID
    name: str
    permissions: frozenset[Permission]
    is_owner: bool = False

    def __post_init__(self) -> None:
        if self.is_owner:
            object.__setattr__(self, "permissions", OWNER_PERMISSIONS)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who signs in, with what their role allows."""

    id: UUID
    login: str
    display_name: str
    role: Role
    is_active: bool = True

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in self.role.permissions

    def require(self, permission: Permission) -> None:
        """Go on only with the permission.

        Raises:
            PermissionDeniedError: The role does not hold it.
        """
        if not self.may(permission):
            raise PermissionDeniedError(f"{permission.value} is not granted", permission=permission.value)

    def holds_all(self, permissions: Collection[Permission]) -> bool:
        """Whether everything of these is theirs, so that they may give it to others or take it away."""
        return all(self.may(permission) for permission in permissions)

    def within(self, permissions: frozenset[Permission]) -> "StaffMember":
        """The same person with nothing beyond these permissions; never to be stored."""
        kept = Role(self.role.id, self.role.name, self.role.permissions & permissions)
        return replace(self, role=kept)


@dataclass(frozen=True, slots=True)
class StoredPin:
    """The hash of a till PIN, and how often in a row it was typed wrongly."""

    pin_hash: str
    failures: int = 0


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in browser. Only the hash of its token is stored."""

    id: UUID
    staff_id: UUID
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    is_by_pin: bool = False
    """Begun with a PIN at a till: it holds no more than :data:`PIN_PERMISSIONS`."""
