"""What a member's answer by SMS means: STOP, ARRÊT and their kin (rows 160, 193)."""

import re
import unicodedata
from enum import StrEnum

MAX_WORDS = 4
"""Longer answers are sentences, for a person to read, unless they begin with a word that only means stop."""


class ReplyMeaning(StrEnum):
    """What to do about an answer."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    NOT_ME = "not_me"
    """The number belongs to somebody else: detach it (row 199)."""
    OTHER = "other"


_OPT_OUT = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"arret", "arreter", "arretez", "desabonner", "desabonnement", "desinscription"}
    | {"baja", "alto", "parar", "cancelar", "detener"}
)
_NEVER_A_SENTENCE = frozenset({"stop", "stopall", "arret", "unsubscribe", "desabonnement", "baja"})
_OPT_IN = frozenset({"start", "unstop", "commencer", "reprendre", "debuter", "abonner", "alta", "iniciar"})
_HELP = frozenset({"help", "info", "aide", "ayuda"})
_NOT_ME = frozenset(
    {
        ("not", "me"),
        ("wrong", "number"),
        ("pas", "moi"),
        ("ce", "n", "est", "pas", "moi"),
        ("c", "est", "pas", "moi"),
        ("ce", "nest", "pas", "moi"),
        ("mauvais", "numero"),
        ("faux", "numero"),
        ("erreur", "de", "numero"),
        ("no", "soy", "yo"),
        ("numero", "equivocado"),
    }
)
_WORD = re.compile(r"[a-z0-9]+")


def reply_meaning(text: str) -> ReplyMeaning:
    """The meaning of an answer, whatever its case, accents, punctuation and hidden characters.

    In doubt an opt-out: a message too few does no harm. STOP wins over whatever else is said.
    """
    words = _words(text)
    if not words:
        return ReplyMeaning.OTHER
    is_short = len(words) <= MAX_WORDS
    if words[0] in _NEVER_A_SENTENCE or (is_short and _OPT_OUT & set(words)):
        return ReplyMeaning.OPT_OUT
    if any(words[: len(phrase)] == list(phrase) for phrase in _NOT_ME):
        return ReplyMeaning.NOT_ME
    if len(words) == 1 and words[0] in _OPT_IN:
        return ReplyMeaning.OPT_IN
    if len(words) == 1 and words[0] in _HELP:
        return ReplyMeaning.HELP
    return ReplyMeaning.OTHER


def _words(text: str) -> list[str]:
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text).casefold()
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    return _WORD.findall(plain)
