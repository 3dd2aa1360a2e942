"""Guesses what a column holds from its heading, in English and French.

The headings of the hosted product's customer and loyalty exports are among them, so that a shop that moves
in need not touch the mapping (row 212).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.fields import ImportField, Target
from loyalty.domain.importing.own_headings import OwnHeadings, is_marked_as_own
from loyalty.domain.text import without_accents

F = ImportField

_HEADINGS: dict[ImportField, str] = {
    F.CUSTOMER_ID: "comptoir id | comptoir customer id | identifiant comptoir | id comptoir",
    F.EXTERNAL_ID: """
        square customer id | customer id | client id | external id | loyalty account id |
        account id | id client square | identifiant client square | identifiant du client square
        | id client | identifiant client | n client square | numero de client square
    """,
    F.REFERENCE_ID: """
        reference id | reference | reference no | reference number | ref | customer reference |
        customer reference id | member number | member no | member id | membership number |
        membership no | membership id | card number | loyalty card number | customer number |
        external reference | numero de reference | no de reference | n de reference | id de
        reference | identifiant de reference | reference client | numero de membre | no de
        membre | n de membre | numero d adherent | n d adherent | numero adherent | numero de
        carte | n de carte | n carte | no carte | num carte | carte | carte fidelite | carte de
        fidelite | n de carte de fidelite | n carte fidelite | numero de carte de fidelite | card |
        card no | barcode | code barres | code client | customer code | code | numero de
        client | no client | n client | numero client
    """,
    F.GIVEN_NAME: """
        first name | firstname | given name | givenname | forename | prenom | prenoms | prenom
        du client
    """,
    F.FAMILY_NAME: """
        last name | lastname | surname | family name | familyname | nom | nom de famille | nom
        du client
    """,
    F.FULL_NAME: """
        name | full name | fullname | customer name | customer | client name | member name |
        display name | nom complet | prenom et nom | prenom nom | prenoms et nom | first and
        last name | client | membre | contact | contact name | nom du contact
    """,
    F.FULL_NAME_REVERSED: """
        nom et prenom | nom et prenoms | nom prenom | nom prenoms | noms et prenoms | last name
        first name | full name family name first | nom complet le nom d abord | last first |
        surname and first name
    """,
    F.NICKNAME: """
        nickname | nick name | preferred name | surnom | pseudonyme | pseudo | alias | nom d
        usage
    """,
    F.COMPANY_NAME: """
        company name | company | business name | business | organisation | organization | nom de
        l entreprise | entreprise | societe | nom de la societe | raison sociale | nom de l
        etablissement | nom de societe | nom d entreprise | nom entreprise | nom societe
    """,
    F.PHONE_NUMBER: """
        phone number | phone | phonenumber | telephone | telephone number | mobile | mobile
        number | mobile phone | cell | cell phone | cellphone | phone 1 | customer phone | gsm |
        contact number | n de tel | n tel | num tel | no tel | tel mobile | tel portable | tel 1 |
        sms | sms phone number | mobile 1 | telephone 1 |
        loyalty phone number | loyalty phone | numero de telephone | no de telephone | n de
        telephone | tel | telephone mobile | telephone portable | portable | cellulaire | numero
        de portable | telephone cellulaire | numero de telephone mobile | mobile phone number |
        tel fixe | telephone fixe | fixe
    """,
    F.EMAIL_ADDRESS: """
        email address | email | e mail | e mail address | emailaddress | mail | customer email |
        email 1 | e mail 1 | primary email | contact email |
        adresse e mail | adresse email | adresse mail | courriel | adresse courriel | adresse
        electronique | adresse de courriel
    """,
    F.LINE_1: """
        street address 1 | street address | street | street 1 | address | address 1 | address
        line 1 | addressline1 | address1 | adresse1 | addr 1 | adresse | adresse 1
        | adresse postale | adresse postale 1 | rue
        | rue 1 | ligne d adresse 1 | adresse ligne 1 | adresse municipale 1 | adresse
        municipale | numero et rue
    """,
    F.LINE_2: """
        street address 2 | street 2 | address 2 | address line 2 | addressline2 | address2 |
        adresse2 | addr 2 | apartment |
        apt | unit | adresse 2 | adresse postale 2 | rue 2 | ligne d adresse 2 | adresse ligne 2
        | complement d adresse | adresse municipale 2 | appartement | appt
    """,
    F.LOCALITY: """
        city | town | locality | suburb | city town | ville | localite | commune | municipalite
    """,
    F.ADMINISTRATIVE_AREA: """
        state | province | region | county | province code | state code | state or province |
        region ou province | state
        province | state region | province state |
        administrative area | etat | etat province | departement | canton | etat province region
        | province etat
    """,
    F.POSTAL_CODE: """
        postal code | postcode | zip | zip code | zipcode | post code | code postal | cp | npa
    """,
    F.COUNTRY: "country | country code | pays | code pays | code du pays",
    F.BIRTHDAY: """
        birthday | birth day | birthdate | birth date | date of birth | dob | anniversaire |
        date d anniversaire | date de naissance | date naissance | ddn | naissance | ne le |
        jour de naissance
    """,
    F.LANGUAGE: "language | preferred language | locale | langue | langue preferee",
    F.NOTE: """
        memo | note | notes | customer note | memos | comment | comments | remark | remarks |
        remarque | remarques |
        commentaire | commentaires | notes client | observations
    """,
    F.PREFERENCES: "preferences | preference | likes | gouts",
    F.EMAIL_CONSENT: """
        email subscription status | e mail subscription status | email subscription | email
        marketing | accepts email marketing | accepts marketing | accepte le marketing par e
        mail | accepte le marketing | email marketing status | email marketing consent | email
        opt in | email consent | marketing email | subscribed to email | email
        status | newsletter | opt in | optin | statut d abonnement par e mail | statut d abonnement e mail |
        statut d abonnement aux e mails | statut d abonnement par courriel | statut de l
        abonnement par e mail | statut de l abonnement par courriel | statut de l abonnement aux
        e mails | statut de l abonnement e mail | statut d abonnement email | statut d
        abonnement par email | statut de l abonnement par email | statut de l abonnement email |
        statut d abonnement aux courriels | statut d abonnement | abonnement e mail | abonne aux
        e mails | statut de l abonnement aux courriels | consentement e mail | infolettre
    """,
    F.SMS_CONSENT: """
        sms subscription status | text message subscription status | sms subscription | sms opt
        in | sms consent | accepts sms marketing | accepte le marketing par sms | sms marketing
        status | sms marketing consent | sms marketing | marketing sms | text marketing | statut d abonnement
        par sms | statut d abonnement sms | statut d abonnement aux sms | statut de l abonnement
        sms | statut de l abonnement aux sms | statut de l abonnement par sms | statut d
        abonnement par texto | abonnement sms | abonne aux sms | consentement sms
    """,
    F.EMAIL_REFUSED: """
        do not email | do not e mail | no email | no emails | no e mails wanted | email opt out |
        opt out | opted out | unsubscribed | unsub time | unsubscribe date | marketing opt out |
        ne pas envoyer d e mail | ne pas envoyer d e mails | ne veut pas d e mails | pas d e mail |
        desabonne | desabonnement | date de desabonnement | refus e mail
    """,
    F.POINTS: """
        points balance | point balance | points | balance | current points | current balance |
        available points | loyalty points | points available | current points balance | loyalty
        balance | loyalty points balance | stars | stars balance | solde de points | solde des
        points | solde points | solde | points disponibles | points actuels | points de fidelite
        | solde de points de fidelite | solde actuel | nb points | nb de points | nombre de points |
        points fidelite
    """,
    F.ENROLLED_AT: """
        enrolled at | enrolled on | enrolled | enrollment date | enrolment date | date enrolled
        | member since | join date | joined | joined on | signup date | sign up date | loyalty
        enrollment date | date d inscription | inscrit le | inscription | membre depuis | date d
        adhesion | adhesion | client depuis | cree le
    """,
    F.VISITS: """
        transaction count | transactions | visits | visit count | number of visits | total
        visits | orders | total orders | orders count | order count | number of orders | nombre
        de commandes | commandes | total des commandes | lifetime visits | loyalty visits |
        number of transactions | nombre de
        transactions | nb de transactions | nombre de visites | visites | nb de visites | nombre
        d achats
    """,
    F.SPEND: """
        lifetime spend | total spend | total spent | lifetime spending | spend | amount spent |
        lifetime value | total sales | amount spent total | depenses totales | total des
        depenses | depenses a vie | depense totale
        | montant total depense | total depense | montant depense | montant des depenses |
        depenses cumulees | depenses | total des achats | depenses depuis le debut | somme
        depensee
    """,
    F.FIRST_VISIT: """
        first visit | first visit date | first purchase | first seen | premiere visite | premier
        achat | date de la premiere visite | date de premiere visite
    """,
    F.LAST_VISIT: """
        last visit | last visit date | last purchase | last seen | most recent visit | derniere
        visite | dernier achat | date de la derniere visite | date de derniere visite | visite
        la plus recente
    """,
}

_REPORTED = frozenset({F.POINTS, F.ENROLLED_AT, F.VISITS, F.SPEND, F.FIRST_VISIT, F.LAST_VISIT})
"""What our own export tells and an import of it must not add to what is there (row 95)."""

_FIELD_OF = {
    " ".join(heading.split()): field
    for field, headings in _HEADINGS.items()
    for heading in headings.split("|")
}


_LESS_SURE = {
    "balance", "current balance", "solde", "solde actuel", "phone", "telephone", "tel", "phone number",
    "telephone number", "numero de telephone", "telephone 1", "phone 1", "tel 1", "region", "province code",
    "suburb", "name", "client", "customer", "membre", "contact", "sms", "tel fixe", "telephone fixe", "fixe",
    "opt in", "optin", "cree le",
}  # fmt: skip
"""Headings that give way to another of the same sheet: a balance may be money beside points, and messages
reach a mobile phone rather than the one at home."""

_SUREST, _LEFT_OVER = -1, 9
_OF_MONEY = re.compile(r"[€$£¥]|\b(?:EUR|CHF|USD|CAD|GBP)\b", re.IGNORECASE)
"""A balance under such a heading is none of points."""

_OF_A_PART = re.compile(
    r"(?:default address|physical|billing(?: address)?|contact|customer|client|adresse par defaut"
    r"|adresse de facturation|facturation) "
)
"""What other systems write before each part of an address; understood where nothing else is the field."""

_LOOKED_AT_FOR_HEADINGS = 10
_LIKE_DATA = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[+\d][\d .()/-]{6,}")


def guess_targets(
    header: Sequence[str], custom_fields: Iterable[CustomField] = (), sample: Sequence[Sequence[str]] = ()
) -> tuple[Target | None, ...]:
    """What each column holds; None where neither heading nor contents say anything that we know.

    No field is given twice: the surest heading gets it, the first of equals. Addresses and phone numbers are
    known by what stands below headings that say nothing, too.

    Args:
        header: The headings.
        custom_fields: The shop's own.
        sample: The first rows.
    """
    own = OwnHeadings(custom_fields)
    targets: list[Target | None] = [None] * len(header)
    said = [list(_claims(heading, own)) for heading in header]
    claims = sorted(
        (sureness, column, target) for column, each in enumerate(said) for target, sureness in each
    )
    for _, column, target in claims:
        if targets[column] is None and target not in targets:
            targets[column] = target
    for column, each in enumerate(said):
        if not each:
            shown = _by_contents([row[column] for row in sample if column < len(row)])
            targets[column] = shown if shown not in targets else None
    if F.CUSTOMER_ID in targets:
        targets = [None if target in _REPORTED else target for target in targets]
    return _family_name_without_given(targets)


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows of a sheet holds the headings; -1 where the very first is a person already.

    A title, the day of the export or names of groups of columns may stand above the headings.
    """
    known = [_headings_in(row) for row in rows[:_LOOKED_AT_FOR_HEADINGS]]
    best = max(range(len(known)), key=lambda place: known[place], default=0)
    if best > 0 and known[best] > max(2 * known[0], 1):
        return best
    if rows and known[0] == 0 and any(_LIKE_DATA.fullmatch(cell.strip()) for cell in rows[0]):
        return -1
    return 0


