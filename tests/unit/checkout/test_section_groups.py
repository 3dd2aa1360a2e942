"""The staff's navigation by subject."""

from checkout.web.section_groups import Section, grouped
from checkout.words import words_for


def section(key: str) -> Section:
    return Section(key, f"/{key}", key, "")


def test_sections_stand_under_their_subject_and_unknown_ones_under_the_shop() -> None:
    found = grouped(
        [section(key) for key in ("home", "lanes", "promotions", "staff", "day")], words_for("en")
    )
    assert [(each.key, [inner.key for inner in each.sections]) for each in found] == [
        ("counter", ["lanes", "day"]),
        ("programme", ["promotions"]),
        ("shop", ["staff"]),
    ]
    assert found[0].path == "/lanes"
    assert found[0].holds("day")
    assert not found[1].holds("day")


def test_who_may_open_nothing_sees_no_subject() -> None:
    assert grouped([section("home")], words_for("fr")) == []
