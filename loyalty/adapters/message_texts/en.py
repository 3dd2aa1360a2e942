"""English."""

from loyalty.adapters.message_texts.language import Language, Text
from loyalty.domain.message import MessageKind

ENGLISH = Language(
    date_pattern="d MMM y",
    regional_date_patterns={"US": "MMM d, y"},
    is_one=lambda number: abs(number) == 1,
    texts={
        MessageKind.WELCOME: Text(
            "Welcome", "{shop}: welcome! Your card and your {points_many}: {link}", stops=True
        ),
        MessageKind.FIRST_POINT: Text(
            "Welcome", "{shop}: welcome! You have {points} {points_word}. Your card: {link}", stops=True
        ),
        MessageKind.POINTS_EARNED: Text(
            "News on your card", "{shop}: +{points} {points_word}. Total: {balance} {balance_word}."
        ),
        MessageKind.TIER_REACHED: Text(
            "A reward is waiting for you",
            '{shop}: you have {balance} {balance_word}, so the reward "{tier}" is yours. '
            "Ask for it at a later purchase, or keep saving.",
        ),
        MessageKind.PROGRAMME_CHANGED: Text(
            "Our loyalty rules change",
            "{shop}: our loyalty rules change on {date}. Your {balance} {balance_word} stay yours. "
            "Details: {link}",
        ),
        MessageKind.POINTS_EXPIRING: Text(
            "To use soon",
            "{shop}: {points} {points_word} to use before {date}. Total: {balance} {balance_word}.",
        ),
        MessageKind.REDEMPTION_CONFIRMED: Text(
            "A reward was just used",
            '{shop}: reward "{tier}" used ({points} {points_word}), confirmed by our staff. '
            "You have {balance} {balance_word} left. Not you? Tell us.",
        ),
        MessageKind.ONE_TIME_CODE: Text(
            "Your code",
            "{shop}: your code is {code}. Valid for {minutes} minutes. Only for our kiosk or till: "
            "give it to nobody else.",
        ),
        MessageKind.BIRTHDAY: Text(
            "Happy birthday!", "{shop}: happy birthday! Our gift to you: {gift}, until {date}.", stops=True
        ),
        MessageKind.STATUS_LINK: Text(
            "Your new link", "{shop}: your new link: {link} The old one no longer works."
        ),
        MessageKind.RETENTION: Text(
            "Your account will be deleted",
            "{shop}: without a visit, account and {points_many} end on {date}. To stay: {link}",
        ),
        MessageKind.OPTED_OUT: Text(
            "No more messages",
            "{shop}: done, you will get no more messages. Your {points_many} stay yours. "
            "To come back: START.",
        ),
        MessageKind.OPTED_IN: Text(
            "You get our messages again",
            "{shop}: you get the messages about your {points_many} again, without advertising.",
            stops=True,
        ),
        MessageKind.RECEIPT: Text("Your receipt", "{shop}: here is your receipt. Thank you for your visit."),
        MessageKind.HELP: Text(
            "Help",
            "{shop}: messages about your loyalty card. STOP to get no more, "
            "NOT ME if this is the wrong number.",
        ),
    },
    stop=" Reply STOP to stop.",
    leave="To get no more of these messages: {opt_out_link}",
)
