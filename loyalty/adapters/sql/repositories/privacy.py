"""The shop's decisions about personal data, and its record of incidents."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.privacy import DEFAULT_PRIVACY_SETTINGS, Incident, PrivacySettings

_SETTINGS, _INCIDENTS = schema.privacy_settings, schema.incidents
_NAMES = frozenset(each.name for each in fields(PrivacySettings))


class SqlPrivacyRepository:
    """See ``loyalty.ports.people.PrivacyRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def settings(self) -> PrivacySettings:
        row = self._transaction.first(select(_SETTINGS))
        if row is None:
            return DEFAULT_PRIVACY_SETTINGS
        return PrivacySettings(**{name: value for name, value in row.value.items() if name in _NAMES})

    def save_settings(self, settings: PrivacySettings) -> None:
        self._transaction.upsert(_SETTINGS, {"id": 1, "value": asdict(settings)})

    def save_incident(self, incident: Incident) -> None:
        values = asdict(incident) | {"happened_on": incident.happened_on.isoformat()}
        self._transaction.upsert(_INCIDENTS, values)

    def incidents(self) -> Sequence[Incident]:
        columns = _INCIDENTS.c
        statement = select(_INCIDENTS).order_by(columns.happened_on.desc(), columns.noted_at.desc())
        return [
            Incident(
                id=row.id,
                happened_on=date.fromisoformat(row.happened_on),
                what=row.what,
                told=row.told,
                noted_by=row.noted_by,
                noted_at=row.noted_at,
                changed_at=row.changed_at,
            )
            for row in self._transaction.all(statement)
        ]
