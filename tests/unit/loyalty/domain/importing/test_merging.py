from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from loyalty.domain.activity import StartFigures
from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentChannel, ConsentPurpose, ConsentState
from loyalty.domain.customer import CustomerSource
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.fields import custom_target
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.merging import Addition, MergeContext, merge
from loyalty.domain.importing.plan import Attestation
from loyalty.domain.importing.reasons import CellFault, CellReason
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.ledger import EntryKind, LoyaltyAccount
from runtime.ids import new_id
from tests.unit.loyalty.domain.importing.sheets import AT, context, known, row

EMAIL, SMS, PROGRAMME = (
    ConsentPurpose.MARKETING_EMAIL, ConsentPurpose.MARKETING_SMS, ConsentPurpose.PROGRAMME
)  # fmt: skip
TOLD = Attestation(
    frozenset({EMAIL, SMS, PROGRAMME}), "Carnet papier", date(2024, 5, 1), "J’accepte de recevoir"
)
FULL = known(
    given_name="Ada", family_name="Martin", reference_id="007", phone_number="+33612345678",
    email_address="Ada@x.fr", company_name="Lumen", note="tea", language="fr", nickname="A", preferences="calm",
)  # fmt: skip
FULL = replace(
    FULL,
    birthday=Birthday(3, 12, 1990),
    addresses=(PostalAddress("home", "1 rue A", "Apt 3", "Lyon", None, "69001", "FR"),),
)


def added(said: ImportRow, before: KnownCustomer | None, ctx: MergeContext | None = None) -> Addition:
    result = merge(said, before, ctx or context(*F))
    assert isinstance(result, Addition), result
    return result


def telling(*targets: F, **more: object) -> MergeContext:
    base = context(*targets, **more)
    return replace(base, plan=replace(base.plan, attestation=TOLD))


def with_account(customer: KnownCustomer, balance: int = 0) -> KnownCustomer:
    account = LoyaltyAccount(new_id(), customer.customer.id, customer.customer.phone_number, balance, AT)
    return replace(customer, account=account)


def test_a_new_customer_holds_all_that_the_row_says() -> None:
    own = new_id()
    said = row(
        reference_id="0042", given_name="Zoé", family_name="Roy", nickname="Zo", company_name="Roy SA",
        phone_number="+33612345679", email_address="zoe@x.fr", line_1="2 rue B", locality="Paris",
        postal_code="75001", country="FR", birthday="--07-14", language="fr", note="n", preferences="p",
        visits="7", spend="12345", first_visit="2020-01-02T00:00:00+00:00", **{custom_target(own): "M"},
    )  # fmt: skip
    made = added(said, None)
    customer = made.after.customer
    assert made.is_new
    assert customer.source is CustomerSource.IMPORT
    assert (customer.reference_id, customer.given_name, customer.phone_number) == (
        "0042",
        "Zoé",
        "+33612345679",
    )
    assert (customer.nickname, customer.note, customer.preferences, customer.version) == ("Zo", "n", "p", 1)
    assert made.after.birthday == Birthday(7, 14)
    assert made.after.addresses == (PostalAddress(None, "2 rue B", None, "Paris", None, "75001", "FR"),)
    assert made.custom_values == {own: "M"}
    assert made.after.start == StartFigures(7, 12345, datetime(2020, 1, 2, tzinfo=UTC))
    assert made.after.account is None


def test_the_same_row_again_changes_nothing() -> None:
    said = row(
        given_name="Zoé", phone_number="+33612345679", email_address="zoe@x.fr", line_1="2 rue B", birthday="--07-14",
        note="n", visits="7", points="40", email_consent="unsubscribed", **{custom_target(new_id()): "M"},
    )  # fmt: skip
    first = added(said, None)
    again = added(said, first.after)
    assert not again.changes_anything
    assert again.after == first.after


def test_blank_cells_erase_nothing() -> None:
    # X8: what a row does not say stays
    after = added(row(phone_number="+33612345678"), FULL).after
    assert after == FULL


