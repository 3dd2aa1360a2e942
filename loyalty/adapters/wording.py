"""The words of messages to members, in French, English and Spanish.

Parameters were cleaned where they came in; the shop's name and the points' names are the shop's own.
"""

from loyalty.domain.message import MessageKind, MessageParams
from loyalty.domain.text import clean_line

_FALLBACK = "en"
_MAX_CHARS = 480
_TEXTS: dict[str, dict[MessageKind, str]] = {
    "fr": {
        MessageKind.WELCOME: "{shop} : bienvenue ! Vos {points_many} et votre carte : {link}",
        MessageKind.POINTS_EARNED: "{shop} : +{points} {points_word}. Solde : {balance} {balance_word}.",
        MessageKind.STATUS_LINK: "{shop} : votre nouveau lien : {link} L’ancien ne marche plus.",
    },
    "en": {
        MessageKind.WELCOME: "{shop}: welcome! Your {points_many} and your card: {link}",
        MessageKind.POINTS_EARNED: "{shop}: +{points} {points_word}. Balance: {balance} {balance_word}.",
        MessageKind.STATUS_LINK: "{shop}: your new link: {link} The old one no longer works.",
    },
    "es": {
        MessageKind.WELCOME: "{shop}: ¡bienvenido! Sus {points_many} y su tarjeta: {link}",
        MessageKind.POINTS_EARNED: "{shop}: +{points} {points_word}. Saldo: {balance} {balance_word}.",
        MessageKind.STATUS_LINK: "{shop}: su nuevo enlace: {link} El anterior ya no funciona.",
    },
}


class PlainWording:
    """Short plain texts for SMS."""

    def body(self, kind: MessageKind, language: str, params: MessageParams) -> str:
        primary = language.split("-", 1)[0].lower()
        known = primary if primary in _TEXTS else _FALLBACK
        words = dict(params)
        for amount in ("points", "balance"):
            number = int(params.get(amount, 0))
            is_one = abs(number) < 2 if known == "fr" else number == 1
            words[f"{amount}_word"] = params["points_one" if is_one else "points_many"]
        return clean_line(_TEXTS[known][kind].format(**words), _MAX_CHARS) or ""
