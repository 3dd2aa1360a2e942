"""Guesses what a column holds from its heading, in English and French.

The headings of the hosted product's customer and loyalty exports are among them, so that a shop that moves
in need not touch the mapping (row 212).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from loyalty.domain.custom_field import CustomField
from loyalty.domain.importing.fields import ImportField, Target, custom_target

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
        carte | n de carte | numero de client | no client | n client | numero client
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
        display name | nom complet | nom et prenom | prenom et nom | nom prenom | client |
        membre
    """,
    F.NICKNAME: """
        nickname | nick name | preferred name | surnom | pseudonyme | pseudo | alias | nom d
        usage
    """,
    F.COMPANY_NAME: """
        company name | company | business name | business | organisation | organization | nom de
        l entreprise | entreprise | societe | nom de la societe | raison sociale | nom de l
        etablissement | nom de societe | nom d entreprise
    """,
    F.PHONE_NUMBER: """
        phone number | phone | phonenumber | telephone | telephone number | mobile | mobile
        number | mobile phone | cell | cell phone | cellphone | phone 1 | customer phone |
        loyalty phone number | loyalty phone | numero de telephone | no de telephone | n de
        telephone | tel | telephone mobile | telephone portable | portable | cellulaire | numero
        de portable | telephone cellulaire | numero de telephone mobile
    """,
    F.EMAIL_ADDRESS: """
        email address | email | e mail | e mail address | emailaddress | mail | customer email |
        adresse e mail | adresse email | adresse mail | courriel | adresse courriel | adresse
        electronique | adresse de courriel
    """,
    F.LINE_1: """
        street address 1 | street address | street | street 1 | address | address 1 | address
        line 1 | addressline1 | adresse | adresse 1 | adresse postale | adresse postale 1 | rue
        | rue 1 | ligne d adresse 1 | adresse ligne 1 | adresse municipale 1 | adresse
        municipale | numero et rue
    """,
    F.LINE_2: """
        street address 2 | street 2 | address 2 | address line 2 | addressline2 | apartment |
        apt | unit | adresse 2 | adresse postale 2 | rue 2 | ligne d adresse 2 | adresse ligne 2
        | complement d adresse | adresse municipale 2 | appartement | appt
    """,
    F.LOCALITY: """
        city | town | locality | suburb | city town | ville | localite | commune | municipalite
    """,
    F.ADMINISTRATIVE_AREA: """
        state | province | region | county | state or province | region ou province | state
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
        date d anniversaire | date de naissance | naissance | ne le | jour de naissance
    """,
    F.LANGUAGE: "language | preferred language | locale | langue | langue preferee",
    F.NOTE: """
        memo | note | notes | comment | comments | remark | remarks | remarque | remarques |
        commentaire | commentaires | notes client | observations
    """,
    F.PREFERENCES: "preferences | preference | likes | gouts",
    F.EMAIL_CONSENT: """
        email subscription status | e mail subscription status | email subscription | email
        marketing | email opt in | email consent | marketing email | subscribed to email | email
        status | newsletter | statut d abonnement par e mail | statut d abonnement e mail |
        statut d abonnement aux e mails | statut d abonnement par courriel | statut de l
        abonnement par e mail | statut de l abonnement par courriel | statut de l abonnement aux
        e mails | statut de l abonnement e mail | statut d abonnement email | statut d
        abonnement par email | statut de l abonnement par email | statut de l abonnement email |
        statut d abonnement aux courriels | statut d abonnement | abonnement e mail | abonne aux
        e mails | statut de l abonnement aux courriels | consentement e mail | infolettre
    """,
    F.SMS_CONSENT: """
        sms subscription status | text message subscription status | sms subscription | sms opt
        in | sms consent | sms marketing | marketing sms | text marketing | statut d abonnement
        par sms | statut d abonnement sms | statut d abonnement aux sms | statut de l abonnement
        sms | statut de l abonnement aux sms | statut de l abonnement par sms | statut d
        abonnement par texto | abonnement sms | abonne aux sms | consentement sms
    """,
    F.POINTS: """
        points balance | point balance | points | balance | current points | current balance |
        available points | loyalty points | points available | current points balance | loyalty
        balance | loyalty points balance | stars | stars balance | solde de points | solde des
        points | solde points | solde | points disponibles | points actuels | points de fidelite
        | solde de points de fidelite | solde actuel
    """,
    F.ENROLLED_AT: """
        enrolled at | enrolled on | enrolled | enrollment date | enrolment date | date enrolled
        | member since | join date | joined | joined on | signup date | sign up date | loyalty
        enrollment date | date d inscription | inscrit le | inscription | membre depuis | date d
        adhesion | adhesion | client depuis
    """,
    F.VISITS: """
        transaction count | transactions | visits | visit count | number of visits | total
        visits | orders | lifetime visits | loyalty visits | number of transactions | nombre de
        transactions | nb de transactions | nombre de visites | visites | nb de visites | nombre
        d achats
    """,
    F.SPEND: """
        lifetime spend | total spend | total spent | lifetime spending | spend | amount spent |
        lifetime value | depenses totales | total des depenses | depenses a vie | depense totale
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


def guess_targets(
    header: Sequence[str], custom_fields: Iterable[CustomField] = ()
) -> tuple[Target | None, ...]:
    """What each column holds; None where the heading says nothing that we know. No field is given twice."""
    own = {_plain(each.name): custom_target(each.id) for each in custom_fields if each.archived_at is None}
    taken: set[Target] = set()
    targets: list[Target | None] = []
    for heading in header:
        plain = _plain(heading)
        target = own.get(plain) or _FIELD_OF.get(plain)
        if target is None or target in taken:
            targets.append(None)
            continue
        taken.add(target)
        targets.append(target)
    if F.CUSTOMER_ID in taken:
        targets = [None if target in _REPORTED else target for target in targets]
    return _family_name_without_given(targets)


def _family_name_without_given(targets: list[Target | None]) -> tuple[Target | None, ...]:
    """French "Nom" is the family name beside "Prénom", and the whole name where it stands alone."""
    if F.FAMILY_NAME in targets and F.GIVEN_NAME not in targets and F.FULL_NAME not in targets:
        targets[targets.index(F.FAMILY_NAME)] = F.FULL_NAME
    return tuple(targets)


def _plain(heading: str) -> str:
    """In lower case, without accents, signs and what stands in brackets."""
    without = re.sub(r"\([^)]*\)", " ", heading.replace("œ", "oe").replace("°", " "))
    letters = unicodedata.normalize("NFKD", without.casefold())
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())
