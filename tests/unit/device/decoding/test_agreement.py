"""The agreement rule on stills and over frames."""

import pytest

from device.decoding.agreement import FrameVotes, believed
from device.decoding.found import Found

EAN = "5000213002834"
WRONG = "2041813002834"


def found(form, text, stage="full", is_plain=False):
    return Found(form, text, stage, is_plain)


def texts(finds):
    return [one.text for one in finds]


def test_one_read_of_a_code_that_corrects_its_errors_is_enough():
    assert texts(believed([found("QRCode", "A1")])) == ["A1"]


def test_a_lettered_code_needs_two_reads_unless_it_was_read_from_the_picture_as_it_is():
    assert texts(believed([found("Code128", "M123", "zbar")])) == []
    assert texts(believed([found("Code128", "M123", "zbar"), found("Code128", "M123", "contrast")])) == [
        "M123"
    ]
    assert texts(believed([found("Code39", "M123", "contrast")])) == []
    assert texts(believed([found("Code39", "M123", is_plain=True)])) == ["M123"]


def test_a_lettered_code_with_a_checksum_needs_one_read_by_the_library_that_never_misread_it():
    assert texts(believed([found("Code128", "M123", "double")])) == ["M123"]
    assert texts(believed([found("Code93", "M123", "contrast")])) == ["M123"]


def test_a_codabar_that_is_a_piece_of_a_longer_one_gives_way():
    # Its start was seen amid the bars of the whole one.
    piece, whole = found("Codabar", "B92823B", is_plain=True), found("Codabar", "A751692823B", "bars 0")
    assert texts(believed([piece, whole, found("Codabar", "A751692823B", "bars 1")])) == ["A751692823B"]
    assert texts(believed([piece, found("Codabar", "A92823B", is_plain=True)])) == ["B92823B", "A92823B"]
    assert texts(believed([piece, found("Code39", "A751692823B", is_plain=True)])) == [
        "B92823B",
        "A751692823B",
    ]


def test_a_lettered_code_of_one_or_two_characters_is_a_fence():
    assert texts(believed([found("Code39", "T", is_plain=True)])) == []


def test_a_retail_number_needs_two_kinds_of_eyes():
    assert texts(believed([found("EAN13", EAN, is_plain=True)])) == []
    assert texts(believed([found("EAN13", EAN, "plain"), found("EAN13", EAN, "zbar")])) == [EAN]
    assert texts(believed([found("EAN13", EAN, "plain"), found("EAN13", EAN, "fit 0")])) == [EAN]
    assert texts(believed([found("EAN13", EAN, "fit 0"), found("EAN13", EAN, "fit 1")])) == [EAN]
    assert texts(believed([found("EAN13", EAN, "plain"), found("EAN13", EAN, "half")])) == []


def test_a_library_asked_twice_about_the_same_pixels_is_one_read():
    assert texts(believed([found("EAN13", EAN, "zbar"), found("EAN13", EAN, "zbar dense")])) == []
    assert texts(believed([found("EAN13", EAN, "plain"), found("EAN13", EAN, "plain tried")])) == []


def test_three_ways_to_prepare_the_picture_make_up_for_the_other_library():
    finds = [found("EAN13", EAN, stage) for stage in ("plain", "bars 1", "half tried")]
    assert texts(believed(finds)) == [EAN]


def test_another_number_seen_beside_it_speaks_against_both():
    finds = [found("EAN13", EAN, "plain"), found("EAN13", EAN, "half"), found("EAN13", WRONG, "zbar")]
    assert texts(believed(finds)) == []


def test_both_libraries_and_the_fit_together_outvote_a_rival_seen_once():
    finds = [found("EAN13", EAN, stage) for stage in ("plain", "zbar", "fit 0")]
    assert texts(believed([*finds, found("UPCA", "123", "contrast")])) == [EAN]
    assert texts(believed([*finds, found("UPCA", "123", "half"), found("UPCA", "123", "double")])) == []
    assert texts(believed([*finds[:2], found("UPCA", "123", "contrast")])) == []


