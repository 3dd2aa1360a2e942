"""Ready-made answers for a new shop, by language and country.

Rates are those in force when this was written; the shop can change every one of them. Where the law leaves
sales tax to the place (United States, provinces of Canada), the preset names the usual place and the
set-up asks.
"""

from dataclasses import dataclass

from loyalty.domain.accrual import TaxMode
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.country.money_format import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE, MoneyFormat
from loyalty.domain.money import Currency


@dataclass(frozen=True, slots=True)
class CountryPreset:
    """One country in one of its languages."""

    locale: str
    """BCP 47 tag: ``fr-CA``."""
    country: str
    currency: Currency
    phone_region: str
    timezone: str
    money: MoneyFormat
    date_format: str
    """For ``strftime``."""
    taxes: tuple[TaxRate, ...]
    """The first is the one that new items bear, or the first set of them where taxes come on top."""
    default_tax_ids: tuple[str, ...]
    """What a new item bears."""
    smallest_coin_minor: int = 1
    takes_tips: bool = False
    points_tax_mode: TaxMode = TaxMode.BEFORE_TAX
    """Without tax everywhere, until the shop chooses otherwise (X6)."""
    sms_countries: frozenset[str] = frozenset()
    """Where messages may go (row 207): this country and what shares its numbering."""

    @property
    def language(self) -> str:
        return self.locale.partition("-")[0]


def _on_top(tax_id: str, name: str, rate_ppm: int) -> TaxRate:
    return TaxRate(tax_id, name, rate_ppm, TaxInclusion.ON_TOP)


def _inside(tax_id: str, name: str, rate_ppm: int) -> TaxRate:
    return TaxRate(tax_id, name, rate_ppm, TaxInclusion.INCLUDED)


_EURO_AFTER = MoneyFormat("€", is_symbol_first=False, decimal_mark=",", group_mark=NARROW_NO_BREAK_SPACE,
                          space=NO_BREAK_SPACE)  # fmt: skip
_DOLLAR_AFTER = MoneyFormat("$", is_symbol_first=False, decimal_mark=",", group_mark=NO_BREAK_SPACE,
                            space=NO_BREAK_SPACE)  # fmt: skip
_DOLLAR_BEFORE = MoneyFormat("$", is_symbol_first=True, decimal_mark=".", group_mark=",")
_CANADA = frozenset({"CA"})

