"""The very words beside the kiosk's consent boxes, by the version a device names (row 176).

The consent ledger keeps them, so that the proof needs no other source. A new wording is a new version
with an entry here, and old ones stay: a device may send late. A version that is not known is recorded by
its name alone. A test compares the newest entry with the kiosk's own catalogues.
"""

from loyalty.domain.consent import ConsentPurpose

_FRENCH = (
    "Je rejoins le programme de fidélité de {brand}. Chaque achat donne des points. "
    "Vous pouvez partir quand vous voulez."
)
_FRENCH_SMS = (
    "Je veux bien recevoir des offres par SMS. Quelques-unes par mois au plus. Répondez STOP à tout moment."
)
_ENGLISH = "I join the loyalty programme of {brand}. Each purchase earns points. Leave whenever you like."
_ENGLISH_SMS = "I would like offers by text message. A few a month at most. Reply STOP at any time."
_SPANISH = "Me uno al programa de fidelidad de {brand}. Cada compra da puntos. Puedes dejarlo cuando quieras."
_SPANISH_SMS = "Quiero recibir ofertas por SMS. Unas pocas al mes como mucho. Responde STOP cuando quieras."
_ARABIC = "أنضم إلى برنامج الولاء لدى {brand}. كل شراء يمنحكم نقاطًا. يمكنكم المغادرة متى شئتم."
_ARABIC_SMS = "أود تلقي العروض برسائل نصية. بضع رسائل في الشهر على الأكثر. أجيبوا بكلمة STOP في أي وقت."

_WORDINGS: dict[tuple[str, str], tuple[str, str]] = {
    ("kiosk-2026-11", "fr"): (_FRENCH, _FRENCH_SMS),
    ("kiosk-2026-11", "en"): (_ENGLISH, _ENGLISH_SMS),
    ("kiosk-2026-11", "es"): (_SPANISH, _SPANISH_SMS),
    ("kiosk-2026-11", "ar"): (_ARABIC, _ARABIC_SMS),
}


def consent_texts(wording: str, language: str, brand: str) -> dict[ConsentPurpose, str]:
    """The texts of a version in a language; empty for a version that this release does not know."""
    texts = _WORDINGS.get((wording, language))
    if texts is None:
        return {}
    programme, marketing = (text.replace("{brand}", brand) for text in texts)
    return {ConsentPurpose.PROGRAMME: programme, ConsentPurpose.MARKETING_SMS: marketing}
