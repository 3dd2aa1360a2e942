"""The desk's state in the station's database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, case, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from fleet.desk.records import DeviceRecord, Fared, Outcome, RolloutRecord
from fleet.desk.rules import Counts, Pace
from fleet.documents.rollout import Window
from loyalty.adapters.sql.database import make_engine
from loyalty.adapters.sql.schema.fleet import fleet_devices, fleet_outcomes, fleet_rollouts
from messaging.station.fleet import FleetReported

_BATCH = 500


class SqlDeskStore:
    """Satisfies ``fleet.desk.records.DeskStore``. Any thread.

    Args:
        writing: Takes the database's write lock at the start of each transaction.
        reading: Takes snapshots.
    """

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._engine = writing
        self._reading = reading

    @classmethod
    def open(cls, url: str) -> "SqlDeskStore":
        """The store in the migrated database behind ``url``; nothing is connected yet.

        Raises:
            StorageError: The URL is none.
        """
        return cls(make_engine(url), make_engine(url, is_reading=True))

    def close(self) -> None:
        self._engine.dispose()
        self._reading.dispose()

    def add_rollout(self, rollout: RolloutRecord) -> RolloutRecord:
        with self._engine.begin() as connection:
            highest = connection.scalar(select(func.max(fleet_rollouts.c.number))) or 0
            numbered = replace(rollout, number=highest + 1)
            connection.execute(insert(fleet_rollouts).values(_rollout_values(numbered)))
        return numbered

    def change_rollout(self, rollout: RolloutRecord) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(fleet_rollouts)
                .where(fleet_rollouts.c.number == rollout.number)
                .values(_rollout_values(rollout))
            )

    def rollout(self, number: int) -> RolloutRecord | None:
        with self._reading.connect() as connection:
            row = connection.execute(
                select(fleet_rollouts).where(fleet_rollouts.c.number == number)
            ).one_or_none()
        return _rollout(row) if row is not None else None

    def rollouts(self, limit: int = 50) -> list[RolloutRecord]:
        with self._reading.connect() as connection:
            query = select(fleet_rollouts).order_by(fleet_rollouts.c.number.desc()).limit(limit)
            return [_rollout(row) for row in connection.execute(query)]

    def newest(self, channel: str) -> RolloutRecord | None:
        with self._reading.connect() as connection:
            query = (
                select(fleet_rollouts)
                .where(fleet_rollouts.c.channel == channel)
                .order_by(fleet_rollouts.c.number.desc())
                .limit(1)
            )
            row = connection.execute(query).one_or_none()
        return _rollout(row) if row is not None else None

    def heard(
        self, reports: Mapping[str, FleetReported], fared: Mapping[int, Sequence[Fared]], at: datetime
    ) -> None:
        devices = [
            {
                "device": device,
                "running": report.running,
                "report": report.model_dump(mode="json"),
                "report_number": report.n,
                "heard_at": at,
                "is_held": False,
                "running_since": at,
            }
            for device, report in reports.items()
        ]
        outcomes = [
            {
                "rollout": number,
                "device": each.device,
                "outcome": each.outcome,
                "reason": each.reason[:300],
                "log": each.log,
                "at": each.at,
            }
            for number, found in fared.items()
            for each in found
        ]
        with self._engine.begin() as connection:
            for batch in _batches(devices):
                self._upsert_devices(connection, batch)
            for batch in _batches(outcomes):
                self._upsert_outcomes(connection, batch)

    def silence(self, number: int, before: datetime) -> int:
        late = (
            select(fleet_devices.c.device)
            .where(fleet_devices.c.device == fleet_outcomes.c.device, fleet_devices.c.heard_at >= before)
            .exists()
        )
        with self._engine.begin() as connection:
            done = connection.execute(
                update(fleet_outcomes)
                .where(
                    fleet_outcomes.c.rollout == number,
                    fleet_outcomes.c.outcome == "working",
                    fleet_outcomes.c.at < before,
                    ~late,
                )
                .values(outcome="silent")
            )
            return done.rowcount

    def counts(self, number: int) -> Counts:
        with self._reading.connect() as connection:
            rows = connection.execute(
                select(fleet_outcomes.c.outcome, func.count())
                .where(fleet_outcomes.c.rollout == number)
                .group_by(fleet_outcomes.c.outcome)
            )
            return Counts(**{str(outcome): int(count) for outcome, count in rows})

    def fared(self, number: int, outcomes: tuple[Outcome, ...], limit: int = 100) -> list[Fared]:
        with self._reading.connect() as connection:
            query = (
                select(fleet_outcomes)
                .where(fleet_outcomes.c.rollout == number, fleet_outcomes.c.outcome.in_(outcomes))
                .order_by(fleet_outcomes.c.at.desc(), fleet_outcomes.c.device)
                .limit(limit)
            )
            return [
                Fared(row.device, row.outcome, row.reason, row.at, row.log)
                for row in connection.execute(query)
            ]

    def took_part(self, number: int, device: str) -> bool:
        with self._reading.connect() as connection:
            query = select(fleet_outcomes.c.outcome).where(
                fleet_outcomes.c.rollout == number, fleet_outcomes.c.device == device
            )
            return connection.execute(query).first() is not None

    def devices(self, limit: int = 1000) -> list[DeviceRecord]:
        with self._reading.connect() as connection:
            query = select(fleet_devices).order_by(fleet_devices.c.device).limit(limit)
            return [_device(row) for row in connection.execute(query)]

    def device(self, device: str) -> DeviceRecord | None:
        with self._reading.connect() as connection:
            row = connection.execute(
                select(fleet_devices).where(fleet_devices.c.device == device)
            ).one_or_none()
        return _device(row) if row is not None else None

    def versions(self) -> dict[str, int]:
        with self._reading.connect() as connection:
            rows = connection.execute(
                select(fleet_devices.c.running, func.count())
                .where(fleet_devices.c.heard_at.is_not(None))
                .group_by(fleet_devices.c.running)
            )
            return {str(release or ""): int(count) for release, count in rows}

    def decide(self, device: str, *, pin: str | None, is_held: bool) -> None:
        chosen = {"pin": pin, "is_held": is_held}
        with self._engine.begin() as connection:
            known = update(fleet_devices).where(fleet_devices.c.device == device)
            if connection.execute(known.values(chosen)).rowcount == 0:
                connection.execute(
                    insert(fleet_devices).values({"device": device, "report_number": 0, **chosen})
                )

    def decided(self) -> list[DeviceRecord]:
        with self._reading.connect() as connection:
            query = (
                select(fleet_devices)
                .where(or_(fleet_devices.c.pin.is_not(None), fleet_devices.c.is_held.is_(True)))
                .order_by(fleet_devices.c.device)
            )
            return [_device(row) for row in connection.execute(query)]

    def _upsert_devices(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        adding = self._insert(fleet_devices).values(rows)
        fresh = {name: adding.excluded[name] for name in ("running", "report", "report_number", "heard_at")}
        same = fleet_devices.c.running == adding.excluded.running
        fresh["running_since"] = case(
            (same, fleet_devices.c.running_since), else_=adding.excluded.running_since
        )
        newer = fleet_devices.c.report_number < adding.excluded.report_number
        connection.execute(adding.on_conflict_do_update(index_elements=["device"], set_=fresh, where=newer))

    def _upsert_outcomes(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        adding = self._insert(fleet_outcomes).values(rows)
        fresh = {name: adding.excluded[name] for name in ("outcome", "reason", "log", "at")}
        # Who once failed has failed; a device that was silent and speaks again is what it says.
        open_ones = fleet_outcomes.c.outcome != "failed"
        connection.execute(
            adding.on_conflict_do_update(index_elements=["rollout", "device"], set_=fresh, where=open_ones)
        )

    def _insert(self, table: Any) -> Any:
        is_sqlite = self._engine.dialect.name == "sqlite"
        return sqlite_insert(table) if is_sqlite else postgresql_insert(table)


def _batches(rows: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH)]


def _rollout_values(rollout: RolloutRecord) -> dict[str, Any]:
    pace = rollout.pace
    return {
        "number": rollout.number,
        "channel": rollout.channel,
        "release": rollout.release,
        "base": rollout.base,
        "terms": {
            "stages": list(pace.stages),
            "soak_s": pace.soak.total_seconds(),
            "threshold": pace.threshold,
            "deadline_s": pace.deadline.total_seconds(),
            "window": rollout.window.model_dump(mode="json"),
            "urgent": rollout.urgent,
            "jitter_s": rollout.jitter_s,
        },
        "status": rollout.status,
        "stage": rollout.stage,
        "started_at": rollout.started_at,
        "stage_since": rollout.stage_since,
        "reason": rollout.reason[:300],
    }


def _rollout(row: Row[Any]) -> RolloutRecord:
    terms = row.terms
    return RolloutRecord(
        number=row.number,
        channel=row.channel,
        release=row.release,
        base=row.base,
        pace=Pace(
            stages=tuple(float(each) for each in terms["stages"]),
            soak=timedelta(seconds=terms["soak_s"]),
            threshold=terms["threshold"],
            deadline=timedelta(seconds=terms["deadline_s"]),
        ),
        window=Window.model_validate(terms["window"]),
        urgent=terms["urgent"],
        jitter_s=terms["jitter_s"],
        status=row.status,
        stage=row.stage,
        started_at=row.started_at,
        stage_since=row.stage_since,
        reason=row.reason,
    )


def _device(row: Row[Any]) -> DeviceRecord:
    report = FleetReported.model_validate_json(json.dumps(row.report)) if row.report is not None else None
    return DeviceRecord(row.device, report, row.heard_at, row.pin, row.is_held, row.running_since)