PRESETS: dict[str, CountryPreset] = {
    each.locale: each
    for each in (
        CountryPreset(
            locale="fr-CA",
            country="CA",
            currency=Currency("CAD"),
            phone_region="CA",
            timezone="America/Toronto",
            money=_DOLLAR_AFTER,
            date_format="%Y-%m-%d",
            taxes=(_on_top("gst", "TPS", 50_000), _on_top("qst", "TVQ", 99_750)),
            default_tax_ids=("gst", "qst"),
            smallest_coin_minor=5,
            takes_tips=True,
            sms_countries=_CANADA,
        ),
        CountryPreset(
            locale="en-CA",
            country="CA",
            currency=Currency("CAD"),
            phone_region="CA",
            timezone="America/Toronto",
            money=_DOLLAR_BEFORE,
            date_format="%Y-%m-%d",
            taxes=(_on_top("hst", "HST", 130_000), _on_top("gst", "GST", 50_000)),
            default_tax_ids=("hst",),
            smallest_coin_minor=5,
            takes_tips=True,
            sms_countries=_CANADA,
        ),
        CountryPreset(
            locale="fr-FR",
            country="FR",
            currency=Currency("EUR"),
            phone_region="FR",
            timezone="Europe/Paris",
            money=_EURO_AFTER,
            date_format="%d/%m/%Y",
            taxes=(
                _inside("vat-20", "TVA 20 %", 200_000),
                _inside("vat-10", "TVA 10 %", 100_000),
                _inside("vat-5.5", "TVA 5,5 %", 55_000),
            ),
            default_tax_ids=("vat-20",),
            sms_countries=frozenset({"FR", "GP", "MQ", "GF", "RE", "YT"}),
        ),
        CountryPreset(
            locale="en-US",
            country="US",
            currency=Currency("USD"),
            phone_region="US",
            timezone="America/New_York",
            money=_DOLLAR_BEFORE,
            date_format="%m/%d/%Y",
            taxes=(_on_top("sales", "Sales tax", 0),),
            default_tax_ids=("sales",),
            takes_tips=True,
            sms_countries=frozenset({"US"}),
        ),
        CountryPreset(
            locale="fr-BE",
            country="BE",
            currency=Currency("EUR"),
            phone_region="BE",
            timezone="Europe/Brussels",
            money=_EURO_AFTER,
            date_format="%d/%m/%Y",
            taxes=(
                _inside("vat-21", "TVA 21 %", 210_000),
                _inside("vat-12", "TVA 12 %", 120_000),
                _inside("vat-6", "TVA 6 %", 60_000),
            ),
            default_tax_ids=("vat-21",),
            smallest_coin_minor=5,
            sms_countries=frozenset({"BE"}),
        ),
        CountryPreset(
            locale="fr-CH",
            country="CH",
            currency=Currency("CHF"),
            phone_region="CH",
            timezone="Europe/Zurich",
            money=MoneyFormat("CHF", is_symbol_first=False, decimal_mark=".",
                              group_mark=NARROW_NO_BREAK_SPACE, space=NO_BREAK_SPACE),
            date_format="%d.%m.%Y",
            taxes=(_inside("vat-8.1", "TVA 8,1 %", 81_000), _inside("vat-2.6", "TVA 2,6 %", 26_000)),
            default_tax_ids=("vat-8.1",),
            smallest_coin_minor=5,
            sms_countries=frozenset({"CH"}),
        ),
        CountryPreset(
            locale="fr-LU",
            country="LU",
            currency=Currency("EUR"),
            phone_region="LU",
            timezone="Europe/Luxembourg",
            money=MoneyFormat(
                "€", is_symbol_first=False, decimal_mark=",", group_mark=".", space=NO_BREAK_SPACE
            ),
            date_format="%d/%m/%Y",
            taxes=(
                _inside("vat-17", "TVA 17 %", 170_000),
                _inside("vat-8", "TVA 8 %", 80_000),
                _inside("vat-3", "TVA 3 %", 30_000),
            ),
            default_tax_ids=("vat-17",),
            sms_countries=frozenset({"LU"}),
        ),
        CountryPreset(
            locale="es-ES",
            country="ES",
            currency=Currency("EUR"),
            phone_region="ES",
            timezone="Europe/Madrid",
            money=MoneyFormat("€", is_symbol_first=False, decimal_mark=",", group_mark=".",
                              space=NO_BREAK_SPACE, min_grouped_digits=5),
            date_format="%d/%m/%Y",
            taxes=(
                _inside("vat-21", "IVA 21 %", 210_000),
                _inside("vat-10", "IVA 10 %", 100_000),
                _inside("vat-4", "IVA 4 %", 40_000),
            ),
            default_tax_ids=("vat-21",),
            sms_countries=frozenset({"ES"}),
        ),
        CountryPreset(
            locale="en-GB",
            country="GB",
            currency=Currency("GBP"),
            phone_region="GB",
            timezone="Europe/London",
            money=MoneyFormat("£", is_symbol_first=True, decimal_mark=".", group_mark=","),
            date_format="%d/%m/%Y",
            taxes=(_inside("vat-20", "VAT 20%", 200_000), _inside("vat-0", "VAT 0%", 0)),
            default_tax_ids=("vat-20",),
            sms_countries=frozenset({"GB"}),
        ),
        CountryPreset(
            locale="en-IE",
            country="IE",
            currency=Currency("EUR"),
            phone_region="IE",
            timezone="Europe/Dublin",
            money=MoneyFormat("€", is_symbol_first=True, decimal_mark=".", group_mark=","),
            date_format="%d/%m/%Y",
            taxes=(
                _inside("vat-23", "VAT 23%", 230_000),
                _inside("vat-13.5", "VAT 13.5%", 135_000),
                _inside("vat-0", "VAT 0%", 0),
            ),
            default_tax_ids=("vat-23",),
            smallest_coin_minor=5,
            sms_countries=frozenset({"IE"}),
        ),
    )
}  # fmt: skip


def preset(locale: str) -> CountryPreset | None:
    """The preset of a locale, written with either mark (``fr_CA``); None where there is none."""
    return PRESETS.get(locale.replace("_", "-"))


def preset_of(country: str, language: str) -> CountryPreset | None:
    """The preset of a country, in the language if there is one in it; None for a country without one."""
    there = [each for each in PRESETS.values() if each.country == country]
    return next((each for each in there if each.language == language), there[0] if there else None)
