"""Staff: permissions, roles made of them, sessions. What is not granted is denied."""

from dataclasses import dataclass
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
    VIEW_REPORTS = "view_reports"
    VIEW_AUDIT = "view_audit"
    """Read who saw and changed what."""


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions."""

    id: UUID
    name: str
    permissions: frozenset[Permission]


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


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in browser. Only the hash of its token is stored."""

    id: UUID
    staff_id: UUID
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


OWNER_PERMISSIONS = frozenset(Permission)
CASHIER_PERMISSIONS = frozenset(
    {Permission.SELL, Permission.REDEEM_CONFIRM, Permission.VIEW_CUSTOMERS, Permission.CREATE_CUSTOMERS}
)
"""A new till role: sells and confirms, sees no contact details (row 9)."""
