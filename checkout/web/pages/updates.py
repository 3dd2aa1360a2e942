"""Updates of the devices: which release runs where, how far a rollout is, and why something went back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.fleet_desk.rollout_form import read_rollout
from checkout.fleet_desk.running import FleetDesk
from checkout.fleet_desk.stopped import Stopped, proposed, stopped_releases
from checkout.fleet_desk.why_not import why_text
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from fleet.desk.records import DeviceRecord, Fared, RolloutRecord
from fleet.desk.rules import Counts
from fleet.errors import FleetError
from loyalty.domain.audit import AuditAction
from loyalty.services.audit import note_deed

router = APIRouter(prefix="/updates")

_START = {"stages": "1, 5, 25, 100", "soak_hours": "24", "opens": "02:00", "closes": "05:00"}
_DEVICES_SHOWN = 300


@dataclass(frozen=True)
class Shown:
    """What the page tells."""

    has_desk: bool
    trouble: str = ""
    current: RolloutRecord | None = None
    counts: Counts = field(default_factory=Counts)
    bad: list[Fared] = field(default_factory=list)
    past: list[tuple[RolloutRecord, Counts]] = field(default_factory=list)
    devices: list[DeviceRecord] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)
    """Device → what it shall run."""
    versions: list[tuple[str, int]] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    stopped: dict[str, Stopped] = field(default_factory=dict)
    """Releases that were stopped, and why."""

    @property
    def is_moving(self) -> bool:
        """Whether devices are on their way."""
        return self.current is not None and not self.current.is_over

    @property
    def proposed(self) -> str | None:
        """What the form proposes to roll out."""
        return proposed(self.releases, self.stopped)

    @property
    def digest(self) -> str:
        """Of all that the page tells: an open page asks by it whether there is anything new."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@router.get("")
async def updates_page(request: Request, viewer: DeviceManager, done: str = "", seen: str = "") -> Response:
    """The page; 204 where an open one asks what is new and nothing is, so that nothing in it moves."""
    shown = await run_in_threadpool(_read, web_context(request))
    if seen and seen == shown.digest:
        return Response(status_code=204)
    return _drawn(viewer, Typed.of(_START.items()), shown, done=done)


@router.post("")
async def post_rollout(request: Request, viewer: DeviceManager) -> Response:
    typed = await typed_form(request)
    wanted = read_rollout(typed)
    if isinstance(wanted, dict):
        return await _page(request, viewer, typed, problems=wanted)

    def begin(fleet: FleetDesk) -> str:
        record = fleet.desk.start(wanted.release, wanted.pace, window=wanted.window, urgent=wanted.urgent)
        return record.id

    return await _decide(request, viewer, typed, deed="start", release=wanted.release, change=begin)


@router.post("/{number}/{deed}")
async def post_deed(number: int, deed: str, request: Request, viewer: DeviceManager) -> Response:
    def change(fleet: FleetDesk) -> str:
        if deed == "advance":
            return fleet.desk.advance(number).id
        status = {"pause": "paused", "resume": "running", "halt": "halted"}.get(deed)
        if status is None:
            raise FleetError("there is no such deed")
        return fleet.desk.set_status(number, status, "by hand").id  # type: ignore[arg-type]

    return await _decide(request, viewer, Typed.of(_START.items()), deed=deed, change=change)


@router.post("/devices/{device}/{deed}")
async def post_device(device: str, deed: str, request: Request, viewer: DeviceManager) -> Response:
    def decide(fleet: FleetDesk) -> str:
        fleet.desk.decide(device, is_held=deed == "hold")
        return device

    return await _decide(request, viewer, Typed.of(_START.items()), deed=deed, change=decide)


async def _decide(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    *,
    deed: str,
    change: Callable[[FleetDesk], str],
    release: str = "",
) -> Response:
    context = web_context(request)
    fleet = context.station.fleet
    if fleet is None:
        return await _page(request, viewer, typed)
    try:
        subject = await run_in_threadpool(change, fleet)
    except FleetError as error:
        return await _page(request, viewer, typed, fault=error.message)
    params = {"deed": deed, "release": release}
    await context.write(
        lambda unit: note_deed(
            unit,
            context.ctx,
            viewer.staff,
            action=AuditAction.UPDATE_DECIDED,
            subject=f"rollout:{subject}",
            params=params,
        )
    )
    fleet.wake()
    return RedirectResponse("/updates?done=saved", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    *,
    problems: dict[str, Problem] | None = None,
    fault: str = "",
) -> Response:
    shown = await run_in_threadpool(_read, web_context(request))
    return _drawn(viewer, typed, shown, problems=problems, fault=fault)


def _drawn(
    viewer: SignedInStaff,
    typed: Typed,
    shown: Shown,
    *,
    problems: dict[str, Problem] | None = None,
    fault: str = "",
    done: str = "",
) -> Response:
    return staff_page(
        "updates.html",
        viewer,
        "updates",
        path="/updates",
        status=422 if problems or fault else 200,
        typed=typed,
        shown=shown,
        why_text=lambda reason: why_text(viewer.words, reason),
        problems=problems or {},
        fault=fault,
        is_saved=done == "saved",
    )


def _read(context: WebContext) -> Shown:
    fleet = context.station.fleet
    if fleet is None:
        return Shown(has_desk=False)
    store = fleet.desk.store
    rollouts = store.rollouts(10)
    current = rollouts[0] if rollouts else None
    devices = store.devices(_DEVICES_SHOWN)
    releases = fleet.releases()
    return Shown(
        has_desk=True,
        trouble=fleet.trouble,
        current=current,
        counts=store.counts(current.number) if current is not None else Counts(),
        bad=store.fared(current.number, ("failed", "silent"), 50) if current is not None else [],
        past=[(each, store.counts(each.number)) for each in rollouts[1:]],
        devices=devices,
        wanted=_wanted(fleet, devices),
        versions=sorted(store.versions().items(), reverse=True),
        releases=releases,
        stopped=stopped_releases(store, releases),
    )


def _wanted(fleet: FleetDesk, devices: list[DeviceRecord]) -> dict[str, str]:
    try:
        return fleet.desk.wanted(devices)
    except (FleetError, OSError):  # the repository cannot be read; the page says so above
        return {}