def test_the_piece_of_an_itf_gives_way_to_the_whole():
    finds = [found("ITF", "4906734906"), found("ITF", "734906"), found("ITF", "4906734906", "half"),
             found("ITF", "734906", "half")]  # fmt: skip
    assert texts(believed(finds)) == ["4906734906"]


def test_a_short_itf_needs_a_third_stage_because_it_may_be_a_piece():
    finds = [found("ITF", "201713"), found("ITF", "201713", "half")]
    assert texts(believed(finds)) == []
    assert texts(believed([*finds, found("ITF", "201713", "contrast")])) == ["201713"]


def test_a_code_that_is_no_text_is_told_unless_another_stage_could_read_it():
    assert believed([found("QRCode", None)]) == [found("QRCode", None)]
    assert texts(believed([found("QRCode", None, "zbar"), found("QRCode", "é")])) == ["é"]


def test_over_frames_a_signed_code_is_believed_at_once_and_others_when_read_twice():
    votes = FrameVotes(lambda text: text.startswith("CM1"))
    assert texts(votes.add([found("QRCode", "CM1X")], 0.0)) == ["CM1X"]
    assert texts(votes.add([found("Code128", "M123")], 0.1)) == []
    assert texts(votes.add([found("Code128", "M123")], 0.2)) == ["M123"]
    assert texts(votes.add([found("EAN13", EAN), found("EAN13", EAN, "half")], 0.3)) == []


def test_over_frames_reads_count_for_a_second_only():
    votes = FrameVotes(lambda text: False)
    assert votes.add([found("Code128", "A1B")], 0.0) == []
    assert votes.add([found("Code128", "A1B")], 1.5) == []
    assert texts(votes.add([found("Code128", "A1B")], 2.0)) == ["A1B"]


def test_one_frame_is_enough_for_a_code_that_corrects_its_errors_but_not_for_bytes_that_are_no_text():
    votes = FrameVotes(lambda text: False)
    assert texts(votes.add([found("QRCode", "A1")], 0.0)) == ["A1"]
    assert votes.add([found("QRCode", None)], 0.1) == []
    assert texts(votes.add([found("QRCode", None)], 0.2)) == [None]


@pytest.mark.parametrize(("form", "text"), [("Code128", "M123"), ("Code39", "M123"), ("EAN13", EAN)])
def test_one_frame_is_enough_for_bars_that_both_libraries_read_alike(form, text):
    votes = FrameVotes(lambda text: False)
    assert votes.add([found(form, text, "half"), found(form, text, "bars 0")], 0.0) == []
    both = [found(form, text, "half"), found(form, text, "zbar bars")]
    assert texts(FrameVotes(lambda text: False).add(both, 0.0)) == [text]


def test_one_frame_is_not_enough_for_a_number_beside_another_nor_for_an_itf():
    votes = FrameVotes(lambda text: False)
    both = [found("EAN13", EAN, "half"), found("EAN13", EAN, "zbar bars")]
    assert votes.add([*both, found("EAN13", WRONG, "bars 1")], 0.0) == []
    assert votes.add(both, 0.5) == []
    assert votes.add([found("ITF", "12345678", "half"), found("ITF", "12345678", "zbar bars")], 0.6) == []


def test_over_frames_a_rival_number_blocks_until_it_is_gone():
    votes = FrameVotes(lambda text: False)
    votes.add([found("EAN13", WRONG)], 0.0)
    assert votes.add([found("EAN13", EAN)], 0.2) == []
    assert votes.add([found("EAN13", EAN)], 0.4) == []
    assert texts(votes.add([found("EAN13", EAN)], 1.2)) == [EAN]


def test_over_frames_a_number_of_three_frames_outvotes_one_seen_once_but_not_one_seen_twice():
    votes = FrameVotes(lambda text: False)
    votes.add([found("EAN13", WRONG)], 0.0)
    assert [texts(votes.add([found("EAN13", EAN)], at_s)) for at_s in (0.1, 0.2, 0.3)] == [[], [], [EAN]]
    votes.add([found("EAN13", WRONG)], 0.4)
    assert texts(votes.add([found("EAN13", EAN)], 0.5)) == []
