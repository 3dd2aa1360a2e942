"""Who asks: only a stated proxy is believed about others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.public.callers import caller_of

PROXIES = frozenset({"127.0.0.1", "10.7.0.1"})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, 10.7.0.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", [], "203.0.113.5"),
        (None, ["1.1.1.1"], "unknown"),
        ("testclient", [], "unknown"),
    ],
)
def test_the_address_that_is_counted(peer: str | None, forwarded: list[str], expected: str) -> None:
    # row 196
    assert caller_of(peer, forwarded, PROXIES) == expected


@given(peer=st.text(max_size=50), forwarded=st.lists(st.text(max_size=80), max_size=5))
def test_no_header_breaks_it(peer: str, forwarded: list[str]) -> None:
    assert caller_of(peer, forwarded, PROXIES)
