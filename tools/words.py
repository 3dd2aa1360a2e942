"""The kiosk's words: takes the texts from ``.py`` and ``.kv`` into the catalogues (``make words``).

A new text appears untranslated, a changed one as fuzzy, an unused one goes; nothing is translated by
itself but English, which is the key. ``--check`` changes nothing and fails where something is missing,
stale, or differs from the sources.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

PACKAGE = Path("kiosk")
LOCALES = PACKAGE / "locale"
LANGUAGES = ("fr", "en", "es", "ar")

_KEYWORDS = {"t": None, "n": (1, 2), "message": None}
_IN_KV = re.compile(r"\bwords\.t\('((?:[^'\\]|\\.)*)'\)")

Text = str | tuple[str, str]


def texts() -> Iterator[tuple[Text, str]]:
    """Every text in the sources (a pair where it has a plural) with the file that holds it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for _, found, _, _ in extract_from_file("python", str(path), keywords=_KEYWORDS):
            yield (found if isinstance(found, str) else (found[0], found[1])), path.as_posix()
    for path in sorted(PACKAGE.rglob("*.kv")):
        for match in _IN_KV.finditer(path.read_text(encoding="utf-8")):
            yield match.group(1).replace("\\'", "'").replace("\\n", "\n"), path.as_posix()


def template() -> Catalog:
    """All texts, in the order of their files."""
    found: dict[Text, set[str]] = {}
    for text, place in texts():
        found.setdefault(text, set()).add(place)
    made = Catalog(project="Comptoir", charset="utf-8")
    for text, places in found.items():
        made.add(text, locations=[(place, 0) for place in sorted(places)])
    return made


def path_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "kiosk.po"


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, project="Comptoir", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """The catalogue brought up to date with the sources, and written."""
    catalogue = load(language)
    catalogue.update(template(), no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    if language == "en":
        for entry in catalogue:
            if entry.id:
                entry.string = entry.id
                entry.flags.discard("fuzzy")
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=False, include_lineno=False)
    _steady_header(path, language)
    return catalogue


def faults(language: str) -> list[str]:
    """What a translator still has to do, one line each."""
    catalogue = load(language)
    known = {_key(entry): entry for entry in catalogue if entry.id}
    wanted = [entry for entry in template() if entry.id]
    lines = [
        f"{language}: missing {_key(entry)!r}" for entry in wanted if not _is_done(known.get(_key(entry)))
    ]
    lines += [f"{language}: stale {key!r}" for key in known if key not in {_key(entry) for entry in wanted}]
    for key, entry in known.items():
        if _is_done(entry) and _fields(entry.id) != _fields(entry.string):
            lines.append(f"{language}: other fields in the translation of {key!r}")
    return lines


def _key(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def _is_done(entry: Message | None) -> bool:
    if entry is None or entry.fuzzy:
        return False
    strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
    plural_wanted = not isinstance(entry.id, str)
    return bool(strings) and all(strings) and plural_wanted == (not isinstance(entry.string, str))


def _fields(texts_: str | tuple[str, ...] | list[str] | None) -> set[str]:
    """Names in braces; a singular may go without its number."""
    last = texts_ if isinstance(texts_, str) else (texts_ or ("",))[-1]
    return set(re.findall(r"\{(\w+)\}", last))


def _steady_header(path: Path, language: str) -> None:
    """A header that changes only with the content."""
    content = path.read_text(encoding="utf-8")
    body = content[content.index("\n\n") + 2 :]
    plural = Catalog(locale=language).plural_forms
    header = (
        "# Words of the kiosk; keys are the English texts. Brought up to date by: make words\n"
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: Comptoir\\n"\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    path.write_text(header + body, encoding="utf-8")


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        for language in LANGUAGES:
            update(language)
    todo = [fault for language in LANGUAGES for fault in faults(language)]
    for fault in todo:
        print(fault)
    return 1 if todo else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
