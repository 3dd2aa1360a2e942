"""The HTML of an e-mail: the same words, nothing that is loaded, nothing of the shop's that acts."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.adapters.message_texts.html_letter import html_letter
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.domain.message import MessageKind
from tests.unit.loyalty.adapters.message_texts.test_template_wording import LINK, PARAMS

LEAVE = "https://points.example.org/o/abc"
EMAIL = {**PARAMS, "channel": "email", "opt_out_link": LEAVE}
WORDING = TemplateWording()


class Reader(HTMLParser):
    """What a mail program would make of it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.paragraphs, self._in = [], [], [], None
        self.language = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.language = values.get("lang", self.language)
        if tag == "a":
            self.links.append(values["href"])
        if tag == "p":
            self.paragraphs.append("")
            self._in = True

    def handle_endtag(self, tag):
        if tag == "p":
            self._in = False

    def handle_data(self, data):
        if self._in:
            self.paragraphs[-1] += data


@pytest.mark.parametrize("language", ["fr", "fr-CA", "en", "es", "ar"])
@pytest.mark.parametrize("kind", MessageKind)
def test_html_says_what_the_text_says_and_ends_with_the_way_out(kind, language):
    # part of row 160
    read = Reader(WORDING.html(kind, language, EMAIL))
    assert "\n\n".join(read.paragraphs) == WORDING.body(kind, language, EMAIL)
    assert read.links[-1] == LEAVE
    assert read.language == ("en" if language == "ar" else language)
    assert set(read.tags) <= {"html", "head", "meta", "title", "body", "div", "p", "a"}


def test_links_can_be_followed():
    read = Reader(WORDING.html(MessageKind.WELCOME, "fr", EMAIL))
    assert read.links == [LINK, LEAVE]


@given(name=st.text(max_size=60), kind=st.sampled_from(list(MessageKind)))
def test_no_word_of_the_shop_is_ever_markup(name, kind):
    # part of row 209
    read = Reader(WORDING.html(kind, "fr", {**EMAIL, "shop": f"<script>{name}</script>", "tier": name}))
    assert "script" not in read.tags
    assert len(read.links) <= 2


def test_one_address_that_begins_another_stays_whole():
    short, long = "https://e.org/o/a", "https://e.org/o/abc"
    read = Reader(
        html_letter([f"{long} {short}"], language="fr", title="t", links=[short, long], has_leave=False)
    )
    assert read.links == [long, short]
