"""The copy of one person's data: for machines as JSON, for people as a page, both in one archive."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from checkout.profiles.worded import CHANNEL_TEXTS, PURPOSE_TEXTS
from checkout.words import Words
from checkout.words.history import ENTRY_TITLES
from loyalty.domain.address import PostalAddress
from loyalty.domain.consent import ConsentState
from loyalty.services.personal_data import PersonalData

Row = dict[str, Any]
_FORMAT = 1


@dataclass(frozen=True)
class CopyTable:
    """One section of the page: a title, heads, and rows of texts."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def as_json(data: PersonalData, at: datetime, shop_name: str) -> str:
    """All of it in one object, with times in ISO 8601 and amounts in minor units."""
    customer, account = data.member.customer, data.member.account
    whole: Row = {
        "format": _FORMAT,
        "made_at": at,
        "shop": shop_name,
        "profile": {
            "id": customer.id,
            "source": customer.source.value,
            "created_at": customer.created_at,
            "given_name": customer.given_name,
            "family_name": customer.family_name,
            "nickname": customer.nickname,
            "company_name": customer.company_name,
            "email_address": customer.email_address,
            "phone_number": customer.phone_number,
            "reference_id": customer.reference_id,
            "language": customer.language,
            "preferences": customer.preferences,
            "note": customer.note,
            "birthday": _birthday(data),
            "addresses": [_address(each) for each in data.addresses],
            "fields": dict(data.fields),
            "groups": list(data.groups),
        },
        "account": account
        and {
            "phone_number": account.phone_number,
            "balance": account.balance,
            "enrolled_at": account.enrolled_at,
        },
        "points": [
            {"at": each.booked_at, "kind": each.kind.value, "points": each.points} for each in data.points
        ],
        "sales": [
            {
                "id": each.id,
                "at": each.closed_at,
                "currency": each.currency,
                "total_minor": each.total_minor,
                "points_earned": each.points_earned,
                "points_redeemed": each.points_redeemed,
                "items": [{"name": name, "quantity": quantity} for name, quantity in each.items],
            }
            for each in data.sales
        ],
        "visits": [{"at": each.at, "method": each.method.value} for each in data.identifications],
        "membership_cards": [
            {"issued_at": each.issued_at, "revoked_at": each.revoked_at} for each in data.cards
        ],
        "payment_cards": [
            {"brand": each.card.brand, "last_four": each.card.last_four, "linked_at": each.linked_at}
            for each in data.payment_cards
        ],
        "consents": [
            {
                "at": each.at,
                "purpose": each.purpose.value,
                "state": each.state.value,
                "channel": each.channel.value,
                "wording": each.wording_text,
                "device": each.device,
            }
            for each in data.consents
        ],
        "notes": [{"at": each.written_at, "text": each.text} for each in data.notes],
        "attachments": [
            {"at": each.added_at, "name": each.file_name, "size_bytes": each.size_bytes}
            for each in data.attachments
        ],
        "messages": [
            {"at": each.queued_at, "to": each.to, "kind": each.kind.value, "text": each.body}
            for each in data.messages
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, default=_plain)


def copy_tables(data: PersonalData, words: Words, timezone: str) -> list[CopyTable]:
    """The same for a person to read; sections without rows are left out."""

    def when(at: datetime) -> str:
        return words.time(at, timezone)

    tables = [
        CopyTable(words.text("Profile"), (words.text("What"), words.text("Value")), _profile(data, words)),
        CopyTable(
            words.text("Points"),
            (words.text("When"), words.text("What"), words.text("Points")),
            [
                (when(each.booked_at), words.text(ENTRY_TITLES[each.kind]), str(each.points))
                for each in data.points
            ],
        ),
        CopyTable(
            words.text("Purchases"),
            (words.text("When"), words.text("Items"), words.text("Total")),
            [
                (
                    when(each.closed_at),
                    ", ".join(f"{quantity} × {name}" for name, quantity in each.items),
                    words.money(each.total_minor, each.currency),
                )
                for each in data.sales
            ],
        ),
        CopyTable(
            words.text("Visits"),
            (words.text("When"), words.text("How")),
            [(when(each.at), each.method.value) for each in data.identifications],
        ),
        CopyTable(
            words.text("Cards"),
            (words.text("When"), words.text("What")),
            [
                *((when(each.issued_at), words.text("Membership card")) for each in data.cards),
                *(
                    (when(each.linked_at), f"{each.card.brand} {each.card.last_four}")
                    for each in data.payment_cards
                ),
            ],
        ),
        CopyTable(
            words.text("Consents"),
            (words.text("When"), words.text("What"), words.text("How"), words.text("Words")),
            [
                (
                    when(each.at),
                    f"{words.text(PURPOSE_TEXTS[each.purpose])}: "
                    + words.text("yes" if each.state is ConsentState.GRANTED else "no"),
                    words.text(CHANNEL_TEXTS[each.channel]),
                    each.wording_text,
                )
                for each in data.consents
            ],
        ),
        CopyTable(
            words.text("Notes and files"),
            (words.text("When"), words.text("What")),
            [
                *((when(each.written_at), each.text) for each in data.notes),
                *((when(each.added_at), each.file_name) for each in data.attachments),
            ],
        ),
        CopyTable(
            words.text("Messages"),
            (words.text("When"), words.text("To"), words.text("Text")),
            [(when(each.queued_at), each.to, each.body) for each in data.messages],
        ),
    ]
    return [table for table in tables if table.rows]


def archive(json_text: str, html_text: str, name: str) -> bytes:
    """Both in one ZIP archive, as ``name.json`` and ``name.html``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{name}.json", json_text)
        packed.writestr(f"{name}.html", html_text)
    return out.getvalue()


def _profile(data: PersonalData, words: Words) -> list[tuple[str, ...]]:
    customer, account = data.member.customer, data.member.account
    told = [
        (words.text("Name"), customer.display_name),
        (words.text("Nickname"), customer.nickname),
        (words.text("Company"), customer.company_name),
        (words.text("E-mail"), customer.email_address),
        (words.text("Phone"), customer.phone_number),
        (words.text("Phone of the account"), account.phone_number if account is not None else None),
        (words.text("Points"), str(account.balance) if account is not None else None),
        (words.text("Reference"), customer.reference_id),
        (words.text("Birthday"), _birthday(data)),
        (words.text("Language"), customer.language),
        (words.text("Preferences"), customer.preferences),
        (words.text("Note"), customer.note),
        *((words.text("Address"), ", ".join(_address(each).values())) for each in data.addresses),
        *data.fields.items(),
        (words.text("Groups"), ", ".join(data.groups)),
    ]
    return [(name, value) for name, value in told if value]


def _birthday(data: PersonalData) -> str | None:
    birthday = data.birthday
    if birthday is None:
        return None
    year = f"{birthday.year:04d}" if birthday.year is not None else "-"
    return f"{year}-{birthday.month:02d}-{birthday.day:02d}"


def _address(address: PostalAddress) -> dict[str, str]:
    parts: Sequence[tuple[str, str | None]] = [
        ("label", address.label),
        ("line_1", address.line_1),
        ("line_2", address.line_2),
        ("postal_code", address.postal_code),
        ("locality", address.locality),
        ("administrative_area", address.administrative_area),
        ("country", address.country),
    ]
    return {name: value for name, value in parts if value}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
