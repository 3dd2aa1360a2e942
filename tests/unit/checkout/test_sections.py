"""The staff's navigation by subject."""

from checkout.web.sections import section_keys, subjects_for
from checkout.words import words_for
from loyalty.domain.staff import OWNER_PERMISSIONS, Permission, Role, StaffMember
from runtime.ids import new_id


def who(*permissions: Permission) -> StaffMember:
    return StaffMember(new_id(), "vera", "Vera", Role(new_id(), "role", frozenset(permissions)))


def test_a_subject_leads_to_the_first_page_that_its_reader_may_open() -> None:
    # part of row 74
    found = subjects_for(who(Permission.VIEW_REPORTS), words_for("en"))
    assert {each.key: each.path for each in found} == {
        "counter": "/sales",
        "reports": "/activity",
        "equipment": "/health",
    }
    assert found[0].holds("day")
    assert not found[0].holds("lanes")


def test_who_holds_nothing_sees_the_health_of_the_counter_alone() -> None:
    assert section_keys(subjects_for(who(), words_for("fr"))) == {"health"}


def test_no_page_is_listed_twice() -> None:
    subjects = subjects_for(who(*OWNER_PERMISSIONS), words_for("fr"))
    paths = [section.path for each in subjects for section in each.sections]
    assert len(paths) == len(set(paths)) == len(section_keys(subjects))
