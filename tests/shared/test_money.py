"""Yen are whole, and stay yen."""
import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.shared.money import Yen

amounts = some.integers(-10**12, 10**12)


@pytest.mark.parametrize("wrong", [
    lambda: Yen(1.0), lambda: Yen(True), lambda: Yen("1"), lambda: Yen(1) + 0.5, lambda: Yen(1) - 0.5, lambda: Yen(1) * 1.1,
    lambda: Yen(4) / 2, lambda: Yen(1) + True, lambda: sum([Yen(1), 0.5]),
    lambda: Yen(0.5 + Yen(1)), lambda: Yen(1.1 * Yen(1))])      # a float on the left is found when it wants to be yen again
def test_yen_do_not_mix_with_broken_numbers(wrong):
    with pytest.raises(TypeError):
        wrong()


def test_whoever_divides_yen_reads_what_to_do_instead():
    with pytest.raises(TypeError, match=r"^yen are not divided; say share\(basis_points\)"):
        Yen(4) / 2


@given(amounts, amounts)
def test_yen_stay_yen(a, b):
    results = [Yen(a) + b, a + Yen(b), Yen(a) - b, a - Yen(b), Yen(a) * b, a * Yen(b), sum([Yen(a), Yen(b)])]

    assert results == [a + b, a + b, a - b, a - b, a * b, a * b, a + b]
    assert {type(result) for result in results} == {Yen}


@given(some.integers(0, 10**12), some.integers(0, 10_000))
def test_a_share_is_rounded_down_and_never_more_than_the_whole(amount, basis_points):
    share = Yen(amount).share(basis_points)

    assert 0 <= share <= amount
    assert share * 10_000 <= amount * basis_points < (share + 1) * 10_000


@pytest.mark.parametrize(("amount", "words"), [(0, "0円"), (8_580, "8,580円"), (-1_021, "-1,021円"), (100_000_000, "100,000,000円")])
def test_yen_are_written_with_their_unit(amount, words):
    assert str(Yen(amount)) == words
    assert repr(Yen(amount)) == f"Yen({amount})"
