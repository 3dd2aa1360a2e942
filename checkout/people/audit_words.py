"""The audit log in words: what was done, and to what. No contact data is in it."""

from collections.abc import Mapping

from checkout.words import Words
from loyalty.domain.audit import AuditAction

ACTION_TEXTS: Mapping[AuditAction, str] = {
    AuditAction.CUSTOMERS_IMPORTED: "Customers imported",
    AuditAction.CUSTOMERS_EXPORTED: "Customers exported",
    AuditAction.POINTS_ADJUSTED: "Points corrected",
    AuditAction.POINTS_MOVED: "Points moved",
    AuditAction.OPENING_BALANCE: "Opening balance booked",
    AuditAction.SALE_REFUNDED: "Sale refunded",
    AuditAction.MEMBER_ATTACHED_LATE: "Member put on a past sale",
    AuditAction.PROGRAMME_PUBLISHED: "Programme published",
    AuditAction.DRAFT_DISCARDED: "Draft thrown away",
    AuditAction.PROMOTION_ADDED: "Promotion made",
    AuditAction.PROMOTION_CANCELLED: "Promotion cancelled",
    AuditAction.CARD_LINKED: "Payment card linked",
    AuditAction.CARD_UNLINKED: "Payment card unlinked",
    AuditAction.REDEEMED_AWAY: "Rewards given while the station was away",
    AuditAction.PERSON_ERASED: "Person erased",
    AuditAction.DAY_CLOSED: "Day closed",
    AuditAction.SETTINGS_CHANGED: "Settings changed",
    AuditAction.PERSON_EXPORTED: "Copy of a person’s data made",
    AuditAction.CONSENT_RECORDED: "Consent written down",
    AuditAction.INCIDENT_NOTED: "Incident noted",
    AuditAction.BACKUP_RESTORED: "Back-up restored",
    AuditAction.BALANCES_CONFIRMED: "Balances confirmed after a restore",
    AuditAction.SIGNED_IN: "Signed in",
    AuditAction.SIGN_IN_FAILED: "Sign-in failed",
    AuditAction.SIGNED_OUT: "Signed out",
    AuditAction.PIN_SET: "PIN set",
    AuditAction.PIN_REMOVED: "PIN taken away",
    AuditAction.STAFF_ADDED: "Staff account made",
    AuditAction.STAFF_ROLE_CHANGED: "Role given",
    AuditAction.STAFF_DEACTIVATED: "Staff account shut",
    AuditAction.STAFF_ACTIVATED: "Staff account opened again",
    AuditAction.STAFF_PASSWORD_SET: "New password given",
    AuditAction.STAFF_LINKED: "Staff linked to a customer",
    AuditAction.STAFF_UNLINKED: "Link of staff to a customer undone",
    AuditAction.STAFF_SESSIONS_ENDED: "Sessions ended",
    AuditAction.ROLE_SAVED: "Role changed",
    AuditAction.ROLE_DELETED: "Role deleted",
    AuditAction.GROUP_ADDED: "Group made",
    AuditAction.GROUP_CHANGED: "Group changed",
    AuditAction.GROUP_ARCHIVED: "Group deleted",
    AuditAction.ITEM_ADDED: "Item added",
    AuditAction.ITEM_CHANGED: "Item changed",
    AuditAction.ITEM_ARCHIVED: "Item archived",
    AuditAction.ITEM_RESTORED: "Item restored",
    AuditAction.CATEGORY_CHANGED: "Category changed",
    AuditAction.CATEGORY_REMOVED: "Category removed",
    AuditAction.TAX_CHANGED: "Tax changed",
    AuditAction.TAX_REMOVED: "Tax removed",
    AuditAction.CUSTOMER_CREATED: "Customer added",
    AuditAction.CUSTOMER_CHANGED: "Profile changed",
    AuditAction.CUSTOMER_SEEN: "Contact details seen",
    AuditAction.NOTE_REMOVED: "Note removed",
    AuditAction.FILE_ADDED: "File attached",
    AuditAction.FILE_OPENED: "File opened",
    AuditAction.FILE_REMOVED: "File removed",
    AuditAction.CARDS_PRINTED: "Membership cards printed",
    AuditAction.MEMBERSHIP_CARD_REPLACED: "Membership card replaced",
    AuditAction.CUSTOM_FIELD_CHANGED: "Field of the shop changed",
    AuditAction.CUSTOMERS_MERGED: "Profiles merged",
    AuditAction.MERGE_UNDONE: "Merge undone",
    AuditAction.DUPLICATE_DENIED: "Said not to be the same person",
    AuditAction.PHONE_CHANGED: "Phone number changed",
    AuditAction.LANE_CHANGED: "Lane changed",
    AuditAction.REGISTER_ADDED: "Register added",
    AuditAction.REGISTER_CHANGED: "Register changed",
    AuditAction.REGISTER_KEY_MADE: "Key of a register made",
    AuditAction.REGISTER_REVOKED: "Register shut out",
    AuditAction.UPDATE_DECIDED: "Update decided",
    AuditAction.DEVICE_LOOKED_AT: "Device looked at from afar",
    AuditAction.RECEIPT_SENT: "Receipt sent",
}
SUBJECT_TEXTS: Mapping[str, str] = {
    "customer": "Customer",
    "customers": "Customers",
    "field": "Field of the shop",
    "account": "Account",
    "sale": "Sale",
    "staff": "Staff member",
    "role": "Role",
    "incident": "Incident",
    "item": "Item",
    "category": "Category",
    "tax": "Tax",
    "group": "Group",
    "messages": "Messages",
    "shop": "Shop",
    "settings": "Settings",
    "programme": "Programme",
    "promotion": "Promotion",
    "import": "Import of a file",
    "lane": "Lane",
    "register": "Register",
    "rollout": "Update",
    "device": "Device",
}
_PLACES: Mapping[str, str] = {
    "settings:privacy": "Privacy",
    "settings:checkout": "Checkout",
    "settings:look": "Customers’ screens",
    "settings:labels": "Labels of scales",
    "programme:settings": "Gifts, reminders and reports of the unusual",
    "messages:sending": "Hours and limits of messages",
    "export:customers": "Customers",
}
"""Subjects that there is one of."""


def action_text(action: AuditAction, words: Words) -> str:
    """A deed that this table does not know yet reads as its code, so that nothing is hidden."""
    source = ACTION_TEXTS.get(action)
    return words.text(source) if source is not None else action.value


def place(subject: str, words: Words) -> str | None:
    """The name of something that there is one of, as a page of settings; None for everything else."""
    source = _PLACES.get(subject)
    return words.text(source) if source is not None else None


def subject_noun(subject: str, words: Words) -> str:
    noun = subject.partition(":")[0]
    source = SUBJECT_TEXTS.get(noun)
    return words.text(source) if source is not None else noun
