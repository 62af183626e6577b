"""Registration numbers of invoices: what the check digit finds, what it cannot find, and of whom it is only a warning."""
import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.taxes.numbers import check_digit, checked

RIGHT = ("T7123456789012", "T4011001098993", "T7010705000725")
bases = some.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize("number", RIGHT)
def test_a_right_number_of_a_company_is_taken(number):
    found = checked(number, is_company=True)

    assert (found.number, found.fault) == (number, "")


@pytest.mark.parametrize("typed", ["7123456789012", "t7123456789012", "Ｔ７１２３４５６７８９０１２", " T 7123-4567-89012 ",
                                   "T7123ー4567ー89012"])
def test_a_number_is_understood_as_people_type_it(typed):
    assert checked(typed, is_company=True).number == "T7123456789012"


@pytest.mark.parametrize("typed", ["", "T", "T712345678901", "T71234567890123", "X7123456789012", "TT7123456789012",
                                   "T712345678901\x00", "あいうえおかきくけこさしす", "T٧123456789012"])
@pytest.mark.parametrize("is_company", [True, False])
def test_what_is_no_number_is_refused_and_stays_as_it_was_typed(typed, is_company):
    found = checked(typed, is_company=is_company)

    assert found == (typed, "登録番号は、Tと13けたの数字です。通知書のとおりに書いてください。", "")


def test_a_wrong_digit_is_refused_of_a_company_and_only_a_warning_of_a_person():
    company, person = checked("T7123456789013", is_company=True), checked("T7123456789013", is_company=False)

    says = "数字のどこかが違うようです。法人の番号は、最初の1けたでほかの12けたを確かめられます。通知書と見比べてください。"
    assert company == ("T7123456789013", says, "") and person == ("T7123456789013", "", says)


def test_a_zero_read_as_nine_passes_and_so_a_number_with_one_is_looked_at_twice():
    assert not checked("T4011901098993", is_company=True).fault
    says = "0と9の取り違えは、この確かめ方では見つかりません。通知書と、もう一度見比べてください。"
    assert checked("T4011001098993", is_company=True) == ("T4011001098993", "", says)
    for with_one_twin in ("T1111111111110", "T2911111111111"):
        assert checked(with_one_twin, is_company=True) == (with_one_twin, "", says)
    assert not checked(f"T{check_digit('111111111112')}111111111112", is_company=True).warning


@given(bases)
def test_every_company_number_begins_with_its_check_digit_from_one_to_nine(base):
    digit = check_digit(base)

    assert 1 <= digit <= 9
    assert not checked(f"{digit}{base}", is_company=True).fault


@given(bases, some.integers(0, 11), some.integers(1, 8))
def test_one_wrong_digit_is_found_unless_it_is_zero_for_nine(base, place, step):
    wrong = (int(base[place]) + step) % 9 if base[place] != "9" else step % 9
    other = base[:place] + str(wrong) + base[place + 1:]
    if wrong % 9 != int(base[place]) % 9:
        assert check_digit(other) != check_digit(base)


@pytest.mark.parametrize("base", ["", "1", "1" * 11, "1" * 13, "11111111111x", "１１１１１１１１１１１１"])
def test_anything_but_twelve_digits_has_no_check_digit(base):
    with pytest.raises(ValueError, match="twelve digits"):
        check_digit(base)
