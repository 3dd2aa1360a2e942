"""Sentences for what the session tells as data: reasons, amounts, points, counts.

Everything here takes a :class:`~kiosk.words.Catalogue`, so that one language is chosen in one place.
"""

from kiosk.session.phone_entry import NumberProblem
from kiosk.session.view import Shop
from kiosk.words import Catalogue, message
from messaging.model import Why
from messaging.station.sale import DiscountLine
from messaging.station.show import HistoryEntry

_REASONS: dict[str, str] = {
    "not_stored": message("Nothing was saved. Please ask our team: they can do it with you."),
    "too_long": message("This code is not one of our cards."),
    "not_text": message("This code is not one of our cards."),
    "control_characters": message("This code is not one of our cards."),
    "cut_off": message("The code was only read in part. Hold the card still and try again."),
    "not_read": message("The code could not be read. Hold the card still and try again."),
    "bad_signature": message("This card was not issued by us. Our team can check it with you."),
    "other_shop": message("This card belongs to another shop."),
    "unknown_code": message("We do not know this code. Our team can link it to your account."),
    "unknown_member": message("We do not know this card. Our team can link it to your account."),
    "code_reading_off": message("Cards are not read here at the moment. Our team can help you."),
    "card_revoked": message("This card was replaced. Please use your new card."),
    "programme_inactive": message("The loyalty programme is paused."),
    "not_enough_points": message("You do not have enough points yet."),
    "no_member": message("Show your card once more, please."),
    "no_open_sale": message("Rewards can be used during your next purchase."),
    "sale_closed": message("This purchase is already paid. Keep your reward for the next one."),
    "sale_held": message("This purchase is on hold. Ask at the till, please."),
    "late": message("This purchase is already paid. Keep your reward for the next one."),
    "trust_too_low": message("Our team has to confirm this. Please ask at the till."),
    "not_applied": message("This reward is not on your purchase."),
    "already_used": message("This reward is already on your purchase."),
    "nothing_to_discount": message("This reward does not fit what you are buying today."),
    "reward_unavailable": message("This reward is not available today."),
    "unanswered": message("No answer yet. Our team can confirm it at the till."),
    "training": message("Training: nothing is saved."),
    "unanswered_code": message("No answer yet. Please try again in a moment."),
    "code_expired": message("This code is too old. We gladly send another."),
    "code_used": message("This code was used already. We gladly send another."),
    "code_locked": message("Too many tries. We gladly send another code."),
    "code_for_another_action": message("This code was for something else. We gladly send another."),
    "too_many_codes": message("No more codes for now. Our team can help you."),
    "another_member": message("Somebody else is on this purchase now. Ask at the till, please."),
    "phone_of_another_account": message("This number has an account already. Our team can join the two."),
    "same_number": message("That is the number of your account already."),
}

_HISTORY: dict[str, str] = {
    "earn": message("Purchase"),
    "redeem": message("Reward used"),
    "opening": message("Points you brought along"),
    "correction": message("Corrected by our team"),
    "promotion": message("Promotion"),
    "reverse": message("Taken back after a return"),
    "return": message("Given back after a return"),
    "expire": message("Points expired"),
    "adjust": message("Changed by our team"),
    "bonus": message("A gift from us"),
}
"""What an entry of the history is, by the kind of booking that the station names."""

_PROBLEMS: dict[NumberProblem, str] = {
    NumberProblem.TOO_SHORT: message("A few digits are missing."),
    NumberProblem.TOO_LONG: message("That is a digit too many."),
    NumberProblem.NOT_A_NUMBER: message("This number does not exist. Please check it."),
    NumberProblem.NOT_MOBILE: message("Please give a mobile number, so that we can text you."),
    NumberProblem.TOO_MANY_NUMBERS: message("Please wait a little, or ask our team."),
}


