"""What each permission means, in plain words, by subject, in the order in which a person reads a role."""

from dataclasses import dataclass

from checkout.words import Words
from loyalty.domain.staff import Permission, Role


@dataclass(frozen=True)
class PermissionText:
    """One permission as the roles' page names it; both are source texts."""

    permission: Permission
    title: str
    meaning: str


def _text(permission: Permission, title: str, meaning: str) -> PermissionText:
    return PermissionText(permission, title, meaning)


SUBJECTS: tuple[tuple[str, tuple[PermissionText, ...]], ...] = (
    (
        "At the till",
        (
            _text(Permission.SELL, "Sell", "Open sales, add items and take payment"),
            _text(Permission.VOID_SALE, "Void a sale", "Cancel a sale of the same day"),
            _text(Permission.REFUND_SALE, "Refund and exchange", "Give back money and take back the points"),
            _text(
                Permission.REDEEM_CONFIRM,
                "Confirm a reward",
                "Let a member use points who showed no card; the member is told",
            ),
            _text(
                Permission.IDENTIFY,
                "Say who a customer is",
                "After checking, which counts as much as a card",
            ),
            _text(Permission.GIVE_DISCOUNT, "Give a discount", "Take something off a price by hand"),
        ),
    ),
    (
        "Customers",
        (
            _text(Permission.VIEW_CUSTOMERS, "See customers", "Names and visits, contact details masked"),
            _text(
                Permission.VIEW_CONTACT,
                "See contact details",
                "Phone numbers, e-mail and postal addresses in full",
            ),
            _text(Permission.CREATE_CUSTOMERS, "Create customers", "Add a profile and enrol somebody"),
            _text(
                Permission.EDIT_CUSTOMERS,
                "Edit profiles",
                "Name, birthday, reference, preferences, the shop’s own fields",
            ),
            _text(
                Permission.EDIT_CONTACT,
                "Edit contact details",
                "Phone numbers, e-mail and postal addresses",
            ),
            _text(Permission.EDIT_NOTES, "Write notes", "Notes on profiles, and files attached to them"),
            _text(Permission.MANAGE_GROUPS, "Manage groups", "Make groups and say who is in them"),
            _text(Permission.MERGE_CUSTOMERS, "Merge duplicates", "Make one profile of two, and undo it"),
        ),
    ),
    (
        "The whole directory",
        (
            _text(Permission.IMPORT_CUSTOMERS, "Import", "Add many customers from a file"),
            _text(Permission.EXPORT_CUSTOMERS, "Export", "Take customers out as a file"),
            _text(Permission.ERASE_CUSTOMERS, "Erase a person", "Forget somebody for good; totals stay"),
        ),
    ),
    (
        "Points and rewards",
        (
            _text(
                Permission.MANAGE_PROGRAMME,
                "Manage the programme",
                "How points are earned, rewards, promotions",
            ),
            _text(Permission.ADJUST_POINTS, "Correct points", "Add, take and move points by hand"),
            _text(
                Permission.VIEW_REPORTS, "See activity and reports", "Every point and the figures by month"
            ),
        ),
    ),
    (
        "The shop",
        (
            _text(Permission.MANAGE_CATALOGUE, "Manage the catalogue", "Items, categories and prices"),
            _text(
                Permission.MANAGE_MESSAGES,
                "Decide on messages",
                "When nobody knows whether one went out",
            ),
            _text(Permission.MANAGE_DEVICES, "Manage devices", "Kiosks, scanners and lanes"),
            _text(
                Permission.MANAGE_SHOP,
                "Change the shop’s settings",
                "Privacy, notices and all that is not elsewhere",
            ),
            _text(Permission.MANAGE_STAFF, "Manage staff", "Accounts and roles, within one’s own rights"),
            _text(Permission.VIEW_AUDIT, "Read the audit log", "Who saw and changed what, and when"),
        ),
    ),
)

ROLE_NAMES = {"owner": "Owner", "manager": "Manager", "cashier": "Cashier"}
"""Names of the first roles, which read in the language of the page until the shop names them itself."""


def role_name(role: Role, words: Words) -> str:
    source = ROLE_NAMES.get(role.name)
    return words.text(source) if source is not None else role.name


def permission_title(permission: Permission, words: Words) -> str:
    """Its name on the page."""
    found = next(each for _, texts in SUBJECTS for each in texts if each.permission is permission)
    return words.text(found.title)
