"""``comptoir duplicates``: finds the rows of a file of people that are one person."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from runtime.clock import SystemClock
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from comptoir.people_sheet import PeopleSheet
    from loyalty.domain.duplicates.finder import Found

_DESCRIPTION = """\
Finds the rows of a file of people (CSV in any usual encoding and separator, or XLSX) that are one person.

Headings may be English or French: given_name, surname, birthday, phone, email, reference, street_number,
address_1, suburb, postcode, state and their usual synonyms; other columns are left alone, and so is a column
that only numbers rows (id, rec_id). Nothing has to be set and nothing is trained beforehand: what agreement
in a field is worth is learned from the file.

With --json each pair is one line, likeliest first:
  {"rows": [3, 17], "lines": [4, 18], "score": 0.9987, "fields": {"given_name": "equal", "phone": "alike"}}
"rows" counts the rows below the headings from 1, empty rows left out; "lines" is the line in the file;
"score" is the chance that both are one person; "ids" follows where the file has a column id or rec_id.
"""


def register(commands: "Commands") -> None:
    parser = commands.add_parser(
        "duplicates",
        help="find the rows of a file of people that are one person",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar="FILE")
    what.add_argument(
        "--directory",
        action="store_true",
        help="the shop's customers instead of a file; staff find the pairs",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--threshold",
        type=_chance,
        metavar="X",
        help="lowest score told, 0.001 to 1; by itself so that fewer than 5 of 1000 pairs told are wrong",
    )
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="CONFIGURATION")
    parser.add_argument("--database", metavar="URL", help="instead of the one in the configuration")
    parser.set_defaults(run=_duplicates)


def _duplicates(options: argparse.Namespace) -> int:
    from comptoir.people_sheet import read_people
    from loyalty.domain.duplicates.finder import find_duplicates

    if options.directory:
        return _directory(options)
    sheet = read_people(options.file, lambda rows: _say(f"{rows} rows read"))
    found = find_duplicates(sheet.people, lambda step, done: _say(f"{step} {done:.0%}"))
    threshold = found.sure_from if options.threshold is None else options.threshold
    try:
        told = _tell(sheet, found, threshold, sys.stdout, as_json=options.json)
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stdout = None
        return 0
    _say(f"{told} pairs of {sheet.people.size} rows, from a score of {threshold:.3f} on")
    return 0


def _directory(options: argparse.Namespace) -> int:
    """Search all customers at once, and put what may be one person before staff, a few in a transaction."""
    from checkout.configuration import CheckoutSettings
    from loyalty.adapters.sql.database import opened
    from loyalty.services.look_for_duplicates import propose_all, search_directory

    url = options.database or load_section(options.config, "checkout", CheckoutSettings).database_url
    with opened(url) as database:
        pairs = search_directory(
            database.reading, SystemClock().now(), lambda step, done: _say(f"{step} {done:.0%}")
        )
        proposed = propose_all(database.unit_of_work, pairs, options.threshold)
    print(json.dumps({"proposed": proposed}) if options.json else f"{proposed} pairs for staff to look at")
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _tell(sheet: "PeopleSheet", found: "Found", threshold: float, out: TextIO, *, as_json: bool) -> int:
    from loyalty.domain.duplicates.reasons import reasons

    count = int((found.scores >= threshold).sum())
    for pair in range(count):
        ends = (int(found.left[pair]), int(found.right[pair]))
        why = reasons(found.compared, pair)
        line: dict[str, object] = {
            "rows": [row + 1 for row in ends],
            "lines": [sheet.lines[row] for row in ends],
            "score": round(float(found.scores[pair]), 9),
            "fields": why,
        }
        if sheet.names:
            line["ids"] = [sheet.names[row] for row in ends]
        if as_json:
            print(json.dumps(line, ensure_ascii=False), file=out)
        else:
            said = ", ".join(f"{field} {agreement}" for field, agreement in why.items())
            print(f"rows {ends[0] + 1} and {ends[1] + 1}: {found.scores[pair]:.3f} ({said})", file=out)
    return count


def _chance(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1.0
    if not 0.001 <= chance <= 1:
        raise argparse.ArgumentTypeError("a score is a number from 0.001 to 1")
    return chance