def reason(words: Catalogue, why: Why | None) -> str:
    """The reason of a refusal or notice; a general sentence for a code that this release does not know."""
    if why is None:
        return ""
    if why.code == "reward_used":
        return words.t("{reward} is on your purchase.").format(reward=why.params.get("reward", ""))
    if why.code == "reward_taken_off":
        return words.t("{reward} was taken off. You keep your points.").format(
            reward=why.params.get("reward", "")
        )
    text = _REASONS.get(why.code)
    return words.t(text) if text else words.t("That did not work. Our team will gladly help you.")


def code_problem(words: Catalogue, why: Why | None) -> str:
    """Why the digits of a one-time code were not taken."""
    left = why.params.get("tries_left") if why is not None else None
    if why is not None and why.code == "code_wrong" and isinstance(left, int):
        if left <= 0:
            return reason(words, Why(code="code_locked"))
        return words.n(
            "That was not the code. {number} try left.", "That was not the code. {number} tries left.", left
        ).format(number=words.number(left))
    return reason(words, why)


def history(words: Catalogue, entry: HistoryEntry) -> str:
    """What one entry of the history is."""
    return words.t(_HISTORY.get(entry.entry, _HISTORY["earn" if entry.points > 0 else "redeem"]))


def number_problem(words: Catalogue, problem: NumberProblem | None) -> str:
    return "" if problem is None else words.t(_PROBLEMS[problem])


def points(words: Catalogue, shop: Shop, count: int) -> str:
    """As in "1 250 points", in the shop's own name for points if it has one."""
    number = words.number(count)
    if shop.points_name == "points":
        text = words.n("{number} point", "{number} points", count).format(number=number)
        return text.replace(" ", "\u00a0")
    return f"{number}\u00a0{shop.points_name}"


def points_word(words: Catalogue, shop: Shop, count: int) -> str:
    """The word beside a number of points."""
    if shop.points_name == "points":
        return words.n("point", "points", count)
    return shop.points_name


def more_points(words: Catalogue, shop: Shop, missing: int) -> str:
    """As in "60 points to go"."""
    return words.t("{points} to go").format(points=points(words, shop, missing))


def discount(words: Catalogue, line: DiscountLine) -> str:
    """The reason of a discount, as in "10 % for the group Amis de la maison"."""
    params = line.why.params
    rate_ppm, group, cost = params.get("rate_ppm"), params.get("group"), params.get("points")
    if isinstance(rate_ppm, int):
        percent = words.percent(rate_ppm)
        if group and group != line.name:
            return words.t("{percent} for the group {group}").format(percent=percent, group=group)
        return words.t("{percent} for your group").format(percent=percent)
    if line.why.code.startswith("reward"):
        if isinstance(cost, int):
            return words.n("Reward for {number} point", "Reward for {number} points", cost).format(
                number=words.number(cost)
            )
        return words.t("Your reward")
    return ""


def privacy(words: Catalogue, shop: Shop) -> str:
    """Where the data stays, whom to ask, from what age on: beside the consent boxes (row 201)."""
    said = (
        words.t("Your data stays with us: {contact}").format(contact=shop.privacy_contact)
        if shop.privacy_contact
        else words.t("Your data stays with {brand}.").format(brand=shop.brand)
    )
    return f"{said}\n{minimum_age(words, shop)}" if shop.minimum_age else said


def minimum_age(words: Catalogue, shop: Shop) -> str:
    """From what age on people may enrol."""
    return words.t("The programme is open from {age} years of age.").format(age=shop.minimum_age)


def camera_notice(words: Catalogue, shop: Shop) -> str:
    """What the camera does, in the shop's own words where it has some; empty without a camera (row 201)."""
    if "camera" not in shop.readers:
        return ""
    return shop.camera_notice or words.t("The camera reads codes. No picture is kept.")


def articles(words: Catalogue, count: int) -> str:
    """As in "3 articles"."""
    return words.n("{number} item", "{number} items", count).format(number=words.number(count))
