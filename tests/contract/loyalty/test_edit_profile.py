"""Profiles created and changed, on each implementation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loyalty.domain.address import PostalAddress
from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.profile import ProfileEdit, ProfileField
from loyalty.domain.staff import CASHIER_PERMISSIONS, Permission, Role, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import (
    ConsentWording,
    EditTerms,
    ProfileConflict,
    ProfileFaults,
    ProfileSaved,
    create_profile,
    edit_profile,
)
from loyalty.services.identify import NumberUnknown, identify_by_number
from loyalty.services.profile_view import note_seen, profile_view
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import CAMILLE, IDRIS, UNKNOWN, counter, evidence

F = ProfileField
WORDING = ConsentWording("profile-test", "Typing it subscribes.")


def texts(**values: str) -> ProfileEdit:
    return ProfileEdit({ProfileField(name): text for name, text in values.items()})


def staff(*permissions: Permission) -> StaffMember:
    return StaffMember(new_id(), "x", "X", Role(new_id(), "x", frozenset(permissions)))


def saved(outcome: object) -> ProfileSaved:
    assert isinstance(outcome, ProfileSaved), outcome
    return outcome


def fault(outcome: object, field: object) -> Refused:
    assert isinstance(outcome, ProfileFaults), outcome
    return outcome.faults[field]  # type: ignore[index]


def test_a_customer_is_made_whole_and_once(database: Database, ctx: ServiceContext) -> None:
    # rows 17, 23
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        milk = CustomField(new_id(), "Lait", FieldKind.SELECTION, ("vache", "avoine"))
        uow.profiles.save_custom_field(milk)
        edit = ProfileEdit(
            {
                F.GIVEN_NAME: "  Léa\u202e ",
                F.FAMILY_NAME: "Martin",
                F.BIRTHDAY: "--02-29",
                F.LANGUAGE: "fr-CA",
                F.REFERENCE_ID: "000042",
                F.PREFERENCES: "sans sucre\n\n\nfenêtre",
                F.PHONE_NUMBER: "06 12 99 99 98",
                F.EMAIL_ADDRESS: "Lea@Example.ORG",
            },
            (PostalAddress("maison", "3 rue des Lilas", None, "Lyon", None, "69003", "fr"), PostalAddress()),
            {milk.id: "AVOINE"},
        )
        key = new_id()
        made = saved(create_profile(uow, ctx, edit, shop.cashier, customer_id=key))
        again = saved(create_profile(uow, ctx, edit, shop.cashier, customer_id=key))
        uow.commit()
    assert made.profile == again.profile
    with database.reading() as uow:
        customer = uow.customers.get(key)
        assert customer is not None
        assert (customer.given_name, customer.reference_id) == ("Léa", "000042")
        assert customer.phone_number == "+33612999998"
        assert customer.email_address == "Lea@example.org"
        assert customer.preferences == "sans sucre\n\nfenêtre"
        assert uow.birthdays.of_customer(key) == Birthday(2, 29)
        assert uow.profiles.addresses(key)[0].country == "FR"
        assert len(uow.profiles.addresses(key)) == 1
        assert uow.profiles.custom_values(key) == {milk.id: "avoine"}
        assert len(uow.cards.of_customer(key)) == 1
        actions = [entry.action for entry in uow.audit.of_subject(f"customer:{key}")]
        assert actions == [AuditAction.CUSTOMER_CREATED]


def test_a_profile_without_anything_to_know_it_by_is_none(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert create_profile(uow, ctx, texts(preferences="thé"), shop.staff) == Refused(
            Refusal.PROFILE_EMPTY
        )
        with pytest.raises(PermissionDeniedError):
            create_profile(uow, ctx, texts(given_name="Léa"), staff(Permission.EDIT_CUSTOMERS))


def test_two_people_never_overwrite_each_other(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer
        first = EditTerms(version=camille.version)
        saved(edit_profile(uow, ctx, camille.id, texts(nickname="Cam"), shop.staff, terms=first))
        second = edit_profile(uow, ctx, camille.id, texts(nickname="Milou"), shop.staff, terms=first)
        assert isinstance(second, ProfileConflict)
        assert second.now.customer.nickname == "Cam"
        # The same words are no conflict, and no change either.
        same = saved(edit_profile(uow, ctx, camille.id, texts(nickname="Cam"), shop.staff, terms=first))
        assert not same.changed
        assert same.profile.customer.version == camille.version + 1
        # Whoever calls without a version changes what is there.
        saved(edit_profile(uow, ctx, camille.id, texts(nickname="Milou"), shop.staff))


def test_a_reference_is_text_and_one_person_s(database: Database, ctx: ServiceContext) -> None:
    # rows 83, 91, 98, X10
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, idris = shop.member(CAMILLE).customer, shop.member(IDRIS).customer
        assert camille.reference_id == "000123456"
        refused = fault(
            edit_profile(uow, ctx, idris.id, texts(reference_id="000123456"), shop.staff), F.REFERENCE_ID
        )
        assert refused.reason is Refusal.REFERENCE_TAKEN
        assert refused.params == {"customer": str(camille.id), "name": camille.display_name}
        for mine in ("123456", "00aB", "00Ab"):
            saved(edit_profile(uow, ctx, idris.id, texts(reference_id=mine), shop.staff))
            found = uow.customers.member_by_reference(mine)
            assert found is not None
            assert found.customer.id == idris.id
        assert uow.customers.member_by_reference("00aB") is None


def test_an_address_typed_by_hand_subscribes_once_and_never_again(
    database: Database, ctx: ServiceContext
) -> None:
    # row 21, X9
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        idris = shop.member(IDRIS).customer
        terms = EditTerms(email_wording=WORDING)
        saved(
            edit_profile(
                uow, ctx, idris.id, texts(email_address="idris@example.org"), shop.staff, terms=terms
            )
        )
        entries = uow.consents.of_customer(idris.id)
        assert entries[-1].purpose is ConsentPurpose.MARKETING_EMAIL
        assert entries[-1].wording_text == WORDING.text
        assert entries[-1].staff_id == shop.staff.id
        state = current_consents(entries)
        assert state[ConsentPurpose.MARKETING_EMAIL] is ConsentState.GRANTED
        assert state.get(ConsentPurpose.MARKETING_SMS) is not ConsentState.GRANTED


def test_what_is_contact_detail_asks_for_its_own_permission(database: Database, ctx: ServiceContext) -> None:
    # rows 10, 75, X3
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer
        mail = CustomField(new_id(), "Deuxième adresse", FieldKind.EMAIL)
        uow.profiles.save_custom_field(mail)
        for edit, needed in (
            (texts(email_address="a@b.fr"), Permission.EDIT_CONTACT),
            (ProfileEdit(addresses=()), Permission.EDIT_CONTACT),
            (ProfileEdit(is_email_private=True), Permission.EDIT_CONTACT),
            (ProfileEdit(custom_values={mail.id: "a@b.fr"}), Permission.EDIT_CONTACT),
            (texts(note="x"), Permission.EDIT_NOTES),
            (texts(given_name="x"), Permission.EDIT_CUSTOMERS),
            (texts(preferences="x"), Permission.EDIT_CUSTOMERS),
        ):
            others = frozenset(Permission) - {needed}
            with pytest.raises(PermissionDeniedError):
                edit_profile(uow, ctx, camille.id, edit, staff(*others))


def test_a_number_changes_and_the_account_goes_along(database: Database, ctx: ServiceContext) -> None:
    # row 183
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE)
        assert camille.account is not None
        move = texts(phone_number="06 12 99 99 99")
        unchecked = edit_profile(uow, ctx, camille.customer.id, move, shop.staff)
        assert fault(unchecked, F.PHONE_NUMBER).reason is Refusal.IDENTITY_NOT_CHECKED
        checked = EditTerms(is_identity_checked=True)
        taken = edit_profile(
            uow, ctx, camille.customer.id, texts(phone_number=IDRIS), shop.staff, terms=checked
        )
        assert fault(taken, F.PHONE_NUMBER).reason is Refusal.PHONE_OF_ANOTHER_ACCOUNT
        saved(edit_profile(uow, ctx, camille.customer.id, move, shop.staff, terms=checked))
        now = shop.member(UNKNOWN)
        assert now.account is not None
        assert (now.account.id, now.account.balance) == (camille.account.id, camille.account.balance)
        assert uow.customers.member_by_phone(CAMILLE) is None
        sale = shop.sale("Croissant")
        assert isinstance(identify_by_number(uow, ctx, evidence(sale), CAMILLE), NumberUnknown)
        actions = [entry.action for entry in uow.audit.of_subject(f"customer:{camille.customer.id}")]
        assert AuditAction.PHONE_CHANGED in actions


def test_faults_are_told_field_by_field_and_nothing_is_stored(
    database: Database, ctx: ServiceContext
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer
        size = CustomField(new_id(), "Pointure", FieldKind.NUMBER)
        gone = CustomField(new_id(), "Ancien", FieldKind.TEXT, archived_at=ctx.clock.now())
        for each in (size, gone):
            uow.profiles.save_custom_field(each)
        outcome = edit_profile(
            uow,
            ctx,
            camille.id,
            ProfileEdit(
                {
                    F.GIVEN_NAME: "x" * 101,
                    F.NICKNAME: "fine",
                    F.BIRTHDAY: "1990-02-30",
                    F.LANGUAGE: "!!",
                    F.PHONE_NUMBER: "12",
                    F.EMAIL_ADDRESS: "nobody",
                },
                (PostalAddress(line_1="3 rue", country="XX"),),
                {size.id: "grand", gone.id: "x", new_id(): "x"},
            ),
            shop.staff,
        )
        assert isinstance(outcome, ProfileFaults)
        assert len(outcome.faults) == 9
        assert F.NICKNAME not in outcome.faults
        assert uow.customers.get(camille.id) == camille


def test_merged_and_unknown_profiles_are_not_changed(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille, idris = shop.member(CAMILLE).customer, shop.member(IDRIS).customer
        uow.customers.save(replace(idris, merged_into=camille.id, version=idris.version + 1))
        assert edit_profile(uow, ctx, idris.id, texts(nickname="x"), shop.staff) == Refused(
            Refusal.PROFILE_GONE
        )
        with pytest.raises(UnknownIdError):
            edit_profile(uow, ctx, new_id(), texts(nickname="x"), shop.staff)


def test_contact_details_are_not_in_the_view_without_the_permission(
    database: Database, ctx: ServiceContext
) -> None:
    # rows 8, 9, 11, X3
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer
        second = CustomField(new_id(), "Autre téléphone", FieldKind.PHONE)
        uow.profiles.save_custom_field(second)
        edit = ProfileEdit(
            {F.EMAIL_ADDRESS: "camille@example.org"},
            (PostalAddress(line_1="3 rue des Lilas"),),
            {second.id: "0612345678"},
        )
        saved(edit_profile(uow, ctx, camille.id, edit, shop.staff))
        open_view = profile_view(uow, ctx, camille.id, shop.staff)
        assert open_view is not None
        assert open_view.contact.email_address == "camille@example.org"
        assert open_view.contact.phone_number == CAMILLE
        masked = profile_view(uow, ctx, camille.id, staff(*CASHIER_PERMISSIONS))
        said = repr(masked)
        for secret in ("camille@example.org", CAMILLE, "Lilas", "+33612345678"):
            assert secret not in said, secret
        assert masked is not None
        assert masked.contact.address_count == 1
        saved(edit_profile(uow, ctx, camille.id, ProfileEdit(is_email_private=True), shop.staff))
        assert "camille@example.org" not in repr(profile_view(uow, ctx, camille.id, shop.staff))
        with pytest.raises(PermissionDeniedError):
            profile_view(uow, ctx, camille.id, staff(*(frozenset(Permission) - {Permission.VIEW_CUSTOMERS})))


def test_who_saw_contact_details_is_written_down_once_a_day(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer
        note_seen(uow, ctx, camille.id, shop.staff)
        note_seen(uow, ctx, camille.id, shop.staff)
        note_seen(uow, ctx, camille.id, shop.cashier)
        clock.set_wall(clock.now() + timedelta(days=1))
        note_seen(uow, ctx, camille.id, shop.staff)
        seen = uow.audit.of_subject(f"customer:{camille.id}")
        assert [entry.action for entry in seen] == [AuditAction.CUSTOMER_SEEN] * 2


def test_what_a_customer_did_is_added_up(database: Database, ctx: ServiceContext) -> None:
    # rows 15, 20
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE)
        spent = 0
        for number, goods in enumerate((("Croissant", "Croissant", "Café crème"), ("Croissant",))):
            sale = shop.sale(*goods)
            attached = identify_by_number(uow, ctx, evidence(sale), CAMILLE)
            assert not isinstance(attached, NumberUnknown | Refused)
            spent += shop.pay(sale, f"pay-{number}").receipt.quote.total_minor
        view = profile_view(uow, ctx, camille.customer.id, shop.staff)
        assert view is not None
        assert (view.activity.visits.visits, view.activity.visits.spend_minor) == (2, spent)
        assert (view.activity.items[0].name, view.activity.items[0].quantity) == ("Croissant", 3)
        assert view.activity.lanes == [(shop.shop.lane.id, 2)]
        assert [sale.receipt_number for sale in view.activity.sales] == [2, 1]
        assert view.account is not None
        assert view.account.entries
