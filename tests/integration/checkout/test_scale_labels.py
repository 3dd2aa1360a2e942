"""Labels of scales: laid out on a page, sold by the scanner at the price or weight that they hold."""

import html

from checkout.words import words_for
from checkout.words.reasons import reason_text
from loyalty.domain.barcode import check_digit
from loyalty.domain.catalogue import Item
from loyalty.domain.catalogue_edit import ItemDraft
from loyalty.services.keep_items import add_item
from messaging.events.code_read import CodeRead
from messaging.station.show import ItemAdded, NotRecognised
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk

HERE = "/catalogue/labels"
LAYOUTS = "22IIIIIPPPPPC\n21IIIIIWWWWWC"


def label(digits: str) -> str:
    return digits + check_digit(digits)


def make_cheese(counter: Counter) -> None:
    """Sold by the kilogram, under the numbers of both kinds of label."""
    with counter.database.unit_of_work() as unit:
        for name, barcode in (("Comté", label("220012300000")), ("Beaufort", "00456")):
            draft = ItemDraft(name=name, price_minor=2000, barcode=barcode)
            made = add_item(unit, counter.station.ctx, counter.shop.staff, draft)
            assert isinstance(made, Item), made
        unit.commit()


def lay_out(counter: Counter, layouts: str = LAYOUTS, seen: str = "") -> str:
    answers: list[str] = []

    async def story() -> None:
        async with desk(counter) as owner:
            answer = await owner.fill(HERE, layouts=layouts, seen=seen)
            answers.append(answer.headers.get("location", html.unescape(answer.text)))

    run(story())
    counter.settle()
    return answers[0]


def test_the_scanner_sells_at_the_labels_price_and_weight(counter: Counter) -> None:
    make_cheese(counter)
    assert lay_out(counter) == f"{HERE}?done=saved"
    assert counter.do(lambda till: till.read(label("220012300495"))) is None
    assert counter.do(lambda till: till.read(label("220012300495"))) is None
    sale = counter.open_sale_id()
    weighed = CodeRead(text=label("210045600354"), symbology="EAN13", source="scanner")
    shown = counter.send(counter.envelope(weighed, sale=sale)).show
    assert isinstance(shown, ItemAdded)
    view = counter.till().sale
    assert view is not None
    lines = [(line.name, line.quantity, line.amount_minor) for line in view.lines]
    assert lines == [("Comté", 1, 495), ("Comté", 1, 495), ("Beaufort, 354 g", 1, 708)]
    assert view.total_minor == 2 * 495 + 708


def test_a_label_that_is_wrong_or_not_laid_out_sells_nothing(counter: Counter) -> None:
    make_cheese(counter)
    for digits in ("220012300495", "230012300495", "220099900495"):
        refused = counter.do(lambda till, digits=digits: till.read(label(digits)))
        assert refused is not None
        if digits == "220012300495":
            lay_out(counter)
    wrong = label("220012300495")[:-1] + str((int(check_digit("220012300495")) + 1) % 10)
    code = CodeRead(text=wrong, symbology="EAN13", source="scanner")
    assert isinstance(counter.send(counter.envelope(code)).show, NotRecognised)
    assert counter.till().sale is None


def test_layouts_are_checked_and_a_colleagues_change_is_noticed(counter: Counter) -> None:
    assert "32IIIIIPPPPPC lays out no label" in lay_out(counter, "32IIIIIPPPPPC")
    assert "At most 8 layouts" in lay_out(counter, "\n".join(["22IIIIIPPPPPC"] * 9))
    assert lay_out(counter, "22iiiiipppppc") == f"{HERE}?done=saved"
    overtaken = lay_out(counter, LAYOUTS)
    assert reason_text(words_for("en", "FR"), "settings_changed_meanwhile", {}, "EUR") in overtaken
    assert 'name="seen" value="22IIIIIPPPPPC"' in overtaken
    assert lay_out(counter, "", seen="22IIIIIPPPPPC") == f"{HERE}?done=saved"
    with counter.database.reading() as unit:
        assert unit.programme.settings().scale_labels == ()