@pytest.mark.parametrize(
    "column", ["given_name", "family_name", "company_name", "nickname", "language", "reference_id"]
)
def test_what_a_row_says_anew_is_taken_over(column: str) -> None:
    # part of rows 31, 38
    made = added(row(**{column: "fr-CA"}), FULL)
    assert getattr(made.after.customer, column) == "fr-CA"
    assert made.after.customer.version == FULL.customer.version + 1
    assert (
        replace(made.after.customer, version=1, **{column: getattr(FULL.customer, column)}) == FULL.customer
    )


def test_texts_are_added_to_not_replaced() -> None:
    made = added(row(note="milk", preferences="calm"), FULL)
    assert made.after.customer.note == "tea\nmilk"
    assert made.after.customer.preferences == "calm"
    assert not added(row(note="milk"), made.after).changes_anything


def test_a_note_that_would_be_too_long_is_told() -> None:
    refused = merge(row(note="x" * 1999), FULL, context(*F))
    assert isinstance(refused, CellFault)
    assert (refused.reason, refused.target) == (CellReason.TOO_LONG, F.NOTE)


def test_an_address_in_other_letters_is_the_same_address() -> None:
    bounced = replace(FULL, customer=replace(FULL.customer, email_bounced_at=AT))
    assert not added(row(email_address="ADA@X.FR"), bounced).changes_anything
    changed = added(row(email_address="new@x.fr"), bounced).after.customer
    assert (changed.email_address, changed.email_bounced_at) == ("new@x.fr", None)


def test_a_year_of_birth_is_not_lost_to_a_sheet_without_it() -> None:
    assert added(row(birthday="--03-12"), FULL).after.birthday == Birthday(3, 12, 1990)
    assert added(row(birthday="--03-13"), FULL).after.birthday == Birthday(3, 13)


def test_addresses_are_completed_corrected_or_another_place() -> None:
    home = FULL.addresses[0]
    assert added(row(administrative_area="Rhône"), FULL).after.addresses == (
        replace(home, administrative_area="Rhône"),
    )
    assert added(row(line_1="1 Rue A", postal_code="69002"), FULL).after.addresses == (
        replace(home, line_1="1 Rue A", postal_code="69002"),
    )
    assert added(row(line_1="9 quai C", locality="Nantes"), FULL).after.addresses == (
        PostalAddress("home", "9 quai C", None, "Nantes"),
    )
    office = PostalAddress("office", "5 rue D", None, "Lyon")
    two = replace(FULL, addresses=(home, office))
    assert not added(row(line_1="5 rue D", locality="Lyon"), two).changes_anything
    assert not added(row(country="FR"), known(given_name="Ada")).after.addresses


def test_a_balance_opens_an_account_once() -> None:
    # part of rows 184, 212
    said = row(phone_number="+33612345679", points="120", enrolled_at="2021-05-06T00:00:00+00:00")
    made = added(said, None, context(*F, opening_expires_at=AT))
    assert made.has_new_account
    assert made.after.account is not None
    assert (made.after.account.balance, made.after.account.enrolled_at.year) == (120, 2021)
    assert made.opening is not None
    assert (made.opening.kind, made.opening.points, made.opening.expires_at) == (EntryKind.OPENING, 120, AT)
    assert made.opening.idempotency_key == "opening:import"
    again = added(row(phone_number="+33612345679", points="150"), made.after)
    assert again.opening is None


def test_a_balance_is_added_to_what_was_earned_here_and_pays_what_is_owed() -> None:
    assert added(row(points="120"), with_account(FULL, 30)).after.account.balance == 150  # type: ignore[union-attr]
    in_debt = added(row(points="120"), with_account(FULL, -30))
    assert in_debt.opening is not None
    assert sum(use.points for use in in_debt.opening.uses) == 30


