"""A sheet of customers as a shop brings one, of any length."""

from collections.abc import Iterator
from pathlib import Path

_GIVEN = ("Léa", "Hugo", "Chloé", "Noé", "Zoé", "Adam", "Inès", "Jules", "Anaïs", "Rémi")
_FAMILY = ("Martin", "Bernard", "Lefèvre", "Petit", "Garçon", "Moreau", "Noël", "Roux", "Faure", "Blanc")
_HEAD = "Référence;Prénom;Nom;Téléphone;E-mail;Adresse;Code postal;Ville;Date de naissance;Solde de points"


def write_sheet(path: Path, rows: int) -> None:
    """CSV with semicolons in UTF-8, every row another customer."""
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(f"{_HEAD}\n")
        file.writelines(f"{line}\n" for line in _lines(rows))


def _lines(rows: int) -> Iterator[str]:
    for number in range(rows):
        scattered = number * 7_919 % 10_000_000  # phone numbers do not come in order
        given, family = _GIVEN[number % 10], _FAMILY[number // 10 % 10]
        yield (
            f"{number:08};{given}{number};{family};06 2{scattered:07};{given.lower()}.{number}@exemple.fr;"
            f"{number % 200} rue des Lilas;{10_000 + number % 80_000};Ville{number % 500};"
            f"{1 + number % 28:02}/{1 + number % 12:02}/{1950 + number % 55};{1 + number % 300}"
        )
