"""The staff's navigation: six subjects, and beneath the open one the pages that belong to it.

A new page is one line in the subject's function: what its key, address, name and hint are, and which
permissions open it (any of them is enough).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checkout.words import Words
from loyalty.domain.staff import Permission, StaffMember

P = Permission


@dataclass(frozen=True)
class Section:
    """An entry of the staff's navigation; ``permissions`` empty: for everybody who is signed in."""

    key: str
    path: str
    name: str
    hint: str
    permissions: tuple[Permission, ...] = ()

    def is_open_to(self, staff: StaffMember) -> bool:
        return not self.permissions or any(staff.may(each) for each in self.permissions)


@dataclass(frozen=True)
class SectionGroup:
    """One subject. Its first section is where its name leads."""

    key: str
    name: str
    sections: tuple[Section, ...]

    @property
    def path(self) -> str:
        return self.sections[0].path

    def holds(self, key: str) -> bool:
        """Whether the section of this key belongs here."""
        return any(each.key == key for each in self.sections)


def subjects_for(staff: StaffMember, words: Words) -> list[SectionGroup]:
    """What this staff member may open, by subject; a subject with nothing in it is left out."""
    subjects = (
        SectionGroup("counter", words.text("Counter"), tuple(_counter(words))),
        SectionGroup("customers", words.text("Customers"), tuple(_customers(words))),
        SectionGroup("programme", words.text("Loyalty"), tuple(_programme(words))),
        SectionGroup("reports", words.text("Reports"), tuple(_reports(words))),
        SectionGroup("shop", words.text("Shop"), tuple(_shop(words))),
        SectionGroup("equipment", words.text("Equipment"), tuple(_equipment(words))),
    )
    open_ones = [
        SectionGroup(each.key, each.name, tuple(inner for inner in each.sections if inner.is_open_to(staff)))
        for each in subjects
    ]
    return [each for each in open_ones if each.sections]


def section_keys(subjects: Sequence[SectionGroup]) -> set[str]:
    """Keys of all sections in these subjects."""
    return {section.key for each in subjects for section in each.sections}


def _counter(words: Words) -> Iterator[Section]:
    yield Section("lanes", "/lanes", words.text("Till"), words.text("Sell at a lane"), (P.SELL,))
    hint = words.text("Past sales: refund, void, receipts")
    yield Section("sales", "/sales", words.text("Sales"), hint, (P.SELL, P.VIEW_REPORTS))
    hint = words.text("What each lane took; closing the day")
    yield Section("day", "/day", words.text("The day"), hint, (P.VIEW_REPORTS, P.CLOSE_DAY))
    hint = words.text("Short slides: enrol, sell, reward, give back")
    yield Section("tutorial", "/tutorial", words.text("How it works"), hint, (P.SELL,))


def _customers(words: Words) -> Iterator[Section]:
    hint = words.text("Find, filter and open profiles")
    yield Section("customers", "/customers", words.text("Customers"), hint, (P.VIEW_CUSTOMERS,))
    hint = words.text("Smart groups, their discounts, who joined and left")
    yield Section("groups", "/groups", words.text("Groups"), hint, (P.VIEW_CUSTOMERS,))
    hint = words.text("Bring customers along from a spreadsheet or another system")
    yield Section("imports", "/customers/import", words.text("Import"), hint, (P.IMPORT_CUSTOMERS,))
    hint = words.text("Take customers along in a file")
    yield Section("exports", "/customers/export", words.text("Export"), hint, (P.EXPORT_CUSTOMERS,))
    hint = words.text("Profiles that may be one person")
    yield Section("duplicates", "/duplicates", words.text("Duplicates"), hint, (P.MERGE_CUSTOMERS,))
    hint = words.text("Add or take points of a member by hand")
    yield Section("points", "/points", words.text("Correct points"), hint, (P.ADJUST_POINTS,))


