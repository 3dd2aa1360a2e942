import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.contact.replies import ReplyMeaning, reply_meaning


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "ARRET", "ARRÊT", "Arrêt !", "arr\u0065\u0302t", "«\u202fArrêt\u202f»", "STOPALL",
        "STOP ALL", "stop svp merci", "S\u200bTOP", "please stop", "Désabonner", "unsubscribe", "CANCEL", "QUIT",
        "END", "BAJA", "Stop envoyer des messages à ce numéro", "stop not me", "\u202estop", "ＳＴＯＰ",
    ],
)  # fmt: skip
def test_an_opt_out_is_recognised_however_it_is_written(text: str) -> None:
    # row 160
    assert reply_meaning(text) is ReplyMeaning.OPT_OUT


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("START", ReplyMeaning.OPT_IN),
        ("reprendre", ReplyMeaning.OPT_IN),
        ("aide", ReplyMeaning.HELP),
        ("HELP", ReplyMeaning.HELP),
        ("Ce n’est pas moi", ReplyMeaning.NOT_ME),
        ("not me", ReplyMeaning.NOT_ME),
        ("C’est pas moi ça", ReplyMeaning.NOT_ME),
        ("Mauvais numéro", ReplyMeaning.NOT_ME),
        ("Faux numéro, désolé", ReplyMeaning.NOT_ME),
        ("", ReplyMeaning.OTHER),
        ("😀", ReplyMeaning.OTHER),
        ("Merci !", ReplyMeaning.OTHER),
        ("À quelle heure finit la promotion, on arrive à la fin du mois", ReplyMeaning.OTHER),
        ("I will start coming next week", ReplyMeaning.OTHER),
    ],
)
def test_other_answers_mean_what_they_say(text: str, meaning: ReplyMeaning) -> None:
    assert reply_meaning(text) is meaning


@given(st.text(max_size=200))
def test_no_answer_breaks_the_recogniser_and_stop_before_it_always_wins(text: str) -> None:
    reply_meaning(text)
    assert reply_meaning("STOP " + text) is ReplyMeaning.OPT_OUT
