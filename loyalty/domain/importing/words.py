"""Words that people and other systems write into cells, in English and French."""

import re

from loyalty.domain.text import without_accents

_ENDING = re.compile(r"\((?:e|s|es)\)|[·.](?:e|s|es)$")
"""Of words for men and women alike: ``abonné(e)``, ``abonné·e``."""


def plain(text: str) -> str:
    """In lower case, without accents."""
    return without_accents(text.strip().casefold().replace("’", "'"))


def plain_word(text: str) -> str:
    """As the sets of words below have it: ``Abonné(e)`` is ``abonne``, ``opted_in`` is ``opted in``."""
    return " ".join(_ENDING.sub("", plain(text)).replace("_", " ").split())


def _words(text: str) -> frozenset[str]:
    return frozenset(plain_word(word) for word in text.split(", "))


YES_WORDS = _words(
    "yes, y, true, 1, 1.0, x, oui, o, vrai, ok, ja, si, sim, on, ✓, ✔, ☑, coché, cochée, checked, d'accord"
)
NO_WORDS = _words("no, n, false, 0, 0.0, non, faux, nein, não, off, ☐, jamais, never, décoché, unchecked")
SUBSCRIBED_WORDS = YES_WORDS | _words(
    "subscribed, opted in, opt in, opt-in, opted-in, optin, active, abonné, abonnée, inscrit, inscrite, "
    "actif, confirmed, confirmé, confirmée, accepte, accepté, acceptée, accepted, consent, "
    "consented, granted, accordé, optedin"
)
UNSUBSCRIBED_WORDS = NO_WORDS | _words(
    "unsubscribed, not subscribed, opted out, opt out, opt-out, opted-out, optout, désabonné, désabonnée, "
    "non abonné, non abonnée, pas abonné, pas abonnée, non inscrit, non inscrite, pas inscrit, désinscrit, "
    "désinscrite, never subscribed, nonsubscribed, non-subscribed, non subscribed, not subscribe, "
    "unsubscribe, optedout, refuse, refused, refusé, refusée, pas d'accord, declined, "
    "denied, redacted, archived"
)
UNKNOWN_WORDS = _words(
    "unknown, inconnu, inconnue, non renseigné, non renseignée, bounced, pending, pending confirmation, "
    "en attente, n/a, na, -, none, aucun, aucune, cleaned, rejeté, rejetée, invalid, null, ?"
)

LANGUAGES = {
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "english": "en",
    "anglais": "en",
    "spanish": "es",
    "español": "es",
    "espagnol": "es",
    "german": "de",
    "deutsch": "de",
    "allemand": "de",
    "italian": "it",
    "italiano": "it",
    "italien": "it",
}
"""BCP 47 tags of the languages that sheets spell out."""
