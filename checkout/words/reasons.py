"""Reasons as sentences for staff and members: the one place where a why or a refusal is worded."""

from collections.abc import Callable

from checkout.words.catalogue import Words
from checkout.words.catalogue_reasons import CATALOGUE_REFUSALS, CATALOGUE_WORDINGS
from checkout.words.figures import Params, percent
from checkout.words.figures import amount as _amount
from checkout.words.people_reasons import PEOPLE_REFUSALS, PEOPLE_WORDINGS
from checkout.words.profile_reasons import PROFILE_REFUSALS, PROFILE_WORDINGS
from checkout.words.programme_reasons import PROGRAMME_REFUSALS, PROGRAMME_WORDINGS
from checkout.words.refund_reasons import REFUND_REFUSALS


def reason_text(words: Words, code: str, params: Params, currency: str) -> str:
    """One sentence for a reason. An unknown code is shown as it is, so that nothing is hidden."""
    wording = _WORDINGS.get(code)
    if wording is not None:
        return wording(words, params, currency)
    source = REFUSALS.get(code)
    return words.text(source) if source is not None else code


def _points_by_amount(words: Words, params: Params, currency: str) -> str:
    return words.plural(
        "{count} point for each {tranche} of {base}",
        "{count} points for each {tranche} of {base}",
        _amount("points_per_tranche", params) or 1,
        tranche=words.money(_amount("tranche_minor", params), currency),
        base=words.money(_amount("base_minor", params), currency),
    )


def _below_tranche(words: Words, params: Params, currency: str) -> str:
    return words.text(
        "No points: {base} is less than {tranche}",
        tranche=words.money(_amount("tranche_minor", params), currency),
        base=words.money(_amount("base_minor", params), currency),
    )


def _group(source: str) -> Callable[[Words, Params, str], str]:
    def wording(words: Words, params: Params, currency: str) -> str:
        return words.text(
            source,
            group=params.get("group", ""),
            rate=percent(words, _amount("rate_ppm", params)),
            base=words.money(_amount("base_minor", params), currency),
        )

    return wording


def _reward(words: Words, params: Params, _currency: str) -> str:
    return words.plural("Reward for {count} point", "Reward for {count} points", _amount("points", params))


def _cut(source: str, limit: str) -> Callable[[Words, Params, str], str]:
    def wording(words: Words, params: Params, currency: str) -> str:
        return words.text(source, limit=words.money(_amount(limit, params), currency))

    return wording


def _missing(words: Words, params: Params, _currency: str) -> str:
    missing = _amount("missing", params) or _amount("needed", params) - _amount("balance", params)
    if missing <= 0:
        return words.text(REFUSALS["not_enough_points"])
    return words.plural("{count} point missing", "{count} points missing", missing)


_WORDINGS: dict[str, Callable[[Words, Params, str], str]] = {
    "points_by_amount": _points_by_amount,
    "no_points_below_tranche": _below_tranche,
    "group_discount": _group("{rate} for the group “{group}”, on {base}"),
    "group_discount_confirmed": _group("{rate} for the group “{group}”, on {base}, confirmed by staff"),
    "group_discount_proposed": _group("{rate} for the group “{group}”, on {base}, waits for your tap"),
    "reward": _reward,
    "reward_cut_to_ceiling": _cut("Limited to {limit} by the reward’s ceiling", "ceiling_minor"),
    "reward_cut_to_base": _cut("Limited to {limit}, all that was left to pay", "base_minor"),
    "not_enough_points": _missing,
    **PROGRAMME_WORDINGS,
    **PEOPLE_WORDINGS,
    **CATALOGUE_WORDINGS,
    **PROFILE_WORDINGS,
}

