"""A scanner's lines in the machine's configuration: found, made and changed without touching any other line.

Comments and order of the file stay. What comes out is parsed again and compared before it counts.
"""

import copy
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from comptoir.errors import CommandError
from device.configuration import ScannerSettings
from runtime.whole_file import replace_file

_HEADER = re.compile(r"\s*\[\[\s*device\s*\.\s*scanners\s*\]\]")
_ANY_HEADER = re.compile(r"\s*\[")


def scanners_in(path: Path) -> list[ScannerSettings]:
    """The scanners that a file configures; none where there is no file yet.

    Raises:
        CommandError: It cannot be read, or a scanner's lines are wrong.
    """
    try:
        device = tomllib.loads(path.read_text(encoding="utf-8")).get("device", {})
        return [_checked(one) for one in device.get("scanners", [])]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise CommandError(f"{path} is not a configuration: {error}") from error


def lines_of(values: Mapping[str, str]) -> str:
    """The lines of one scanner, to put into the file by hand."""
    return "\n".join(["[[device.scanners]]", *(_line(key, value) for key, value in values.items())]) + "\n"


def with_scanner(text: str, values: Mapping[str, str]) -> str:
    """The file's text with these values in the lines of the scanner ``values["name"]``; it may be new.

    Raises:
        CommandError: The values make no scanner, or the file cannot be changed for sure.
    """
    lines = text.splitlines(keepends=True)
    place = _block_of(lines, values["name"])
    if place is None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        changed = text + gap + lines_of(values)
    else:
        first, end = place
        changed = "".join([*lines[:first], *_block_with(lines[first:end], values), *lines[end:]])
    expected = _expected(text, values)
    if _parsed(changed) != expected:
        raise CommandError("a program cannot change this configuration for sure; write the lines by hand")
    for scanner in expected["device"]["scanners"]:
        _checked(scanner)
    return changed


def write_scanner(path: Path, values: Mapping[str, str]) -> None:
    """Change the file in one step; its owner and mode stay.

    Raises:
        CommandError: It cannot be changed; it is as it was then.
    """
    whole = path.resolve()
    try:
        kept = whole.stat()
        changed = with_scanner(whole.read_text(encoding="utf-8"), values)
        replace_file(whole, changed.encode(), kept.st_mode & 0o7777)
        os.chown(whole, kept.st_uid, kept.st_gid)
    except OSError as error:
        raise CommandError(f"cannot change {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8") from error


def _checked(values: object) -> ScannerSettings:
    try:
        return ScannerSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise CommandError(
            f"a scanner's lines are wrong: {where} {first['msg']}".replace("  ", " ")
        ) from error


def _block_of(lines: list[str], name: str) -> tuple[int, int] | None:
    for first, line in enumerate(lines):
        if not _HEADER.match(line):
            continue
        end = next((at for at in range(first + 1, len(lines)) if _ANY_HEADER.match(lines[at])), len(lines))
        block = _parsed("".join(lines[first:end])).get("device", {}).get("scanners", [{}])[0]
        if block.get("name", "scanner") == name:
            return first, end
    return None


def _block_with(block: list[str], values: Mapping[str, str]) -> list[str]:
    left = {key: _line(key, value) + "\n" for key, value in values.items()}
    out = []
    for line in block:
        key = re.match(r"\s*([a-z_]+)\s*=", line)
        out.append(left.pop(key[1]) if key and key[1] in left else line)
    filled = max(at for at, line in enumerate(out) if line.strip()) + 1
    if not out[filled - 1].endswith("\n"):
        out[filled - 1] += "\n"
    return [*out[:filled], *left.values(), *out[filled:]]


def _expected(text: str, values: Mapping[str, str]) -> dict[str, Any]:
    document = copy.deepcopy(_parsed(text))
    scanners = document.setdefault("device", {}).setdefault("scanners", [])
    for scanner in scanners:
        if scanner.get("name", "scanner") == values["name"]:
            scanner.update(values)
            return document
    scanners.append(dict(values))
    return document


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CommandError(f"the configuration is not valid TOML: {error}") from error


def _line(key: str, value: str) -> str:
    return f"{key} = " + json.dumps(value).replace("\x7f", "\\u007f")
