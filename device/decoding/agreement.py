"""Which reads are believed: the agreement rule.

Two equal wrong reads of one damaged retail barcode do happen with any two decoders; a second number seen
beside it gives most of them away. What still passes must fail at the station: an unknown number is never
matched to a near one.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable

from device.decoding.formats import CHECKED, LETTERED, MATRIX, NUMBERED, SHORTEST_LETTERED, SHORTEST_PLAIN
from device.decoding.found import Found

_RETAIL = NUMBERED - {"ITF"}
_Key = tuple[str, str | None]
"""Format and text."""

_ZBAR = "zbar"
_WHOLE_ITF = 8
_FIT = "fit"
_ZXING = "zxing"
_ALL_EYES = 3
"""Both libraries and the fit together outvote a rival that one stage saw once."""

_OUTVOTING_FRAMES = 3
_MANY = 3
"""So many ways to prepare the picture make up for a second kind of eyes."""


def believed(finds: Iterable[Found]) -> list[Found]:
    """What can be reported of one still picture, each code once; ``text`` None where it is no text."""
    votes: dict[_Key, set[str]] = defaultdict(set)
    plain: set[_Key] = set()
    first: dict[_Key, Found] = {}
    for found in finds:
        key = found.format, found.text
        votes[key].add(found.stage)
        first.setdefault(key, found)
        if found.is_plain:
            plain.add(key)
    readable = {form for form, text in first if text is not None}
    return [
        found
        for key, found in first.items()
        if (found.text is not None or found.format not in readable) and _stands(found, votes, plain)
    ]


def _stands(found: Found, votes: dict[_Key, set[str]], plain: set[_Key]) -> bool:
    if found.format in MATRIX:
        return True
    own, is_plain = votes[found.format, found.text], (found.format, found.text) in plain
    if found.format == "Codabar" and any(_is_piece_of(found, other) for other in votes):
        return False
    if found.format in LETTERED:
        by_zxing = any(not stage.startswith(_ZBAR) for stage in own)
        sure = is_plain or (by_zxing and found.format in CHECKED) or len(own) >= 2
        shortest = SHORTEST_LETTERED if not is_plain else 1 if found.format in CHECKED else SHORTEST_PLAIN
        return sure and found.text is not None and len(found.text) >= shortest
    if found.format == "ITF" and is_plain:
        return not any(_competes(found, other) for other in plain) and not any(
            _is_piece_of(found, other) for other in votes
        )
    rivals = [other for other in votes if _competes(found, other)]
    if found.format == "ITF":
        return not rivals and len(own) >= (3 if _may_be_a_piece(found) else 2)
    families = {stage.split(" ")[0] if not stage.startswith(_FIT) else stage for stage in own}
    eyes = _eyes(own)
    if rivals:
        return len(eyes) == _ALL_EYES and all(len(votes[rival]) == 1 for rival in rivals)
    return len(families) >= 2 and (len(eyes) >= 2 or eyes == {_FIT} or len(families) >= _MANY)


def _eyes(stages: Iterable[str]) -> set[str]:
    """Who looked: the two libraries, and the fit."""
    return {
        _ZBAR if stage.startswith(_ZBAR) else _FIT if stage.startswith(_FIT) else _ZXING for stage in stages
    }


def stands_alone(found: Found, finds: Iterable[Found]) -> bool:
    """Whether what one camera frame shows is enough for a code, with no other frame beside it.

    A camera looks at so many frames that bars need more than on a still picture: two kinds of eyes, always.
    An ITF never is enough, since a line across part of it is a shorter one.
    """
    if found.text is None or found.format == "ITF":
        return False
    if found.format in MATRIX:
        return True
    same = {other.stage for other in finds if (other.format, other.text) == (found.format, found.text)}
    return len(_eyes(same)) >= 2


def _may_be_a_piece(found: Found) -> bool:
    """Whether it is an ITF so short that it is likelier a line across part of a longer one."""
    return found.format == "ITF" and len(found.text or "") < _WHOLE_ITF


def _competes(found: Found, other: _Key) -> bool:
    """Whether the other key is a number that speaks against this one."""
    form, text = other
    if found.format == "ITF":
        # A line across part of an ITF gives a shorter number that is a piece of the whole one.
        return form == "ITF" and text not in {None, found.text} and str(text) not in str(found.text)
    return form in _RETAIL and text != found.text


def _is_piece_of(found: Found, other: _Key) -> bool:
    """Whether the other is a longer one of the same format that holds the same characters.

    A Codabar's start and stop do not count: some of its bars look like them to who begins amid it.
    """
    form, text = other
    drawn = slice(1, -1) if form == "Codabar" else slice(None)
    piece, whole = str(found.text)[drawn], str(text)[drawn]
    return form == found.format and len(piece) < len(whole) and piece in whole


class FrameVotes:
    """The same rule over the frames of a camera. One thread.

    A signed text is believed at once, and so is what stands alone: a two-dimensional code, which corrects its
    own errors, and bars that two kinds of eyes read alike in one frame. Anything else is believed when it was
    read in two frames within ``window_s``. A number is believed only while no other number was seen in that
    time, or each such number in one frame only and this one in three.

    Args:
        is_signed: Whether a text proves itself.
        window_s: How long a read counts.
    """

    def __init__(self, is_signed: Callable[[str], bool], window_s: float = 1.0) -> None:
        self._is_signed = is_signed
        self._window_s = window_s
        self._seen: deque[tuple[float, Found]] = deque(maxlen=64)

    def add(self, finds: Iterable[Found], at_s: float) -> list[Found]:
        """What the finds of one frame make believed; call in the order of frames."""
        while self._seen and at_s - self._seen[0][0] > self._window_s:
            self._seen.popleft()
        new = [found for found in finds if found.format not in LETTERED or _is_long_enough(found)]
        self._seen.extend((at_s, found) for found in new)
        unique = {(found.format, found.text): found for found in new}
        # Only one of the libraries tells, and only while the code is in sight whole.
        unique.update({(found.format, found.text): found for found in new if found.is_gs1})
        return [found for found in unique.values() if self._is_believed(found, stands_alone(found, new))]

    def _is_believed(self, found: Found, is_enough: bool) -> bool:
        if found.text is not None and found.format in MATRIX | LETTERED and self._is_signed(found.text):
            return True
        same = {
            at_s for at_s, other in self._seen if (other.format, other.text) == (found.format, found.text)
        }
        if len(same) < 2 and not is_enough:
            return False
        if found.format not in NUMBERED:
            return True
        rivals: dict[_Key, set[float]] = defaultdict(set)
        for at_s, other in self._seen:
            if _competes(found, (other.format, other.text)):
                rivals[other.format, other.text].add(at_s)
        return not rivals or (
            len(same) >= _OUTVOTING_FRAMES and all(len(frames) == 1 for frames in rivals.values())
        )


def _is_long_enough(found: Found) -> bool:
    return found.text is not None and len(found.text) >= SHORTEST_LETTERED
