"""What the columns of a table of people say, from their headings in English or French."""

from collections.abc import Sequence
from enum import StrEnum

from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.folding import folded_words


class Special(StrEnum):
    """Columns that are no field of a person."""

    FULL_NAME = "full_name"
    ROW_NAME = "row_name"
    """Names the row itself; shown with a pair, and never taken as evidence."""


Meaning = Field | Special
_HEADINGS: dict[Meaning, str] = {
    Field.GIVEN_NAME: (
        "given name, given names, givenname, first name, firstname, forename, fname, "
        "christian name, prenom, prenoms, first, givennames, prenom du client"
    ),
    Field.FAMILY_NAME: (
        "family name, familyname, surname, sur name, last name, lastname, lname, nom, "
        "nom de famille, patronyme, last, nom de naissance, nom du client"
    ),
    Special.FULL_NAME: (
        "name, full name, fullname, nom complet, nom et prenom, nom et prenoms, nom prenom, prenom nom, "
        "prenom et nom, customer name, customer, client name, client"
    ),
    Field.COMPANY_NAME: (
        "company, company name, business, business name, organisation, organization, "
        "entreprise, societe, raison sociale, nom de l entreprise"
    ),
    Field.BIRTHDAY: (
        "birthday, birth date, birthdate, date of birth, dateofbirth, dob, born, "
        "date de naissance, naissance, anniversaire, ne le, nee le, ne e le, date naissance, "
        "ddn, date nais, birth day, birth dt, date de naiss, dt naissance, jour de naissance"
    ),
    Field.REFERENCE: (
        "reference, reference id, reference number, referenceid, ref, soc sec id, ssn, "
        "soc sec no, social security number, social security id, sin, nas, nir, nhs number, "
        "national id, national insurance number, customer id, customer number, customer no, "
        "member id, member number, member no, membership number, card number, loyalty number, "
        "loyalty id, client id, client number, numero client, numero de client, no client, "
        "no de client, numero de membre, numero membre, numero de carte, "
        "numero de securite sociale, identifiant client, tax id, passport, passport number, "
        "medicare number, licence number, n client, n de client, n carte, n de carte, no carte, no de carte, "
        "carte, card no, customer code, code client, customer reference, reference client, ref client, "
        "numero de reference, member, adherent, numero adherent, n adherent, id client, external id"
    ),
    Field.PHONE: (
        "phone, phone number, phonenumber, telephone, telephone number, tel, mobile, "
        "mobile phone, mobile number, cell, cell phone, cellphone, home phone, "
        "numero de telephone, no de telephone, portable, telephone portable, telephone mobile, "
        "cellulaire, phone 1, telephone 1, n de telephone, n tel, no tel, num tel, gsm, tel portable, "
        "tel mobile, contact number, customer phone, primary phone"
    ),
    Field.SECOND_PHONE: (
        "phone 2, second phone, other phone, telephone 2, work phone, autre telephone, alternate phone"
    ),
    Field.EMAIL: (
        "email, e mail, mail, email address, e mail address, emailaddress, courriel, "
        "adresse courriel, adresse email, adresse e mail, adresse electronique, adresse mail, email 1, "
        "customer email, primary email"
    ),
    Field.STREET_NUMBER: (
        "street number, streetnumber, house number, number, street no, house no, numero, "
        "numero de rue, numero civique, no civique, no"
    ),
    Field.STREET: (
        "street, street name, address, address 1, address1, address line 1, street address, "
        "rue, nom de rue, adresse, adresse 1, adresse ligne 1, voie, addr1, addr, street 1, adresse1, "
        "street address 1, adresse postale, adresse postale 1, residential address, numero et rue"
    ),
    Field.SECOND_STREET: (
        "address 2, address2, address line 2, adresse 2, adresse ligne 2, complement, "
        "complement d adresse, addr2, unit, apartment, appartement"
    ),
    Field.SUBURB: "suburb, city, town, locality, ville, commune, localite, municipalite, place",
    Field.POSTCODE: (
        "postcode, post code, postal code, postalcode, zip, zip code, zipcode, code postal, cp, "
        "codepostal, pcode, post"
    ),
    Field.STATE: "state, province, region, county, departement, etat, prov",
    Field.GENDER: "gender, sex, sexe, genre",
    Special.ROW_NAME: (
        "rec id, record id, recid, recordid, id, unique id, uniqueid, row id, row, index, uuid, guid"
    ),
}
_MEANINGS = {
    heading.strip(): meaning for meaning, all_of_it in _HEADINGS.items() for heading in all_of_it.split(",")
}


def meanings(header: Sequence[str]) -> dict[Meaning, int]:
    """The column of each meaning; the first where several have the same, and nothing for unknown headings."""
    found: dict[Meaning, int] = {}
    for at, heading in enumerate(header):
        meaning = _MEANINGS.get(folded_words(heading))
        if meaning is not None:
            found.setdefault(meaning, at)
    if Special.FULL_NAME in found and (Field.GIVEN_NAME in found or Field.FAMILY_NAME in found):
        del found[Special.FULL_NAME]
    return found
