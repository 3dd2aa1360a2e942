"""The record of a merge as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.merge import MergeRecord
from loyalty.domain.profile import ProfileField


def merge_record_to_json(record: MergeRecord) -> dict[str, Any]:
    before = record.addresses_before
    return {
        "texts": {name.value: list(pair) for name, pair in record.texts.items()},
        "custom_values": {str(field_id): list(pair) for field_id, pair in record.custom_values.items()},
        "addresses_before": [asdict(each) for each in before] if before is not None else None,
        "was_email_private": record.was_email_private,
        "group_ids": [str(each) for each in record.group_ids],
        "consents": {purpose.value: state for purpose, state in record.consents.items()},
        "swapped_reference": record.swapped_reference,
        "given_account": str(record.given_account) if record.given_account is not None else None,
        "led_on": [str(each) for each in record.led_on],
        "last_bookings": {str(account_id): count for account_id, count in record.last_bookings.items()},
    }


def merge_record_from_json(value: Mapping[str, Any]) -> MergeRecord:
    before, account = value["addresses_before"], value["given_account"]
    return MergeRecord(
        texts={ProfileField(name): (pair[0], pair[1]) for name, pair in value["texts"].items()},
        custom_values={
            UUID(field_id): (pair[0], pair[1]) for field_id, pair in value["custom_values"].items()
        },
        addresses_before=tuple(PostalAddress(**each) for each in before) if before is not None else None,
        was_email_private=value["was_email_private"],
        group_ids=tuple(UUID(each) for each in value["group_ids"]),
        consents={
            ConsentPurpose(purpose): ConsentState(state) if state is not None else None
            for purpose, state in value["consents"].items()
        },
        swapped_reference=value["swapped_reference"],
        given_account=UUID(account) if account is not None else None,
        led_on=tuple(UUID(each) for each in value["led_on"]),
        last_bookings={UUID(account_id): count for account_id, count in value["last_bookings"].items()},
    )