def is_standard_heading(name: str) -> bool:
    """Whether a column of that name is one that every sheet may hold: it is no name for an own field."""
    return is_marked_as_own(name) or (_standard(name) is not None and _is_whole(name))


def _headings_in(row: Sequence[str]) -> int:
    claims = (_standard(cell) for cell in row)
    return len({claim[0] for claim in claims if claim is not None})


def _claims(heading: str, own: OwnHeadings) -> Iterator[tuple[Target, int]]:
    """What a heading may be, and how sure that is; the lowest figure is the surest.

    The name of an own field is that field. One that is called as every sheet's column gets what that column
    leaves over: two columns of one heading are both.
    """
    exact, standard = own.exact(heading), _standard(heading)
    if exact is not None and (standard is None or not _is_whole(heading)):
        yield exact, _SUREST
    elif standard is not None:
        yield standard
        if exact is not None:
            yield exact, _LEFT_OVER
    elif (folded := own.folded(heading)) is not None:
        yield folded, 0


def _standard(heading: str) -> tuple[Target, int] | None:
    """What a heading says that every sheet may hold; from 2 on it is the part of something."""
    for plain in dict.fromkeys((_words(heading), _plain(heading))):
        part = _OF_A_PART.match(plain) if plain not in _FIELD_OF else None
        words = plain[part.end() :] if part is not None else plain
        target = _FIELD_OF.get(words)
        if target is not None:
            is_money = target is F.POINTS and _OF_MONEY.search(heading) is not None
            sureness = (2 if part is not None else 0) + (words in _LESS_SURE)
            return None if is_money else (target, sureness)
    return None


