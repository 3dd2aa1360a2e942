"""The consent ledger records the words that stood beside the kiosk's boxes."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import kiosk
from checkout.subscribers.consent_wording import consent_texts
from kiosk.wording_version import CONSENT_WORDING
from loyalty.domain.consent import ConsentPurpose


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_station_knows_the_kiosk_s_words_of_today(language: str) -> None:
    path = Path(kiosk.__file__).parent / "locale" / language / "LC_MESSAGES" / "kiosk.po"
    with path.open("rb") as file:
        catalogue = read_po(file)

    def words(*sources: str) -> str:
        found = [catalogue.get(source) for source in sources]
        return ". ".join(str(message.string) for message in found if message is not None)

    programme = words(
        "I join the loyalty programme of {brand}", "Each purchase earns points. Leave whenever you like."
    )
    marketing = words("I would like offers by text message", "A few a month at most. Reply STOP at any time.")
    assert consent_texts(CONSENT_WORDING, language, "Maison Lumen") == {
        ConsentPurpose.PROGRAMME: programme.replace("{brand}", "Maison Lumen"),
        ConsentPurpose.MARKETING_SMS: marketing,
    }


def test_an_unknown_version_has_no_words_of_ours() -> None:
    assert consent_texts("kiosk-2031-01", "fr", "Maison Lumen") == {}
