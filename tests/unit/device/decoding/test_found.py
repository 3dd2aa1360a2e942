"""QR bytes to text: never a guess."""

import pytest

from device.decoding.found import text_of_qr


@pytest.mark.parametrize("text", ["CM1ABC", "José Núñez", "Łukasz", "Ünal", "点茗", "😀"])
def test_utf8_comes_back_as_it_was(text):
    assert text_of_qr(text.encode(), None) == text


@pytest.mark.parametrize(
    "raw", ["José".encode("latin-1"), b"\xc3\xa9\xff\x00\xfe", b"\xff", "Ünal".encode("cp1252")]
)
def test_bytes_that_could_only_be_guessed_at_are_no_text(raw):
    assert text_of_qr(raw, None) is None


def test_a_declared_character_set_is_taken_at_its_word():
    assert text_of_qr("José".encode("latin-1"), "iso8859-1") == "José"


def test_kanji_pairs_are_shift_jis_and_nothing_else():
    assert text_of_qr("点茗".encode("shift_jis"), None) == "点茗"
    assert text_of_qr("ｱｲｳ".encode("shift_jis"), None) is None
