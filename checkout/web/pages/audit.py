"""The audit log: who saw and changed what, filtered, and the same as a table to keep."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.people.audit_details import details
from checkout.people.audit_words import ACTION_TEXTS, action_text, place, subject_noun
from checkout.programme.spreadsheet import csv_text
from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import csv_answer, staff_page, typed_query
from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.calendar import local_date, start_of_day
from loyalty.domain.staff import Permission
from loyalty.ports.after_sale import AuditWanted

router = APIRouter(prefix="/audit")

_PAGE = 100
_EXPORTED = 20_000
_MAX_DAYS = 366
_NOBODY = "nobody"


@dataclass(frozen=True)
class AuditLine:
    """One deed as it is shown."""

    day: str
    time: str
    by: str
    action: str
    subject: str
    link: str | None
    details: str


async def auditor(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.VIEW_AUDIT)
    return viewer


Auditor = Annotated[SignedInStaff, Depends(auditor)]


@router.get("")
async def audit(request: Request, viewer: Auditor) -> Response:
    context = web_context(request)
    wanted, typed, problems = _wanted(context, viewer, typed_query(request))
    after = uuid_of(typed.one("after"))
    entries, names, failed = await run_in_threadpool(_read, context, wanted, after, _PAGE + 1)
    is_more = len(entries) > _PAGE
    entries = entries[:_PAGE]
    pairs = [(name, value) for name, value in typed.pairs() if name != "after" and value]
    following = f"/audit?{urlencode([*pairs, ('after', str(entries[-1].id))])}" if is_more else None
    words = viewer.words
    return staff_page(
        "audit.html",
        viewer,
        "audit",
        path="/audit",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        lines=[_line(entry, viewer, names) for entry in entries],
        failed=failed,
        people=sorted(names.items(), key=lambda each: each[1].casefold()),
        kinds=sorted(
            ((each.value, action_text(each, words)) for each in ACTION_TEXTS), key=lambda each: each[1]
        ),
        following=following,
        export=f"/audit/log.csv?{urlencode(pairs)}",
        nobody=_NOBODY,
    )


@router.get("/log.csv")
async def audit_csv(request: Request, viewer: Auditor) -> Response:
    context = web_context(request)
    wanted, typed, _ = _wanted(context, viewer, typed_query(request))
    entries, names, _failed = await run_in_threadpool(_read, context, wanted, None, _EXPORTED)
    words = viewer.words
    head = [words.text("Day"), words.text("Time"), words.text("By"), words.text("What"), words.text("About")]
    lines = [_line(entry, viewer, names) for entry in entries]
    rows = ([each.day, each.time, each.by, each.action, each.subject, each.details] for each in lines)
    text = csv_text([*head, words.text("Details")], rows, words.language)
    return csv_answer(text, f"audit-{typed.one('from')}-{typed.one('to')}")


def _wanted(
    context: WebContext, viewer: SignedInStaff, typed: Typed
) -> tuple[AuditWanted, Typed, dict[str, Problem]]:
    """What was asked for; the last seven days where nothing was."""
    zone = viewer.shop.timezone
    today = local_date(context.ctx.clock.now(), zone)
    start = {"from": ((today - timedelta(days=6)).isoformat(),), "to": (today.isoformat(),)}
    typed = Typed({**start, **typed.values})
    reader = FieldReader(typed, viewer.shop.currency)
    first, last = reader.period(today, _MAX_DAYS)
    kind = reader.choice("kind", ["", *AuditAction], "")
    who, about = typed.one("who"), typed.one("about").strip()[:80]
    wanted = AuditWanted(
        start=_start(first, zone),
        end=_start(last + timedelta(days=1), zone),
        staff_id=uuid_of(who),
        is_nobody=who == _NOBODY,
        action=AuditAction(kind) if kind else None,
        about=about or None,
    )
    return wanted, typed, reader.problems


def _start(day: date, zone: str) -> datetime:
    return start_of_day(day, zone)


def _read(
    context: WebContext, wanted: AuditWanted, after: UUID | None, limit: int
) -> tuple[list[AuditEntry], dict[UUID, str], int]:
    with context.reading() as unit:
        entries = list(unit.audit.newest(wanted, after, limit))
        names = {member.id: member.display_name for member in unit.staff.all()}
        failed = unit.audit.count(wanted.start, wanted.end, AuditAction.SIGN_IN_FAILED)
    return entries, names, failed


def _line(entry: AuditEntry, viewer: SignedInStaff, names: dict[UUID, str]) -> AuditLine:
    words, zone = viewer.words, viewer.shop.timezone
    noun, _, identity = entry.subject.partition(":")
    subject_id = uuid_of(identity)
    about = subject_noun(entry.subject, words)
    only_one = place(entry.subject, words)
    link = None
    if only_one is not None:
        about = only_one
    elif noun == "staff" and subject_id in names:
        about, link = names[subject_id], f"/staff/{subject_id}"
    elif noun == "customer" and subject_id is not None:
        about, link = f"{about} {subject_id.hex[-8:]}", f"/customers/{subject_id}"
    elif subject_id is not None:
        about = f"{about} {subject_id.hex[-8:]}"
    elif identity:
        about = f"{about} {identity}"
    return AuditLine(
        day=words.day(local_date(entry.at, zone)),
        time=words.time(entry.at, zone).rpartition(" ")[2],
        by=names.get(entry.staff_id, "") if entry.staff_id is not None else "",
        action=action_text(entry.action, words),
        subject=about,
        link=link,
        details=details(entry.params, words, viewer.shop.currency),
    )