def _is_whole(heading: str) -> bool:
    """Whether all of the heading is a standard one, and not only what stands before its brackets."""
    return _words(heading) == _plain(heading) or _words(heading) in _FIELD_OF


def _by_contents(cells: Sequence[str]) -> Target | None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    for target, form in _FORMS.items():
        if filled and all(form.fullmatch(cell) for cell in filled):
            return target
    return None


_FORMS = {
    F.EMAIL_ADDRESS: re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}"),
    F.PHONE_NUMBER: re.compile(r"(?:\+|00|0[1-9])[\d .()/-]{7,17}"),
}


def _family_name_without_given(targets: list[Target | None]) -> tuple[Target | None, ...]:
    """French "Nom" is the family name beside "Prénom", and the whole name where it stands alone."""
    whole = (F.GIVEN_NAME, F.FULL_NAME, F.FULL_NAME_REVERSED)
    if F.FAMILY_NAME in targets and not any(each in targets for each in whole):
        targets[targets.index(F.FAMILY_NAME)] = F.FULL_NAME
    return tuple(targets)


def _plain(heading: str) -> str:
    """In lower case, without accents, signs and what stands in brackets."""
    return _words(re.sub(r"\([^)]*\)", " ", heading))


def _words(heading: str) -> str:
    """In lower case, without accents and signs."""
    bare = without_accents(heading.replace("°", " ").casefold())
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())
