"""What the shop decides about customers at the checkout: who adds them, and what their screen asks."""

from dataclasses import dataclass, field
from enum import StrEnum


class SignInScreen(StrEnum):
    """When the customer's screen asks for number or card."""

    START = "start"
    """From the first moment of a sale on (rows 143, 157)."""
    PAYMENT = "payment"
    """Once payment begins, at every sale, whether or not it earns (rows 153, 154)."""
    NEVER = "never"
    """The screen shows the sale; staff say who it is for."""


@dataclass(frozen=True, slots=True)
class CheckoutSettings:
    """Good as it is: a shop changes what it wants to."""

    adds_during_checkout: bool = True
    """Staff may put customers on an open sale (row 26)."""
    adds_after_checkout: bool = True
    """Staff may put customers on the sale just paid, while its receipt shows (row 30)."""
    scans_customer_codes: bool = True
    """Cards and codes are read at the counter; on from the start (row 86)."""
    shows_search_scan: bool = True
    """The search for a customer has a field for codes (row 105)."""
    sign_in_screen: SignInScreen = SignInScreen.START
    enrols_at_kiosk: bool = True
    """New members may enrol on the customer's display (row 156)."""
    redeems_away_points: int = 0
    """Points of one member a day for rewards that registers gave while the station was away (row 168)."""
    staff_code_verifier: str = field(default="", repr=False)
    """What devices keep of the code that opens the staff corner of customers' screens; empty: no code."""
    revision: int = 0

    @property
    def reads_customer_codes(self) -> bool:
        """Reading also needs one of the two ways to add customers (row 85)."""
        return self.scans_customer_codes and (self.adds_during_checkout or self.adds_after_checkout)


DEFAULT_CHECKOUT_SETTINGS = CheckoutSettings()
"""The settings of a shop that chose nothing yet."""