def _programme(words: Words) -> Iterator[Section]:
    hint = words.text("How points are earned, and the rewards")
    yield Section("programme", "/programme", words.text("Programme"), hint, (P.MANAGE_PROGRAMME,))
    hint = words.text("Extra points for a time")
    yield Section("promotions", "/promotions", words.text("Promotions"), hint, (P.MANAGE_PROGRAMME,))
    hint = words.text("What would this sale earn, and why?")
    yield Section("simulator", "/programme/try", words.text("Try a sale"), hint, (P.MANAGE_PROGRAMME,))
    hint = words.text("What goes to members, when, and what waits for you")
    yield Section("messages", "/messages", words.text("Messages"), hint, (P.MANAGE_MESSAGES,))


def _reports(words: Words) -> Iterator[Section]:
    hint = words.text("Every point, with its reason")
    yield Section("activity", "/activity", words.text("Activity"), hint, (P.VIEW_REPORTS,))
    hint = words.text("Visits, points and rewards by month")
    yield Section("reports", "/reports", words.text("Reports"), hint, (P.VIEW_REPORTS,))


def _shop(words: Words) -> Iterator[Section]:
    hint = words.text("What is sold, and for how much")
    yield Section("catalogue", "/catalogue", words.text("Catalogue"), hint, (P.MANAGE_CATALOGUE,))
    hint = words.text("What stands on them, and the printers")
    yield Section("receipts", "/receipt-settings", words.text("Receipts"), hint, (P.MANAGE_SHOP,))
    hint = words.text("Who adds customers, and what their screen asks")
    yield Section("checkout_settings", "/settings/checkout", words.text("Checkout"), hint, (P.MANAGE_SHOP,))
    hint = words.text("Which fields customers have, and their codes")
    yield Section("profile_settings", "/settings/profiles", words.text("Profiles"), hint, (P.MANAGE_SHOP,))
    hint = words.text("How long people are kept, and what they are told")
    yield Section("privacy", "/settings/privacy", words.text("Privacy"), hint, (P.MANAGE_SHOP,))
    hint = words.text("Who works here, and what they may do")
    yield Section("staff", "/staff", words.text("Staff"), hint, (P.MANAGE_STAFF,))
    hint = words.text("Who saw and changed what, and when")
    yield Section("audit", "/audit", words.text("Audit log"), hint, (P.VIEW_AUDIT,))
    hint = words.text("The last back-up, and how to get everything back")
    yield Section("backup", "/backup", words.text("Back-up"), hint, (P.ADJUST_POINTS,))


def _equipment(words: Words) -> Iterator[Section]:
    hint = words.text("Counter positions, their kiosks, training")
    yield Section("lane_settings", "/settings/lanes", words.text("Lanes"), hint, (P.MANAGE_DEVICES,))
    hint = words.text("Kiosks and scanners: how they are, and new ones")
    yield Section("devices", "/devices", words.text("Devices"), hint, (P.MANAGE_DEVICES,))
    hint = words.text("Colours, logo and words of the kiosks")
    yield Section("kiosk_look", "/settings/look", words.text("Customers’ screens"), hint, (P.MANAGE_SHOP,))
    hint = words.text("Codes to try scanners on, before customers come")
    yield Section("scanner_check", "/scanner-check", words.text("Scanners"), hint, (P.MANAGE_DEVICES,))
    hint = words.text("Open the till on tablets and phones, without a warning")
    yield Section("tablets", "/tablets", words.text("Tablets"), hint, (P.MANAGE_DEVICES,))
    hint = words.text("Tills of another make that sell beside a lane")
    yield Section("registers", "/settings/registers", words.text("Registers"), hint, (P.MANAGE_SHOP,))
    hint = words.text("Which release devices run, and how far an update is")
    yield Section("updates", "/updates", words.text("Updates"), hint, (P.MANAGE_DEVICES,))
    yield Section("health", "/health", words.text("Health"), words.text("Devices, messages and connections"))