def test_no_balance_without_a_number_and_none_for_oneself() -> None:
    refused = merge(row(given_name="Ada", points="5"), None, context(*F))
    assert isinstance(refused, CellFault)
    assert refused.reason is CellReason.POINTS_WITHOUT_PHONE
    assert added(row(given_name="Ada", points="0"), None).after.account is None
    own = merge(row(points="5"), with_account(FULL), context(*F, own_customer_id=FULL.customer.id))
    assert isinstance(own, CellFault)
    assert own.reason is CellReason.OWN_ACCOUNT


def test_enrolment_alone_opens_an_account_without_points() -> None:
    made = added(row(phone_number="+33612345679", enrolled_at="2021-05-06T00:00:00+00:00"), None)
    assert made.has_new_account
    assert made.opening is None


def test_a_corrected_number_moves_the_account_too_unless_its_holder_gave_it_up() -> None:
    moved = added(row(reference_id="007", phone_number="+33699999999"), with_account(FULL)).after
    assert moved.account is not None
    assert moved.customer.phone_number == moved.account.phone_number == "+33699999999"
    given_up = with_account(FULL)
    assert given_up.account is not None
    given_up = replace(given_up, account=replace(given_up.account, phone_number=None))
    kept = added(row(phone_number="+33699999999"), given_up).after
    assert kept.account is not None
    assert kept.account.phone_number is None


def consents_of(
    said: ImportRow, before: KnownCustomer | None, ctx: MergeContext
) -> dict[ConsentPurpose, ConsentState]:
    entries = added(said, before, ctx).consents
    assert all(entry.channel is ConsentChannel.IMPORT for entry in entries)
    return {entry.purpose: entry.state for entry in entries}


def test_no_consent_is_raised_by_a_sheet_alone() -> None:
    # X8, part of row 32
    said = row(given_name="Ada", email_address="a@x.fr", phone_number="+33612345678", email_consent="subscribed",
               sms_consent="subscribed")  # fmt: skip
    assert consents_of(said, None, context(*F)) == {}


def test_the_owners_attestation_raises_consents_with_its_words() -> None:
    # part of X18
    said = row(given_name="Ada", email_address="a@x.fr", email_consent="subscribed", sms_consent="subscribed")
    made = added(said, None, telling(*F))
    assert [(entry.purpose, entry.wording_text) for entry in made.consents] == [
        (EMAIL, "J’accepte de recevoir (Carnet papier, 2024-05-01)"),
        (SMS, "J’accepte de recevoir (Carnet papier, 2024-05-01)"),
    ]
    unknown = row(given_name="Ada", email_address="a@x.fr")
    assert consents_of(unknown, None, telling(*F)) == {}
    assert consents_of(unknown, None, telling(F.GIVEN_NAME, F.EMAIL_ADDRESS)) == {EMAIL: ConsentState.GRANTED}


def test_an_opt_out_known_here_always_wins() -> None:
    # X18, row 32
    said = row(email_address="Ada@x.fr", email_consent="subscribed")
    left = replace(FULL, consents={EMAIL: ConsentState.WITHDRAWN})
    assert consents_of(said, left, telling(*F)) == {}
    assert consents_of(said, FULL, telling(*F, suppressed=frozenset({"ada@x.fr"}))) == {}
    assert consents_of(said, FULL, telling(*F)) == {EMAIL: ConsentState.GRANTED}


def test_an_opt_out_in_the_sheet_is_taken_over() -> None:
    said = row(email_address="Ada@x.fr", email_consent="unsubscribed")
    granted = replace(FULL, consents={EMAIL: ConsentState.GRANTED})
    assert consents_of(said, granted, context(*F)) == {EMAIL: ConsentState.WITHDRAWN}
    assert consents_of(said, None, telling(*F)) == {EMAIL: ConsentState.WITHDRAWN}


def test_the_programme_is_attested_for_those_who_have_an_account() -> None:
    said = row(phone_number="+33612345679", points="5")
    assert consents_of(said, None, telling(F.PHONE_NUMBER, F.POINTS, F.SMS_CONSENT)) == {
        PROGRAMME: ConsentState.GRANTED
    }
