"""A new rollout as staff type it, and what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from checkout.programme.typed import Problem, Typed
from fleet.desk.rules import Pace
from fleet.documents.rollout import Window

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MOST_HOURS = 24 * 30


@dataclass(frozen=True)
class NewRollout:
    """What was asked for."""

    release: str
    pace: Pace
    window: Window
    urgent: bool


def read_rollout(typed: Typed) -> NewRollout | dict[str, Problem]:
    """The rollout, or what is wrong with which field."""
    problems: dict[str, Problem] = {}
    stages = _stages(typed.one("stages"))
    soak = typed.one("soak_hours").strip()
    opens, closes = typed.one("opens").strip(), typed.one("closes").strip()
    release = typed.one("release").strip()
    if not re.fullmatch(r"\d+\.\d+\.\d+", release):
        problems["release"] = Problem("choose_one")
    if not (soak.isascii() and soak.isdigit() and int(soak) <= _MOST_HOURS):
        problems["soak_hours"] = Problem("soak_invalid")
    for name, text in (("opens", opens), ("closes", closes)):
        if not _TIME.fullmatch(text):
            problems[name] = Problem("time_unreadable")
    if stages is None:
        problems["stages"] = Problem("stages_invalid")
    if problems or stages is None:
        return problems
    pace = Pace(stages, timedelta(hours=int(soak)))
    return NewRollout(release, pace, Window(start=opens, end=closes), typed.has("urgent", "1"))


def _stages(text: str) -> tuple[float, ...] | None:
    try:
        stages = tuple(float(each) for each in re.split(r"[\s,;%]+", text.strip().strip("%")) if each)
        Pace(stages, timedelta())
    except ValueError:
        return None
    return stages
