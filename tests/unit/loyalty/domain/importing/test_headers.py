from dataclasses import replace

import pytest

from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.fields import Target, custom_id, custom_target
from loyalty.domain.importing.headers import guess_targets, heading_row, is_standard_heading
from loyalty.domain.importing.own_headings import OWN_FIELD_WORDS, marked_as_own
from loyalty.domain.importing.plan import PlanFault, plan_faults
from runtime.ids import new_id
from tests.unit.loyalty.domain.importing.sheets import plan

HOSTED_CUSTOMERS: dict[str, Target | None] = {
    "Reference ID": F.REFERENCE_ID,
    "First Name": F.GIVEN_NAME,
    "Last Name": F.FAMILY_NAME,
    "Email Address": F.EMAIL_ADDRESS,
    "Phone Number": F.PHONE_NUMBER,
    "Nickname": F.NICKNAME,
    "Company Name": F.COMPANY_NAME,
    "Street Address 1": F.LINE_1,
    "Street Address 2": F.LINE_2,
    "City": F.LOCALITY,
    "State": F.ADMINISTRATIVE_AREA,
    "Postal Code": F.POSTAL_CODE,
    "Birthday": F.BIRTHDAY,
    "Memo": F.NOTE,
    "Square Customer ID": F.EXTERNAL_ID,
    "Creation Source": None,
    "First Visit": F.FIRST_VISIT,
    "Last Visit": F.LAST_VISIT,
    "Transaction Count": F.VISITS,
    "Lifetime Spend": F.SPEND,
    "Email Subscription Status": F.EMAIL_CONSENT,
    "Instant Profile": None,
    "Blocked from online booking": None,
}
HOSTED_CUSTOMERS_IN_FRENCH: dict[str, Target | None] = {
    "Numéro de référence": F.REFERENCE_ID,
    "Prénom": F.GIVEN_NAME,
    "Nom": F.FAMILY_NAME,
    "Adresse e-mail": F.EMAIL_ADDRESS,
    "Numéro de téléphone": F.PHONE_NUMBER,
    "Surnom": F.NICKNAME,
    "Nom de l’entreprise": F.COMPANY_NAME,
    "Adresse postale 1": F.LINE_1,
    "Adresse postale 2": F.LINE_2,
    "Ville": F.LOCALITY,
    "État": F.ADMINISTRATIVE_AREA,
    "Code postal": F.POSTAL_CODE,
    "Date de naissance": F.BIRTHDAY,
    "Mémo": F.NOTE,
    "Identifiant client Square": F.EXTERNAL_ID,
    "Source de création": None,
    "Première visite": F.FIRST_VISIT,
    "Dernière visite": F.LAST_VISIT,
    "Nombre de transactions": F.VISITS,
    "Dépenses totales": F.SPEND,
    "Statut de l’abonnement par e-mail": F.EMAIL_CONSENT,
    "Profil instantané": None,
}
HOSTED_LOYALTY: dict[str, Target | None] = {
    "Customer Name": F.FULL_NAME,
    "Phone Number": F.PHONE_NUMBER,
    "Points Balance": F.POINTS,
    "Lifetime Points": None,
    "Enrolled At": F.ENROLLED_AT,
    "Last Visit": F.LAST_VISIT,
}
HOSTED_LOYALTY_IN_FRENCH: dict[str, Target | None] = {
    "Nom du client": F.FULL_NAME,
    "N° de téléphone": F.PHONE_NUMBER,
    "Solde de points": F.POINTS,
    "Total des points cumulés": None,
    "Date d’inscription": F.ENROLLED_AT,
    "Dernière visite": F.LAST_VISIT,
}


@pytest.mark.parametrize(
    "headings", [HOSTED_CUSTOMERS, HOSTED_CUSTOMERS_IN_FRENCH, HOSTED_LOYALTY, HOSTED_LOYALTY_IN_FRENCH]
)
def test_exports_of_the_hosted_product_map_without_editing(headings: dict[str, Target | None]) -> None:
    # part of row 212
    targets = guess_targets(list(headings))
    assert dict(zip(headings, targets, strict=True)) == headings
    assert plan_faults(plan(*targets), frozenset(), frozenset()) == ()


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("  E-MAIL  ", F.EMAIL_ADDRESS),
        ("Phone (mobile)", F.PHONE_NUMBER),
        ("phone_number", F.PHONE_NUMBER),
        ("Prenom", F.GIVEN_NAME),
        ("DATE DE NAISSANCE :", F.BIRTHDAY),
        ("Tél.", F.PHONE_NUMBER),
        ("n°", None),
        ("", None),
        ("'); DROP TABLE customers;--", None),
    ],
)
def test_headings_are_known_whatever_their_spelling(heading: str, target: Target | None) -> None:
    assert guess_targets([heading]) == (target,)


