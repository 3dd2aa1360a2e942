"""Words that people and other systems write into cells, in English and French."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(", "))


SUBSCRIBED_WORDS = _words(
    "subscribed, yes, y, true, 1, x, opted in, opt in, opt-in, opted-in, optin, active, abonné, abonnée, "
    "abonne, abonnee, oui, vrai, inscrit, inscrite, actif, active, confirmed, confirmé, confirmée, accepté, "
    "accepted, consent, consented, granted, accordé, optedin, ok, ja, si, sí, sim, on, ✓, ✔"
)
UNSUBSCRIBED_WORDS = _words(
    "unsubscribed, not subscribed, no, n, false, 0, opted out, opt out, opt-out, opted-out, optout, never, "
    "désabonné, désabonnée, desabonne, desabonnee, non abonné, non abonnée, non abonne, pas abonné, "
    "pas abonnée, non inscrit, non inscrite, pas inscrit, non, faux, désinscrit, désinscrite, "
    "never subscribed, nonsubscribed, non-subscribed, non subscribed, not subscribe, unsubscribe, "
    "optedout, refused, refusé, "
    "refusée, declined, denied, jamais, nein, não, off, redacted, archived"
)
UNKNOWN_WORDS = _words(
    "unknown, inconnu, inconnue, bounced, pending, pending confirmation, en attente, n/a, na, -, none, "
    "aucun, aucune, cleaned, rejeté, rejetée, invalid, null, ?"
)

NOT_REFUSED_WORDS = _words("no, n, false, 0, non, faux, nein, off, -, none, null, n/a, subscribed, abonné")
TOTAL_WORDS = _words("total, totaux, total général, sous-total, grand total, subtotal, somme, sum")

COUNTRIES = {
    "france": "FR",
    "belgium": "BE",
    "belgique": "BE",
    "switzerland": "CH",
    "suisse": "CH",
    "canada": "CA",
    "luxembourg": "LU",
    "monaco": "MC",
    "united states": "US",
    "united states of america": "US",
    "usa": "US",
    "états-unis": "US",
    "etats-unis": "US",
    "united kingdom": "GB",
    "great britain": "GB",
    "uk": "GB",
    "royaume-uni": "GB",
    "ireland": "IE",
    "irlande": "IE",
    "spain": "ES",
    "espagne": "ES",
    "españa": "ES",
    "germany": "DE",
    "allemagne": "DE",
    "deutschland": "DE",
    "italy": "IT",
    "italie": "IT",
    "italia": "IT",
    "portugal": "PT",
    "netherlands": "NL",
    "pays-bas": "NL",
    "australia": "AU",
    "australie": "AU",
    "japan": "JP",
    "japon": "JP",
}
"""ISO 3166 codes of the countries that sheets spell out; all others are taken as codes."""

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