REFUSALS: dict[str, str] = {
    "no_points_without_account": "No points: the customer is not in the programme",
    "no_points_in_training": "No points: this lane is for training",
    "no_points_without_programme": "No points: the programme is switched off",
    "no_points_trust_too_low": "No points: the identification is not sure enough",
    "reward_without_effect": "Nothing was left to discount",
    "phone_number_invalid": "This phone number is not valid",
    "not_recognised": "This code belongs to no member and no item",
    "code_malformed": "This code cannot be read",
    "code_signature_wrong": "The card’s signature is wrong: it is not genuine",
    "code_of_another_shop": "This card is from another shop",
    "card_revoked": "This card was replaced; ask the member for the new one",
    "lane_unknown": "This lane does not exist",
    "training_sends_nothing": "This lane is for training: nothing is sent",
    "email_not_set_up": "No way for e-mail is set up",
    "address_gets_nothing": "The holder of this address asked us not to write to it",
    "code_wrong": "The code is wrong",
    "code_expired": "The code is no longer valid; send another one",
    "code_locked": "Too many wrong codes; send another one",
    "code_used": "This code was used already",
    "code_for_another_action": "This code was sent for something else",
    "too_many_codes": "Several codes went out already; wait an hour, or check who it is",
    "no_number": "This account has no phone number",
    "sms_not_set_up": "No way for SMS is set up",
    "sale_unknown": "This sale does not exist",
    "sale_closed": "The sale is closed",
    "sale_still_open": "A sale is still open in this lane; finish or cancel it first",
    "day_already_closed": "This day was closed in the meantime",
    "sale_empty": "The basket is empty",
    "register_sells": "In this lane another register sells and takes the payment",
    "lane_sells_itself": "No other register sells in this lane",
    "sale_already_open": "A sale is already open in this lane",
    "sale_held": "The sale is on hold",
    "sale_changed": "The sale changed in the meantime; look at it again",
    "line_unknown": "This line is no longer in the basket",
    "item_unknown": "This item is no longer in the catalogue",
    "quantity_out_of_range": "The quantity must be between 1 and 999",
    "session_ended": "The customer’s session had ended",
    "no_member": "No member is attached to the sale",
    "no_proposed_discount": "No discount is waiting",
    "tier_unknown": "This reward no longer exists",
    "not_enough_points": "Not enough points",
    "trust_too_low": "The card must be shown, or staff must confirm",
    "already_applied": "This reward is on the sale already",
    "not_applied": "This reward is not on the sale",
    "nothing_to_discount": "There is nothing to discount yet",
    "not_enough_tendered": "The amount given is less than the total",
    "claim_wrong": "This link is wrong or no longer valid; make a new one at the machine",
    "claim_already_made": "The owner account exists already; sign in",
    "sign_in_wrong": "Name or password is wrong",
    "sign_in_locked": "Too many attempts; wait a moment and try again",
    "password_too_short": "The password needs at least 10 characters",
    "name_invalid": "This name cannot be used",
    "group_name_taken": "Another group bears this name",
    "group_without_filters": "A smart group needs at least one filter",
    "malformed_message": "A message from the device could not be understood",
    "unknown_version": "The device speaks a newer language than this station; update the station",
    "oversized_message": "A message from the device is too long",
    "seal": "A message from the device could not be opened; pair the device again",
    "other_device": "A message named another device than the one that sent it",
    "unknown_device": "A message came from a device of no lane here",
    "id_reused": "A message came under the number of another one",
    "internal": "The station failed on this message; see its log",
    "identified_without_sale": "A card was shown, but no sale was open",
    "other_lane": "This browser works at another lane",
    "busy": "The station is busy; try again",
    "not_allowed": "Your role does not allow this",
    "code_reading_off": "Reading customers’ codes is switched off: this card identifies nobody",
    "adding_during_off": "The shop adds no customers during checkout",
    "adding_after_off": "The shop adds no customers after checkout",
    "lane_number_taken": "There is a lane with this number",
    "lane_in_use": "A sale is open at this lane; finish or cancel it first",
    "amount_invalid": "This amount cannot be read",
    **PROGRAMME_REFUSALS,
    **REFUND_REFUSALS,
    **PEOPLE_REFUSALS,
    **CATALOGUE_REFUSALS,
    **PROFILE_REFUSALS,
}
"""Source texts of refusals that need no parameters."""
