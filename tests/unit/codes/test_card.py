from pathlib import Path
from uuid import UUID

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from codes import CardCode, CardKind, CardSigner, CardVerifier, Rejected, parse_card
from codes.errors import CardKeyError
from codes.keys import read_keys

CARD = UUID("0192f3c0-0000-7000-8000-0000000000aa")


def signer() -> CardSigner:
    return CardSigner(bytes(range(32)))


@given(st.uuids(), st.integers(0, 2**32 - 1))
def test_what_is_signed_is_verified_again(card: UUID, step: int) -> None:
    # row 169
    ours = signer()
    verifier = CardVerifier([ours.public_key])
    printed = verifier.verify(ours.static(card))
    shown = verifier.verify(ours.rotating(card, step))
    assert isinstance(printed, CardCode)
    assert (printed.kind, printed.card_id, printed.step) == (CardKind.STATIC, card, None)
    assert isinstance(shown, CardCode)
    assert (shown.kind, shown.card_id, shown.step) == (CardKind.ROTATING, card, step)


@given(st.data())
def test_no_changed_letter_passes(data: st.DataObject) -> None:
    # row 169
    ours = signer()
    text = ours.static(CARD)
    place = data.draw(st.integers(3, len(text) - 1))
    letter = data.draw(st.sampled_from([c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if c != text[place]]))
    forged = text[:place] + letter + text[place + 1 :]
    assert isinstance(CardVerifier([ours.public_key]).verify(forged), Rejected)


@given(st.text(max_size=300))
def test_junk_is_rejected_and_never_raises(junk: str) -> None:
    assert isinstance(parse_card(junk), Rejected)
    assert isinstance(parse_card("CM1" + junk), Rejected)


def test_a_code_of_another_shop_is_told_apart_from_a_forged_one() -> None:
    # row 169
    stranger = CardSigner(Ed25519PrivateKey.generate().private_bytes_raw())
    assert CardVerifier([signer().public_key]).verify(stranger.static(CARD)) == Rejected("other_shop")


def test_a_signature_of_another_card_does_not_serve() -> None:
    ours = signer()
    first, second = parse_card(ours.static(CARD)), parse_card(ours.static(UUID(int=CARD.int + 1)))
    assert isinstance(first, CardCode)
    assert isinstance(second, CardCode)
    mixed = CardCode(first.kind, first.key_id, first.card_id, None, second.signature)
    assert CardVerifier([ours.public_key]).verify(mixed.text) == Rejected("bad_signature")


def test_after_a_key_rotation_old_cards_stay_good_until_the_old_key_is_revoked() -> None:
    # row 169
    old, new = signer(), CardSigner(bytes(reversed(range(32))))
    both = CardVerifier([new.public_key, old.public_key])
    assert isinstance(both.verify(old.static(CARD)), CardCode)
    assert isinstance(both.verify(new.static(CARD)), CardCode)
    assert CardVerifier([new.public_key]).verify(old.static(CARD)) == Rejected("other_shop")


def test_a_code_fits_the_compact_mode_of_a_small_qr_code() -> None:
    code = segno.make(signer().rotating(CARD, 29_000_000), error="m", micro=False)
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 6


def test_the_verifying_side_holds_nothing_that_signs(tmp_path: Path) -> None:
    # row 210
    ours = signer()
    public = tmp_path / "cards.pub"
    public.write_text("# current key\n" + _line(ours.public_key), encoding="ascii")
    verifier = CardVerifier.from_file(public)
    assert isinstance(verifier.verify(ours.static(CARD)), CardCode)
    forger = CardSigner.from_file(public)  # the public bytes taken as a private key sign for another key
    assert verifier.verify(forger.static(CARD)) == Rejected("other_shop")


@pytest.mark.parametrize("content", ["", "# nothing\n", "not base64!\n", "c2hvcnQ=\n"])
def test_a_useless_key_file_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cards.pub"
    path.write_text(content, encoding="ascii")
    with pytest.raises(CardKeyError, match=r"cards\.pub"):
        read_keys(path)


def _line(raw: bytes) -> str:
    import base64

    return base64.b64encode(raw).decode() + "\n"