OTHER_SYSTEMS = {
    "shopify": (
        "First Name|Last Name|Email|Accepts Email Marketing|Default Address Address1|Default Address Phone|Phone|Tags",
        (F.GIVEN_NAME, F.FAMILY_NAME, F.EMAIL_ADDRESS, F.EMAIL_CONSENT, F.LINE_1, None, F.PHONE_NUMBER, None),
    ),
    "shopify_further": (
        "Customer ID|Default Address Company|Default Address Zip|Accepts SMS Marketing|Total Spent|Total Orders|Note",
        (F.EXTERNAL_ID, F.COMPANY_NAME, F.POSTAL_CODE, F.SMS_CONSENT, F.SPEND, F.VISITS, F.NOTE),
    ),
    "lightspeed": (
        "do_not_email|customer_code|email|balance|loyalty_balance|phone|mobile|physical_address1|physical_suburb|physical_city",
        (F.EMAIL_REFUSED, F.REFERENCE_ID, F.EMAIL_ADDRESS, None, F.POINTS, None, F.PHONE_NUMBER, F.LINE_1, None, F.LOCALITY),
    ),
    "mailchimp": (
        "Email Address|First Name|Last Name|Phone Number|Birthday|OPTIN_TIME|NOTES|TAGS",
        (F.EMAIL_ADDRESS, F.GIVEN_NAME, F.FAMILY_NAME, F.PHONE_NUMBER, F.BIRTHDAY, None, F.NOTE, None),
    ),
    "a_list_kept_by_hand": (
        "Nom et prénom|Mobile|Né(e) le|N° carte",
        (F.FULL_NAME_REVERSED, F.PHONE_NUMBER, F.BIRTHDAY, F.REFERENCE_ID),
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", list(OTHER_SYSTEMS))
def test_exports_of_other_systems_are_understood(system: str) -> None:
    headings, targets = OTHER_SYSTEMS[system]
    assert guess_targets(headings.split("|")) == targets


def test_a_column_is_known_by_what_stands_in_it_where_its_heading_says_nothing() -> None:
    sample = [("Ada", "ada@example.fr", "06 12 34 56 78", "x"), ("Bo", "", "+33612345679", "y")]
    assert guess_targets(["", "Colonne 2", "", ""], (), sample) == (
        None,
        F.EMAIL_ADDRESS,
        F.PHONE_NUMBER,
        None,
    )
    assert guess_targets(["First name", "Notes", "Fax"], (), [("0612345678", "a@b.fr", "")]) == (
        F.GIVEN_NAME, F.NOTE, None,
    )  # fmt: skip


TITLE, GROUPS = ("Clients au 12/03/2026",), ("Identité", "", "Contact", "", "Adresse")
HEADINGS, ADA = ("Nom", "Prénom", "Téléphone", "Courriel", "Ville"), ("Martin", "Ada", "0612345678")


@pytest.mark.parametrize(
    ("rows", "place"),
    [([HEADINGS, ADA], 0), ([TITLE, HEADINGS, ADA], 1), ([GROUPS, HEADINGS, ADA], 1),
     ([TITLE, GROUPS, HEADINGS, ADA], 2), ([ADA, ADA], -1), ([("x", "y"), ("1", "2")], 0), ([("Nom",), ADA], 0),
     ([HEADINGS, ("Prénom", "Nom", "Ville")], 0)],
)  # fmt: skip
def test_headings_are_found_below_a_title_and_above_groups_of_columns(
    rows: list[tuple[str, ...]], place: int
) -> None:
    assert heading_row(rows) == place


def test_no_field_is_given_to_two_columns() -> None:
    assert guess_targets(["Phone", "Telephone", "Phone number"]) == (F.PHONE_NUMBER, None, None)


def test_a_name_alone_is_the_whole_name() -> None:
    assert guess_targets(["Nom", "Téléphone"]) == (F.FULL_NAME, F.PHONE_NUMBER)
    assert guess_targets(["Nom", "Prénom"]) == (F.FAMILY_NAME, F.GIVEN_NAME)


def test_fields_of_the_shop_come_first_and_archived_ones_not_at_all() -> None:
    own = CustomField(new_id(), "Pointure préférée", FieldKind.TEXT)
    gone = replace(own, id=new_id(), name="Ville", archived_at=__import__("datetime").datetime.now())
    targets = guess_targets(["pointure preferee", "ville"], [own, gone])
    assert targets == (custom_target(own.id), F.LOCALITY)
    assert custom_id(targets[0] or "") == own.id


def own_field(name: str) -> CustomField:
    return CustomField(new_id(), name, FieldKind.TEXT)


def test_own_fields_that_differ_in_brackets_or_in_another_script_stay_apart() -> None:
    top, bottom, allergy = own_field("Taille (haut)"), own_field("Taille (bas)"), own_field("الحساسية")
    there = [top, bottom, allergy]
    headings = ["", " TAILLE (HAUT) ", "Taille (bas)", "Taille", "الحساسية"]
    expected = (
        None,
        custom_target(top.id),
        custom_target(bottom.id),
        None,
        custom_target(allergy.id),
    )
    assert guess_targets(headings, there) == expected, "a heading that could be two of them is none"
    assert guess_targets(["Taille"], [top]) == (custom_target(top.id),)
    assert guess_targets(["", "***"], [own_field("!!"), own_field("(x)")]) == (None, None)


@pytest.mark.parametrize("name", ["Téléphone", "Numéro de carte", "Tél. (fixe)"])
def test_a_field_called_as_every_sheets_column_leaves_it_that_column(name: str) -> None:
    own = own_field(name)
    standard = guess_targets([name])[0]
    assert standard is not None
    assert custom_id(standard) is None
    assert is_standard_heading(name)
    assert guess_targets([name, "Ville", name], [own]) == (standard, F.LOCALITY, custom_target(own.id))
    for words in OWN_FIELD_WORDS:
        assert guess_targets([name, marked_as_own(name, words)], [own]) == (standard, custom_target(own.id))


@pytest.mark.parametrize(
    "name", ["Allergies", "Téléphone (parents)", "Taille (haut)", "الحساسية", "Solde (€)"]
)
def test_other_names_are_free_for_own_fields(name: str) -> None:
    own = own_field(name)
    assert not is_standard_heading(name)
    assert guess_targets(["Téléphone", name], [own]) == (F.PHONE_NUMBER, custom_target(own.id))


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("Adresse|Adresse (e-mail)", (F.LINE_1, F.EMAIL_ADDRESS)),
        ("Nom|Prénom|Nom (entreprise)", (F.FAMILY_NAME, F.GIVEN_NAME, F.COMPANY_NAME)),
        ("Tél. (fixe)|Tél. (mobile)", (None, F.PHONE_NUMBER)),
        ("Tél fixe|date_naissance", (F.PHONE_NUMBER, F.BIRTHDAY)),
        ("Solde (€)|Nb points", (None, F.POINTS)),
        ("Solde (EUR)|Dépenses (€)", (None, F.SPEND)),
        ("DDN|Points fidélité|Opt-in", (F.BIRTHDAY, F.POINTS, F.EMAIL_CONSENT)),
        ("Date naissance|Créé le|Mobile phone number", (F.BIRTHDAY, F.ENROLLED_AT, F.PHONE_NUMBER)),
        ("Créé le|Membre depuis", (None, F.ENROLLED_AT)),
    ],
)
def test_brackets_and_short_forms_say_what_is_meant(
    headings: str, targets: tuple[Target | None, ...]
) -> None:
    assert guess_targets(headings.split("|")) == targets


