"""Addresses and custom fields of profiles."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import profile_settings_from_json, profile_settings_to_json
from loyalty.adapters.sql.repositories.setup import SetupReader
from loyalty.domain.address import PostalAddress
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.profile_settings import DEFAULT_PROFILE_SETTINGS, ProfileSettings
from loyalty.errors import ConflictError
from runtime.ids import new_id

_ADDRESSES, _FIELDS, _VALUES = schema.customer_addresses, schema.custom_fields, schema.custom_values


class SqlProfileRepository:
    """What belongs to a profile and stands in tables of its own."""

    def __init__(self, transaction: Transaction, setup: SetupReader) -> None:
        self._transaction = transaction
        self._setup = setup

    def addresses(self, customer_id: UUID) -> tuple[PostalAddress, ...]:
        rows = self._transaction.all(
            select(_ADDRESSES).where(_ADDRESSES.c.customer_id == customer_id).order_by(_ADDRESSES.c.position)
        )
        return tuple(address_from(row) for row in rows)

    def put_addresses(self, customer_id: UUID, addresses: Sequence[PostalAddress]) -> None:
        self._transaction.execute(delete(_ADDRESSES).where(_ADDRESSES.c.customer_id == customer_id))
        for position, address in enumerate(addresses):
            self._transaction.execute(
                _ADDRESSES.insert(),
                {"id": new_id(), "customer_id": customer_id, "position": position, **asdict(address)},
            )

    def custom_fields(self) -> Sequence[CustomField]:
        rows = self._transaction.all(select(_FIELDS).order_by(_FIELDS.c.position, _FIELDS.c.id))
        return [
            CustomField(
                row.id, row.name, FieldKind(row.kind), tuple(row.choices), row.position, row.archived_at
            )
            for row in rows
        ]

    def save_custom_field(self, custom_field: CustomField) -> None:
        if custom_field.archived_at is None:
            taken = self._transaction.first(
                select(_FIELDS.c.id).where(
                    and_(
                        _FIELDS.c.name == custom_field.name,
                        _FIELDS.c.archived_at.is_(None),
                        _FIELDS.c.id != custom_field.id,
                    )
                )
            )
            if taken is not None:
                raise ConflictError("another field bears this name", name=custom_field.name)
        self._transaction.upsert(_FIELDS, asdict(custom_field) | {"choices": list(custom_field.choices)})
        self._setup.changed()  # filters name fields

    def custom_values(self, customer_id: UUID) -> dict[UUID, str]:
        rows = self._transaction.all(select(_VALUES).where(_VALUES.c.customer_id == customer_id))
        return {row.field_id: row.text for row in rows}

    def put_custom_value(self, customer_id: UUID, custom_field: CustomField, value: str | None) -> None:
        if value is None:
            self._transaction.execute(
                delete(_VALUES).where(
                    _VALUES.c.customer_id == customer_id, _VALUES.c.field_id == custom_field.id
                )
            )
            return
        number = Decimal(value) if custom_field.kind is FieldKind.NUMBER else None
        self._transaction.upsert(
            _VALUES,
            {"customer_id": customer_id, "field_id": custom_field.id, "text": value, "number": number},
        )

    def settings(self) -> ProfileSettings:
        row = self._transaction.first(select(schema.profile_settings.c.settings))
        return profile_settings_from_json(row.settings) if row is not None else DEFAULT_PROFILE_SETTINGS

    def save_settings(self, settings: ProfileSettings) -> None:
        self._transaction.upsert(
            schema.profile_settings, {"id": 1, "settings": profile_settings_to_json(settings)}
        )

    def forget(self, customer_id: UUID) -> None:
        for table in (_ADDRESSES, _VALUES, schema.customer_notes, schema.customer_attachments):
            self._transaction.execute(delete(table).where(table.c.customer_id == customer_id))


def address_from(row: Row[Any]) -> PostalAddress:
    return PostalAddress(
        label=row.label,
        line_1=row.line_1,
        line_2=row.line_2,
        locality=row.locality,
        administrative_area=row.administrative_area,
        postal_code=row.postal_code,
        country=row.country,
    )
