"""Rows of an import that resemble a customer: whom, why, and staff's word on it (rows 38, 182)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.errors import ImportFileError
from checkout.imports.folder import ImportFolder
from checkout.profiles.side_by_side import AGREEING, number_shown
from checkout.programme.typed import Problem, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customer_imports import importer
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from loyalty.domain.duplicate_pair import PairState, ordered_pair
from loyalty.domain.importing.fields import ADDRESS, ImportField
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts, LikenessDecision
from loyalty.domain.importing.record import CustomerImport
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.duplicate_list import ListedProfile, listed_profile
from loyalty.services.import_likeness import DECIDABLE, LikenessWord, decide_likeness

router = APIRouter(prefix="/customers/import/{import_id:uuid}/likely")

_A_PAGE = 20
_NAMES = (
    ImportField.GIVEN_NAME,
    ImportField.FAMILY_NAME,
    ImportField.FULL_NAME,
    ImportField.FULL_NAME_REVERSED,
    ImportField.COMPANY_NAME,
)
_CONTACT = (ImportField.PHONE_NUMBER, ImportField.EMAIL_ADDRESS, *ADDRESS)


async def judge(viewer: Annotated[SignedInStaff, Depends(importer)]) -> SignedInStaff:
    """Dependency of these pages: who imports and may say that two are one."""
    viewer.require(Permission.MERGE_CUSTOMERS)
    return viewer


Judge = Annotated[SignedInStaff, Depends(judge)]


@dataclass(frozen=True)
class _Person:
    """Somebody whom a row resembles, and what was said of it."""

    likeness: ImportLikeness
    listed: ListedProfile
    is_chosen: bool
    pair_state: PairState | None
    """Of the two profiles, once the row is one."""


@dataclass(frozen=True)
class _Row:
    """A row with those whom it resembles."""

    line: int
    name: str
    details: Sequence[str]
    made_id: UUID | None
    is_new: bool
    """Staff said that it is nobody of these."""
    people: Sequence[_Person]


@router.get("")
async def likely_page(
    request: Request, viewer: Judge, import_id: UUID, after: int = 0, refused: str = ""
) -> Response:
    context = web_context(request)
    record, counts, rows = await run_in_threadpool(_read, context, viewer, import_id, max(after, 0))
    words, region = viewer.words, viewer.shop.phone_region
    why = Problem(refused).text(words, viewer.shop.currency) if refused in set(Refusal) else ""
    return staff_page(
        "customer_import_likely.html",
        viewer,
        "imports",
        path=f"/customers/import/{import_id}/likely",
        wording=wording_for(viewer, await shop_now(context)),
        record=record,
        counts=counts,
        rows=rows,
        next_after=rows[-1].line if len(rows) == _A_PAGE else None,
        after=after,
        refused=why,
        is_decidable=record.state in DECIDABLE,
        states=PairState,
        number_of=lambda contact: number_shown(contact, region),
        reasons_of=lambda each: [
            (words.text(title), each.agreements[name])
            for name, title in AGREEING.items()
            if name in each.agreements
        ],
    )


@router.post("")
async def post_likely(request: Request, viewer: Judge, import_id: UUID) -> Response:
    context, typed = web_context(request), await typed_form(request)
    line, after = (int(text) if text.isdecimal() else 0 for text in (typed.one("line"), typed.one("after")))
    same_as = uuid_of(typed.one("same_as"))
    word = LikenessWord(import_id, line, same_as)
    answer = await context.write(lambda unit: decide_likeness(unit, context.ctx, viewer.staff, word))
    why = f"&refused={answer.reason.value}" if isinstance(answer, Refused) else ""
    return RedirectResponse(f"/customers/import/{import_id}/likely?after={after}{why}#line-{line}", 303)


def _read(
    context: WebContext, viewer: SignedInStaff, import_id: UUID, after: int
) -> tuple[CustomerImport, LikenessCounts, list[_Row]]:
    with context.reading() as unit:
        record = unit.imports.get(import_id)
        if record is None:
            raise HTTPException(404, "not_found")
        found = unit.imports.likenesses(import_id, after, _A_PAGE)
        by_line: dict[int, list[ImportLikeness]] = {}
        for each in found:
            by_line.setdefault(each.line, []).append(each)
        cells = _cells(context.station.imports.folder, record, frozenset(by_line))
        rows = [
            _row(unit, viewer, likely, _shown(viewer, record, cells.get(line, {})))
            for line, likely in by_line.items()
        ]
        return record, unit.imports.count_likenesses(import_id), rows


def _shown(viewer: SignedInStaff, record: CustomerImport, cells: dict[str, str]) -> dict[str, str]:
    """What may be seen of a row: whoever brought the sheet knows what is in it."""
    if record.staff_id == viewer.staff.id or viewer.staff.may(Permission.VIEW_CONTACT):
        return cells
    return {target: text for target, text in cells.items() if target not in _CONTACT}


def _row(
    unit: UnitOfWork, viewer: SignedInStaff, likely: Sequence[ImportLikeness], cells: dict[str, str]
) -> _Row:
    people = [person for each in likely if (person := _person(unit, viewer, each)) is not None]
    decided = [each.decision for each in likely]
    return _Row(
        line=likely[0].line,
        name=" ".join(cells[name] for name in _NAMES if cells.get(name)),
        details=[cells[name] for name in (ImportField.BIRTHDAY, *_CONTACT) if cells.get(name)],
        made_id=likely[0].made_id,
        is_new=bool(decided) and all(each is LikenessDecision.OTHER for each in decided),
        people=people,
    )


def _person(unit: UnitOfWork, viewer: SignedInStaff, each: ImportLikeness) -> _Person | None:
    """None for whoever was merged into somebody or forgotten meanwhile."""
    listed = listed_profile(unit, each.customer_id, viewer.staff)
    if listed is None or not listed.profile.customer.is_listed:
        return None
    pair = None
    if each.made_id is not None and each.made_id != each.customer_id:
        pair = unit.duplicates.get(*ordered_pair(each.made_id, each.customer_id))
    is_chosen = each.decision is LikenessDecision.SAME or each.made_id == each.customer_id
    return _Person(each, listed, is_chosen, pair.state if pair is not None else None)


def _cells(folder: ImportFolder, record: CustomerImport, lines: frozenset[int]) -> dict[int, dict[str, Any]]:
    """What the sheet says in these lines, by what its columns are; nothing once the file is gone."""
    targets, found = record.plan.targets if record.plan is not None else (), {}
    if not lines:
        return {}
    try:
        for line, cells in folder.cells(record.id):
            if line in lines:
                named = zip(targets, cells, strict=False)
                found[line] = {target: text.strip() for target, text in named if target and text.strip()}
            if line >= max(lines):
                break
    except ImportFileError:
        return found
    return found
