import argon2
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


def test_making_a_hasher_takes_none_of_the_memory_that_a_hash_takes() -> None:
    """The station's start was its highest point: 64 MiB for a password that nobody has."""
    Argon2PasswordHasher(memory_kib=2**31)


def test_who_has_no_password_costs_as_much_as_who_has_one() -> None:
    hasher = Argon2PasswordHasher(time_cost=2, memory_kib=64)
    asked = argon2.extract_parameters(hasher._of_nobody)
    assert asked == argon2.extract_parameters(hasher.hash("a password"))
    assert not hasher.verify("a password", None)
