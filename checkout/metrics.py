"""The station's figures in the text form of Prometheus, at an address of this machine alone (row 191).

Nothing of people: counts, states, names of devices and releases.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from checkout.devices import DeviceState
from checkout.web.context import WebContext
from loyalty.domain.channel import Channel

_MOST_WAITING = 100


class StationFigures:
    """Collects at each reading. Any thread."""

    def __init__(self, context: WebContext) -> None:
        self._context = context

    def collect(self) -> Iterator[Metric]:
        """What Prometheus asks a collector for; reads the database."""
        station, now = self._context.station, self._context.ctx.clock.now()
        writer = station.writer.figures()
        yield _gauge("broker_up", "Whether the broker is reached.", station.devices.is_broker_up)
        yield _gauge("writer_queue", "Works that wait for the one writer.", writer.depth)
        yield _counter("writer_works", "Works that were done.", writer.done)
        yield _counter("writer_failures", "Works that failed.", writer.failed)
        yield _gauge("writer_longest_wait_seconds", "Longest wait yet.", writer.longest_wait_ms / 1000)
        yield from self._stored()
        yield from self._devices()
        yield from self._ways(now)
        yield from self._backup(now)
        yield from self._fleet(now)

    def _stored(self) -> Iterator[Metric]:
        with self._context.reading() as unit:
            letters = unit.dead_letters.count()
            messages = len(unit.messages.queued(_MOST_WAITING))
            outbound = len(unit.outbound.unpublished(_MOST_WAITING))
        yield _gauge("dead_letters", "Messages of devices that could not be taken.", letters)
        yield _gauge("member_messages_waiting", f"Messages to members, at most {_MOST_WAITING}.", messages)
        yield _gauge("outbound_waiting", f"Messages to devices, at most {_MOST_WAITING}.", outbound)

    def _devices(self) -> Iterator[Metric]:
        up = _family("device_up", "Whether the lane's device is online.", "device", "lane")
        waiting = _family("device_outbox_events", "Events that wait for their result.", "device", "lane")
        parts = _family("device_part_troubled", "Whether a part of it is in trouble.", "device", "part")
        release = _family("device_release_info", "What it runs.", "device", "release")
        devices = self._context.station.devices
        for lane in self._context.station.lanes.all():
            if lane.device is None:
                continue
            view, state = devices.view(lane.device), devices.state(lane.device)
            up.add_metric([lane.device, str(lane.number)], float(view.is_online))
            waiting.add_metric([lane.device, str(lane.number)], float(view.waiting_events))
            release.add_metric([lane.device, state.release or "unknown"], 1)
            for part in _parts(state):
                parts.add_metric([lane.device, part], float(part in view.troubled_parts))
        yield from (up, waiting, parts, release)

    def _ways(self, now: datetime) -> Iterator[Metric]:
        away = self._context.station.courier.ways_away()
        family = _family(
            "message_way_away_seconds", "Since when a way for messages is away; 0 is well.", "way"
        )
        for way in Channel:
            since = away.get(way)
            family.add_metric([way.value], (now - since).total_seconds() if since is not None else 0)
        yield family

    def _backup(self, now: datetime) -> Iterator[Metric]:
        record = self._context.backup
        last = record.last() if record is not None else None
        if last is not None:
            yield _gauge("backup_age_seconds", "Age of the last back-up.", (now - last.at).total_seconds())

    def _fleet(self, now: datetime) -> Iterator[Metric]:
        desk = self._context.station.fleet
        if desk is None:
            return
        versions = _family("fleet_devices", "Update agents by what their device runs.", "release")
        for release, count in desk.desk.store.versions().items():
            versions.add_metric([release or "unknown"], count)
        yield versions
        rollout = desk.desk.store.newest("stable")
        if rollout is None:
            return
        counts = desk.desk.store.counts(rollout.number)
        devices = _family("fleet_rollout_devices", "The newest rollout, by outcome.", "release", "outcome")
        for outcome in ("working", "committed", "failed", "silent"):
            devices.add_metric([rollout.release, outcome], getattr(counts, outcome))
        yield devices
        yield _gauge("fleet_rollout_halted", "Whether it was stopped.", rollout.status == "halted")
        age_s = (now - rollout.stage_since).total_seconds()
        yield _gauge("fleet_rollout_stage_seconds", "How long it has been in its stage.", age_s)


def create_metrics(context: WebContext) -> Starlette:
    """One address: ``/metrics``."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StationFigures(context))

    async def metrics(_request: Request) -> Response:
        text = await run_in_threadpool(generate_latest, registry)
        return Response(text, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})

    return Starlette(routes=[Route("/metrics", metrics, methods=["GET"])])


def _parts(state: DeviceState) -> list[str]:
    return [part.name for part in state.reported.parts] if state.reported is not None else []


def _family(name: str, about: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"comptoir_{name}", about, labels=labels)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"comptoir_{name}", about, value=float(value))


def _counter(name: str, about: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"comptoir_{name}", about, value=float(value))