def test_what_our_own_export_reports_is_not_added_again() -> None:
    # part of row 95
    assert guess_targets(["Comptoir ID", "Points balance", "Visits", "Phone"]) == (
        F.CUSTOMER_ID,
        None,
        None,
        F.PHONE_NUMBER,
    )


def test_somebody_must_be_named_and_the_reference_where_it_is_the_purpose() -> None:
    # row 94
    nothing: frozenset[object] = frozenset()
    assert plan_faults(plan(F.REFERENCE_ID, F.NOTE), frozenset(), frozenset()) == (PlanFault.NOBODY_NAMED,)
    for name in (F.GIVEN_NAME, F.FAMILY_NAME, F.FULL_NAME, F.PHONE_NUMBER, F.EMAIL_ADDRESS):
        assert plan_faults(plan(F.REFERENCE_ID, name, needs_reference=True), frozenset(), frozenset()) == ()
        assert plan_faults(plan(name, needs_reference=True), frozenset(), frozenset()) == (
            PlanFault.REFERENCE_NOT_MAPPED,
        )
    assert not nothing


def test_other_faults_of_a_plan() -> None:
    gone = custom_target(new_id())
    faults = plan_faults(plan(F.GIVEN_NAME, F.GIVEN_NAME, gone, group_id=new_id()), frozenset(), frozenset())
    assert faults == (PlanFault.MAPPED_TWICE, PlanFault.UNKNOWN_FIELD, PlanFault.UNKNOWN_GROUP)
    assert plan_faults(plan("nonsense", F.GIVEN_NAME), frozenset(), frozenset()) == (PlanFault.UNKNOWN_FIELD,)
