import pytest

from loyalty.domain.trust import DEFAULT_TRUST_POLICY, Trust, TrustPolicy
from loyalty.errors import InvalidValueError


def test_defaults_are_those_of_the_architecture() -> None:
    policy = DEFAULT_TRUST_POLICY
    assert (policy.earn, policy.group_discount) == (Trust.TYPED, Trust.REFERENCE)
    assert (policy.show_points, policy.redeem, policy.history) == (Trust.SIGNED, Trust.SIGNED, Trust.PROVEN)


def test_a_shop_can_ask_for_more() -> None:
    assert TrustPolicy(redeem=Trust.PROVEN).redeem is Trust.PROVEN


@pytest.mark.parametrize("right", ["show_points", "redeem", "history", "group_discount"])
def test_a_shop_cannot_ask_for_less_than_the_floor(right: str) -> None:
    # row 169
    with pytest.raises(InvalidValueError):
        TrustPolicy(**{right: Trust.TYPED})
