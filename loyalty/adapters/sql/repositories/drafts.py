"""The programme in the making."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import (
    accrual_from_json,
    accrual_to_json,
    draft_steps_from_json,
    draft_steps_to_json,
    expiry_from_json,
    expiry_to_json,
    terms_from_json,
    terms_to_json,
)
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.programme_draft import ProgrammeDraft

_DRAFTS = schema.programme_drafts


class SqlDraftRepository:
    """The shop's one draft."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self) -> ProgrammeDraft | None:
        row = self._transaction.first(select(_DRAFTS))
        if row is None:
            return None
        programme = _programme(row.base_version + 1, row.begun_at, row.content)
        return ProgrammeDraft(row.base_version, programme, row.revision, draft_steps_from_json(row.steps))

    def save(self, draft: ProgrammeDraft, replacing: UUID | None) -> bool:
        values = {
            "base_version": draft.base,
            "revision": draft.revision,
            "begun_at": draft.programme.valid_from,
            "content": _content(draft.programme),
            "steps": draft_steps_to_json(draft.steps),
        }
        if replacing is None:
            return self._transaction.insert_new(_DRAFTS, {"id": 1, **values})
        statement = update(_DRAFTS).where(_DRAFTS.c.revision == replacing).values(**values)
        return self._transaction.execute(statement).rowcount == 1

    def drop(self) -> None:
        self._transaction.execute(_DRAFTS.delete())


def _content(programme: ProgrammeVersion) -> dict[str, Any]:
    return {
        "accrual": accrual_to_json(programme.accrual),
        "points_name": [programme.points_name.one, programme.points_name.many],
        "tiers": [
            {"id": str(tier.id), "name": tier.name, "points": tier.points, "terms": terms_to_json(tier.terms)}
            for tier in programme.tiers
        ],
        "is_active": programme.is_active,
        "expiry": expiry_to_json(programme.expiry),
        "max_rewards_per_sale": programme.max_rewards_per_sale,
    }


def _programme(version: int, begun_at: Any, content: dict[str, Any]) -> ProgrammeVersion:
    return ProgrammeVersion(
        version=version,
        valid_from=begun_at,
        accrual=accrual_from_json(content["accrual"]),
        points_name=PointsName(*content["points_name"]),
        tiers=tuple(
            RewardTier(UUID(tier["id"]), tier["name"], tier["points"], terms_from_json(tier["terms"]))
            for tier in content["tiers"]
        ),
        is_active=content["is_active"],
        expiry=expiry_from_json(content["expiry"]),
        max_rewards_per_sale=content["max_rewards_per_sale"],
    )
