import pytest

from loyalty.adapters.wording import PlainWording
from loyalty.domain.message import MessageKind

WORDS: dict[str, int | str] = {"shop": "Maison Lumen", "points_one": "grain", "points_many": "grains"}


@pytest.mark.parametrize(
    ("language", "points", "text"),
    [
        ("fr", 1, "Maison Lumen : +1 grain. Solde : 0 grain."),
        ("fr-CA", 2, "Maison Lumen : +2 grains. Solde : 0 grain."),
        ("en", 1, "Maison Lumen: +1 grain. Balance: 0 grains."),
        ("es", 2, "Maison Lumen: +2 grains. Saldo: 0 grains."),
        ("ar", 2, "Maison Lumen: +2 grains. Balance: 0 grains."),
    ],
)
def test_points_are_named_as_the_shop_names_them_and_counted_as_the_language_does(
    language: str, points: int, text: str
) -> None:
    # row 159
    body = PlainWording().body(MessageKind.POINTS_EARNED, language, {**WORDS, "points": points, "balance": 0})
    assert body == text


def test_the_welcome_carries_the_link_in_every_language() -> None:
    # row 117
    for language in ("fr", "en", "es"):
        body = PlainWording().body(
            MessageKind.WELCOME, language, {**WORDS, "link": "https://x.example/s/abc"}
        )
        assert "https://x.example/s/abc" in body
        assert "Maison Lumen" in body


def test_harmful_characters_reach_no_message() -> None:
    # row 209
    words = {**WORDS, "shop": "Maison\r\n\u202eLumen\x1b", "link": "https://x.example"}
    body = PlainWording().body(MessageKind.WELCOME, "fr", words)
    assert body.startswith("Maison Lumen :")
    assert body.isprintable()


def test_every_kind_has_its_words_in_every_language() -> None:
    words = {**WORDS, "link": "https://x.example", "points": 3, "balance": 4}
    for kind in (MessageKind.WELCOME, MessageKind.POINTS_EARNED, MessageKind.STATUS_LINK):
        bodies = {PlainWording().body(kind, language, words) for language in ("fr", "en", "es")}
        assert len(bodies) == 3
        assert all("{" not in body for body in bodies)
