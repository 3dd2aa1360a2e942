import pytest

from loyalty.adapters.argon2_hasher import Argon2PasswordHasher


@pytest.fixture(scope="module")
def hasher() -> Argon2PasswordHasher:
    return Argon2PasswordHasher(time_cost=1, memory_kib=64)


def test_a_password_matches_its_own_hash_only(hasher: Argon2PasswordHasher) -> None:
    hashed = hasher.hash("un mot de passe")
    assert hashed.startswith("$argon2id$")
    assert hasher.verify("un mot de passe", hashed)
    assert not hasher.verify("un autre", hashed)


def test_two_hashes_of_one_password_differ(hasher: Argon2PasswordHasher) -> None:
    assert hasher.hash("x") != hasher.hash("x")


@pytest.mark.parametrize("stored", [None, "", "!", "$argon2id$broken"])
def test_no_hash_or_an_unusable_one_matches_nothing(hasher: Argon2PasswordHasher, stored: str | None) -> None:
    for password in ("", "!", "nobody's password"):
        assert not hasher.verify(password, stored)
