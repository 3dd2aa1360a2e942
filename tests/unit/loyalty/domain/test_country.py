from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from babel import Locale
from babel.numbers import format_currency

from loyalty.domain.accrual import TaxMode
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.country import PRESETS, CountryPreset, preset
from loyalty.domain.pricing.engine import price_sale
from tests.unit.loyalty.domain.build import line, member, sale, terms


@pytest.mark.parametrize(
    ("locale", "text"), [("fr-CA", "12,50 $"), ("fr-FR", "12,50 €"), ("en-US", "$12.50"), ("en-CA", "$12.50")]
)
def test_an_amount_is_written_as_in_the_country(locale: str, text: str) -> None:
    # row 198
    assert PRESETS[locale].money.text(1250).replace("\u00a0", " ") == text


@pytest.mark.parametrize("each", PRESETS.values(), ids=lambda each: str(each.locale))
@pytest.mark.parametrize("amount_minor", [0, 5, 99, 1250, 123_456, 1_234_567, 123_456_789, -1250])
def test_amounts_are_written_as_the_common_locale_data_do(each: CountryPreset, amount_minor: int) -> None:
    # row 198
    if each.locale == "fr-CH" or (each.locale, amount_minor) == ("es-ES", 123_456):
        return  # Swiss till slips have a point; Spanish sets no thousands apart in four digits, Babel does
    from_data = format_currency(amount_minor / 100, each.currency, locale=each.locale.replace("-", "_"))
    assert each.money.text(amount_minor) == from_data


def test_quebec_has_two_taxes_on_the_price_before_tax_and_no_one_cent_coin() -> None:
    # row 198
    quebec = PRESETS["fr-CA"]
    assert [(tax.rate_ppm, tax.inclusion) for tax in quebec.taxes] == [
        (50_000, TaxInclusion.ON_TOP),
        (99_750, TaxInclusion.ON_TOP),
    ]
    assert (quebec.currency, quebec.smallest_coin_minor, quebec.timezone) == ("CAD", 5, "America/Toronto")
    quote = price_sale(sale(line("Livre", 10_000, taxes=quebec.taxes), who=member()), terms())
    assert [tax.amount_minor for tax in quote.taxes] == [500, 998]


def test_france_has_its_rates_inside_the_price() -> None:
    # row 198
    france = PRESETS["fr-FR"]
    assert sorted(tax.rate_ppm for tax in france.taxes) == [55_000, 100_000, 200_000]
    assert {tax.inclusion for tax in france.taxes} == {TaxInclusion.INCLUDED}
    assert (france.currency, france.smallest_coin_minor) == ("EUR", 1)


@pytest.mark.parametrize("each", PRESETS.values(), ids=lambda each: str(each.locale))
def test_every_preset_is_complete_and_known_to_the_world(each: CountryPreset) -> None:
    # row 198
    assert Locale.parse(each.locale, sep="-").territory == each.country
    assert ZoneInfo(each.timezone)
    assert phonenumbers.country_code_for_region(each.phone_region) > 0
    assert set(each.default_tax_ids) <= {tax.id for tax in each.taxes}
    assert each.country in each.sms_countries
    assert each.points_tax_mode is TaxMode.BEFORE_TAX  # X6
    assert each.language == each.locale[:2]


def test_presets_are_found_by_either_way_of_writing_a_locale() -> None:
    assert preset("fr_CA") is PRESETS["fr-CA"]
    assert preset("xx-XX") is None
