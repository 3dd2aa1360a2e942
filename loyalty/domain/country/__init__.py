"""What a country brings along when a shop is set up: currency, taxes, coins, formats, timezone (row 198)."""

from loyalty.domain.country.money_format import MoneyFormat
from loyalty.domain.country.presets import PRESETS, CountryPreset, preset, preset_of

__all__ = ["PRESETS", "CountryPreset", "MoneyFormat", "preset", "preset_of"]
