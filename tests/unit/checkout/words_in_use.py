"""Collects the source texts that the station's pages use, from templates and tables."""

import ast
import re
from pathlib import Path
from typing import Any

import checkout
import loyalty.domain.filters
from checkout.api.problems import TITLES
from checkout.catalogue.sheet import COLUMNS
from checkout.directory.filter_words import (
    BUSINESS_TEXTS,
    COMPARATOR_TEXTS,
    MISSING_TEXTS,
    PRESET_TEXTS,
    SINCE_TEXTS,
)
from checkout.fleet_desk.why_not import WHY_TEXTS
from checkout.looks.pair_words import _GROUNDS
from checkout.looks.pair_words import _TEXTS as _COLOURED_TEXTS
from checkout.people.audit_details import CODES, LABELS
from checkout.people.audit_words import _PLACES, ACTION_TEXTS, SUBJECT_TEXTS
from checkout.people.consent_words import GRANT_WORDS, WAY_TEXTS
from checkout.people.permission_words import ROLE_NAMES, SUBJECTS
from checkout.profiles.consent_wording import EMAIL_WORDING
from checkout.profiles.sections import FIELD_TITLES
from checkout.profiles.side_by_side import AGREEING
from checkout.profiles.worded import CHANNEL_TEXTS, KIND_TITLES, PURPOSE_TEXTS, SOURCE_TEXTS
from checkout.programme.typed import PROBLEMS
from checkout.trouble.wording import REMEDY_TEXTS, TROUBLE_TEXTS
from checkout.web.error_pages import _OTHER, _TEXTS
from checkout.web.pages.catalogue import CATALOGUE_DONE
from checkout.web.pages.customers import DONE_TEXTS as DIRECTORY_DONE
from checkout.web.pages.device_look import WHY_NOT
from checkout.web.pages.devices import DEVICE_DONE, VOLUMES
from checkout.web.pages.group import DONE_TEXTS as GROUP_DONE
from checkout.web.pages.message_stops import STOP_TEXTS
from checkout.web.pages.message_texts import WHEN_TEXTS
from checkout.web.pages.messages import DETAIL_TEXTS
from checkout.web.pages.receipt_settings import PRINTER_DONE
from checkout.web.pages.status_choices import DONE_TEXTS
from checkout.web.pages.till import DONE_TEXTS as TILL_TEXTS
from checkout.web.till_page import _METHOD_TEXTS, _TRUST_TEXTS
from checkout.words.history import ENTRY_TITLES
from checkout.words.imports import CELL_REASONS, FIELD_GROUPS, FIELD_NAMES, PAUSES, PLAN_FAULTS, STATES
from checkout.words.message_kinds import KIND_TEXTS
from checkout.words.parts import HEALTH_TEXTS, PART_TEXTS
from checkout.words.places import CHANNEL_TEXTS as PLACES
from checkout.words.reasons import REFUSALS
from checkout.words.sheets import SHEET_FAULTS
from checkout.words.tenders import TENDER_TEXTS

ROOT = Path(checkout.__file__).parent
_CALL = re.compile(r"""\b(t|tn)\(\s*(?:"([^"]*)"|'([^']*)')(?:\s*,\s*(?:"([^"]*)"|'([^']*)'))?""")
_PYTHON = re.compile(r"""words\.(text|plural)\(\s*"([^"]*)"(?:\s*,\s*"([^"]*)")?""")
_GROUP = re.compile(r"""_(?:group|cut)\(\s*"([^"]*)\"""")


def texts_in_use() -> dict[str, str | None]:
    """Source text → its plural form, or None."""
    found: dict[str, str | None] = {}
    for path in sorted((ROOT / "web" / "templates").glob("*.html")):
        for kind, a, b, c, d in _CALL.findall(path.read_text(encoding="utf-8")):
            found[a or b] = (c or d) if kind == "tn" else None
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for kind, one, many in _PYTHON.findall(text):
            found[one] = many if kind == "plural" else None
    for source in _GROUP.findall((ROOT / "words" / "reasons.py").read_text(encoding="utf-8")):
        found[source] = None
    for pair in (*_TEXTS.values(), _OTHER, *DONE_TEXTS.values()):
        found.update(dict.fromkeys(pair))
    for subject, texts in SUBJECTS:
        found.update(
            dict.fromkeys([subject, *(part for each in texts for part in (each.title, each.meaning))])
        )
    tables: list[dict[Any, str]] = [
        ROLE_NAMES,
        TITLES,
        ACTION_TEXTS,
        LABELS,
        CODES,
        _PLACES,
        SUBJECT_TEXTS,
        GRANT_WORDS,
        WAY_TEXTS,
        REFUSALS,
        _TRUST_TEXTS,
        _METHOD_TEXTS,
        ENTRY_TITLES,
    ]
    tables += [CATALOGUE_DONE, KIND_TEXTS, PROBLEMS, TILL_TEXTS, TENDER_TEXTS]
    found.update(dict.fromkeys((*PLACES.values(), *VOLUMES.values())))
    tables += [
        DETAIL_TEXTS,
        WHEN_TEXTS,
        STOP_TEXTS,
        PRINTER_DONE,
        DEVICE_DONE,
        WHY_NOT,
        COLUMNS,
        SHEET_FAULTS,
    ]
    tables += [dict(TROUBLE_TEXTS), dict(REMEDY_TEXTS), dict(WHY_TEXTS), dict(PART_TEXTS), dict(HEALTH_TEXTS)]
    found.update({"Scanner “{part}”": None, "{part}: {health}": None})
    tables += [_COLOURED_TEXTS, _GROUNDS]
    tables += [FIELD_NAMES, CELL_REASONS, PLAN_FAULTS, STATES, PAUSES]
    found.update(dict.fromkeys(subject for subject, _ in FIELD_GROUPS))
    for table in tables:
        found.update(dict.fromkeys(table.values()))
    for profile_table in (FIELD_TITLES, AGREEING, KIND_TITLES, SOURCE_TEXTS, PURPOSE_TEXTS, CHANNEL_TEXTS):
        found.update(dict.fromkeys(profile_table.values()))
    found.update(dict.fromkeys(texts_of_filters()))
    found[EMAIL_WORDING] = None
    return found


def texts_of_filters() -> set[str]:
    """Titles, labels and sentences in the modules of filters, and what stands around them."""
    tables = (
        BUSINESS_TEXTS,
        COMPARATOR_TEXTS,
        SINCE_TEXTS,
        MISSING_TEXTS,
        PRESET_TEXTS,
        DIRECTORY_DONE,
        GROUP_DONE,
    )
    found = {text for table in tables for text in table.values()}  # type: ignore[attr-defined]
    for path in Path(loyalty.domain.filters.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "title" and node.value:
                found |= _strings(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FormField":
                found |= {part for text in _strings(node.args[2]) for part in text.split("|")}
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said":
                found |= _strings(node.args[0])
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "text":
                found |= _strings(node.value)
    return found


def _strings(node: ast.expr) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
