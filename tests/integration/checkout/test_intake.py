"""Events of a device: each has its effect once, and each gets its answer, whatever it holds."""

from messaging.codec import encode
from messaging.events.code_read import CodeRead
from tests.integration.checkout.counter import Counter


def card(text: str) -> CodeRead:
    return CodeRead(text=text, symbology="QRCode", source="camera")


def test_the_same_event_fifty_times_has_one_effect_and_fifty_equal_results(counter: Counter) -> None:
    # row 167
    payload = encode(counter.envelope(card(counter.card_of("Camille"))))
    answers = {counter.send_raw(payload) for _ in range(50)}
    assert len(answers) == 1
    assert len(counter.link.results) == 50
