"""French. Vouvoiement; no word agrees with the points' name, which may be « étoiles » as well as « points ».

The bodies do without ê, ç and ô, one of which would halve the length of an SMS; an e-mail gets the
typography of print (``printed``).
"""

import re

from loyalty.adapters.message_texts.language import Language, Text
from loyalty.domain.message import MessageKind


def printed(text: str) -> str:
    """Apostrophes, quotation marks and narrow spaces as in print; addresses are left alone."""
    text = re.sub(r'"([^"]*)"', "«\u00a0\\1\u00a0»", text.replace("'", "’"))
    return re.sub(r" (?=[!?;:](\s|$))", "\u202f", text)


FRENCH = Language(
    printed=printed,
    date_pattern="dd/MM/y",
    regional_date_patterns={"CA": "y-MM-dd"},
    is_one=lambda number: abs(number) < 2,
    texts={
        MessageKind.WELCOME: Text(
            "Bienvenue", "{shop} : bienvenue ! Votre carte et vos {points_many} : {link}", stops=True
        ),
        MessageKind.FIRST_POINT: Text(
            "Bienvenue",
            "{shop} : bienvenue ! Vous avez {points} {points_word}. Votre carte : {link}",
            stops=True,
        ),
        MessageKind.POINTS_EARNED: Text(
            "Du nouveau sur votre carte",
            "{shop} : +{points} {points_word}. Total : {balance} {balance_word}.",
        ),
        MessageKind.TIER_REACHED: Text(
            "Une récompense vous attend",
            '{shop} : vous avez {balance} {balance_word}, la récompense "{tier}" est à vous. '
            "Demandez-la lors d'un prochain achat, ou continuez à cumuler.",
        ),
        MessageKind.PROGRAMME_CHANGED: Text(
            "Le programme de fidélité change",
            "{shop} : le programme de fidélité change le {date}. Vous gardez vos {balance} {balance_word}. "
            "Détails : {link}",
        ),
        MessageKind.POINTS_EXPIRING: Text(
            "À utiliser bientôt",
            "{shop} : {points} {points_word} à utiliser avant le {date}. Total : {balance} {balance_word}.",
        ),
        MessageKind.REDEMPTION_CONFIRMED: Text(
            "Une récompense vient d’être utilisée",
            '{shop} : récompense "{tier}" utilisée ({points} {points_word}), confirmée en caisse. '
            "Il vous reste {balance} {balance_word}. Ce n'est pas vous ? Dites-le-nous.",
        ),
        MessageKind.ONE_TIME_CODE: Text(
            "Votre code",
            "{shop} : votre code est {code}, valable {minutes} minutes, pour notre borne ou notre caisse. "
            "Ne le donnez à personne d'autre.",
        ),
        MessageKind.BIRTHDAY: Text(
            "Bon anniversaire !",
            "{shop} : bon anniversaire ! Nous vous offrons {gift}, à utiliser jusqu'au {date}.",
            stops=True,
        ),
        MessageKind.STATUS_LINK: Text(
            "Votre nouveau lien",
            "{shop} : votre nouveau lien : {link} L'ancien ne marche plus.",
        ),
        MessageKind.RETENTION: Text(
            "Votre compte va être effacé",
            "{shop} : sans visite, compte et {points_many} effacés le {date}. Pour rester : {link}",
        ),
        MessageKind.OPTED_OUT: Text(
            "Vous ne recevrez plus de messages",
            "{shop} : c'est noté, vous ne recevrez plus de messages. Vous gardez vos {points_many}. "
            "Pour revenir : START.",
        ),
        MessageKind.OPTED_IN: Text(
            "Vous recevez à nouveau nos messages",
            "{shop} : vous recevez à nouveau les messages sur vos {points_many}, sans publicité.",
            stops=True,
        ),
        MessageKind.RECEIPT: Text("Votre ticket", "{shop} : voici votre ticket. Merci de votre visite !"),
        MessageKind.HELP: Text(
            "Aide",
            "{shop} : messages de votre programme de fidélité. STOP pour ne plus en recevoir, "
            "PAS MOI si ce numéro n'est pas le bon.",
        ),
    },
    stop=" Se désinscrire : STOP.",
    leave="Pour ne plus recevoir ces messages : {opt_out_link}",
)
