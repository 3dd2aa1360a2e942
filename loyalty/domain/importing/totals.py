"""Lines that end a list instead of naming somebody: its sum, the number of its rows, that of its page."""

import re

from loyalty.domain.importing.words import plain

_COUNTED = (
    r"(?:clients?|clientes?|customers?|membres?|members?|adherents?|contacts?|personnes?|people|persons?"
    r"|lignes?|rows?|records?|enregistrements?|fiches?|comptes?|accounts?)"
)
_FOOTER = re.compile(
    rf"(?:(?:grand|sous|sub|net) ?)?(?:total|totals|totaux|somme|sum)"
    rf"(?: (?:general|generale|generaux|de|des|du|of|page|points?|a|ht|ttc|{_COUNTED}|\d+))*"
    rf"|(?:nombre|nb|nbre|number|count)(?: total)? (?:de |d |of |des )?{_COUNTED}(?: \d+)*"
    rf"|\d+ {_COUNTED}(?: (?:au|in) total)?"
    r"|page \d+(?: (?:sur|of|de))?(?: \d+)?"
    r"|(?:edite|editee|imprime|imprimee|exporte|exportee|printed|exported|generated) (?:le|on) \d.*"
)
_LIKELY = re.compile(
    r"\W*(?:\d|grand|sous|sub|net|tot|som|sum|nomb|nb|numb|count|page|[eé]|impr|print|gen)", re.IGNORECASE
)
"""What such a line begins with: few names do, and a large sheet has many of them."""


def is_footer(text: str) -> bool:
    """Whether a cell says what stands below a list: ``TOTAL GENERAL``, ``Nombre de clients : 2``."""
    if _LIKELY.match(text) is None:
        return False
    return _FOOTER.fullmatch(" ".join(re.sub(r"[^0-9a-z]+", " ", plain(text)).split())) is not None
