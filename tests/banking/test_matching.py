"""Whose money a line may be: tables, and any text."""
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.banking.kana import narrow
from machi.banking.matching import Fit, Match, Reason, Waited, code_of, codes_in, is_code, is_same_payer, match, payer

ONE = Waited(code_of(123_456), 11_000, "マチダ　タロウ")
TWO = Waited(code_of(654_321), 11_000, "カ）ミナトシュッパン")
THREE = Waited(code_of(200_000), 5_000, "マチダ　タロウ")
ALL = [ONE, TWO, THREE]


def fits(text: str, amount: int, waited=ALL) -> tuple:
    found = match(amount_yen=amount, text=text, waited=waited)
    return found.fit, [(one, set(reasons)) for one, reasons in found.proposals]


# ---- codes ------------------------------------------------------------------------------------------------------------

def test_a_code_is_six_digits_and_one_that_checks_them():
    assert len(code_of(123_456)) == 7 and code_of(123_456).startswith("123456")
    assert is_code(code_of(100_000)) and is_code(code_of(999_999))
    for number in (99_999, 1_000_000, 0, -1):
        with pytest.raises(ValueError):
            code_of(number)


@given(some.integers(100_000, 999_999))
def test_one_wrong_digit_or_two_that_changed_places_are_found(number):
    code = code_of(number)
    slips = {code[:n] + digit + code[n + 1:] for n in range(7) for digit in "0123456789"}
    slips |= {code[:n] + code[n + 1] + code[n] + code[n + 2:] for n in range(6)}

    assert {slip for slip in slips if is_code(slip)} == {code}


@pytest.mark.parametrize("digits", ["", "123456", "12345678", "0123456", "１２３４５６７", "abcdefg", "123 456"])
def test_what_is_no_code(digits):
    assert not is_code(digits)


CODE = ONE.code


@pytest.mark.parametrize("text", [
    f"{CODE} ﾏﾁﾀﾞ ﾀﾛｳ", f"{CODE}ﾏﾁﾀﾞ", f"ﾏﾁﾀﾞ{CODE}", f"振込 {CODE}マチダ", f"{CODE[:3]} {CODE[3:]} マチダ", f"{CODE[:4]}-{CODE[4:]}マチダ",
    "".join(chr(ord(digit) + 0xFEE0) for digit in CODE) + "　マチダ", f"({CODE})", f"{CODE} 12", f"12 {CODE}"])
def test_a_code_is_found_in_a_text(text):
    assert CODE in codes_in(text)


@pytest.mark.parametrize("text", ["", f"0{CODE}", f"{CODE}0", f"9{CODE[:3]} {CODE[3:]}", CODE[:6], "1234567", "0000000", "マチダ",
    f"{CODE[:3]}  {CODE[3:]}",
                                  f"{CODE[:3]}ア{CODE[3:]}"])
def test_no_code_is_found_where_none_is(text):
    assert codes_in(text) == frozenset()


# ---- names ------------------------------------------------------------------------------------------------------------

SAME = [
    ["カ）ミナトシュッパン", "ｶ)ﾐﾅﾄｼﾕﾂﾊﾟﾝ", "ﾐﾅﾄｼﾕﾂﾊﾟﾝ(ｶ", "ミナト シュッパン", "株式会社ミナトシュッパン",
    "カブシキガイシャ　ミナトシュッパン", "みなとしゅっぱん",
     "ミナト・シュッパン（カ）", "ミナト(カ)シュッパン"],
    ["マチダ　タロウ", "ﾏﾁﾀﾞ ﾀﾛｳ", "まちだたろう", "1234567 マチダ タロウ"],
    ["パーティー", "ﾊﾟ-ﾃｲ-", "パ－ティ−", "ﾊﾟﾃｲ"],
    ["シャ）マチノカイ", "マチノカイ（シャ", "ﾏﾁﾉｶｲ"], ["トクヒ）マチ", "マチ(トクヒ)"]]


@pytest.mark.parametrize("one, other", [pair for names in SAME for pair in itertools.combinations(names, 2)])
def test_two_spellings_are_one_payer(one, other):
    assert payer(one) == payer(other) != ""
    assert is_same_payer(one, other) and is_same_payer(other, one)


@pytest.mark.parametrize("one, other", [("ハンダ", "バンダ"), ("マチダ タロウ", "マチダ ジロウ"), ("", ""), ("カ）", "カ）"),
    ("振込 マチ", "マチ"), ("マチダ", ""),
                                        ("ヤマ", "ヤマダタロウ")])
def test_two_names_are_two_payers(one, other):
    assert not is_same_payer(one, other)


def test_a_name_is_found_in_what_the_bank_wrote_around_it():
    assert is_same_payer("振込１ マチダ　タロウ", "マチダ タロウ")
    assert is_same_payer("振込＊ｶ)ﾐﾅﾄｼﾕﾂﾊﾟﾝ", "カ）ミナトシュッパン")


@given(some.text(alphabet=[chr(c) for c in range(0x30A1, 0x30F5)] + list("　 ー・"), max_size=30))
def test_a_name_stays_itself_in_any_width(name):
    assert payer(name) == payer(narrow(name)) == payer(payer(name))


# ---- matches ----------------------------------------------------------------------------------------------------------

CODE_AND_SUM, ALL_THREE = {Reason.CODE, Reason.AMOUNT}, set(Reason)


@pytest.mark.parametrize("text, amount, fit, proposals", [
    (f"{ONE.code} ﾏﾁﾀﾞ ﾀﾛｳ", 11_000, Fit.BY_ITSELF, [(ONE, ALL_THREE)]),
    (f"{ONE.code} ベツノヒト", 11_000, Fit.BY_ITSELF, [(ONE, CODE_AND_SUM)]),                        # somebody pays for another
    (f"{ONE.code} ﾏﾁﾀﾞ ﾀﾛｳ", 10_780, Fit.PROPOSED, [(ONE, {Reason.CODE, Reason.PAYER})]),          # less the fee of the bank
    (f"{ONE.code} ﾏﾁﾀﾞ ﾀﾛｳ", 5_000, Fit.PROPOSED, [(ONE, {Reason.CODE, Reason.PAYER}), (THREE, {Reason.AMOUNT, Reason.PAYER})]),
    ("ﾏﾁﾀﾞ ﾀﾛｳ", 11_000, Fit.PROPOSED, [(ONE, {Reason.AMOUNT, Reason.PAYER})]),
    ("ｶ)ﾐﾅﾄｼﾕﾂﾊﾟﾝ", 11_000, Fit.PROPOSED, [(TWO, {Reason.AMOUNT, Reason.PAYER})]),
    ("ﾏﾁﾀﾞ ﾀﾛｳ", 10_999, Fit.UNKNOWN, []), ("ベツノヒト", 11_000, Fit.UNKNOWN, []), ("", 11_000, Fit.UNKNOWN, []),
    (f"{ONE.code}", 11_000, Fit.BY_ITSELF, [(ONE, CODE_AND_SUM)]),
    (f"{ONE.code} {TWO.code}", 22_000, Fit.PROPOSED, [(ONE, {Reason.CODE}), (TWO, {Reason.CODE})]),  # two at once
    (f"{ONE.code} {TWO.code}", 11_000, Fit.PROPOSED, [(ONE, CODE_AND_SUM), (TWO, CODE_AND_SUM)]),
    (f"{ONE.code} {code_of(300_000)}", 11_000, Fit.PROPOSED, [(ONE, CODE_AND_SUM)]),                 # the other one is not waited for
    (f"{code_of(300_000)} ﾏﾁﾀﾞ ﾀﾛｳ", 11_000, Fit.PROPOSED, [(ONE, {Reason.AMOUNT, Reason.PAYER})]),
    (f"{ONE.code} ﾏﾁﾀﾞ ﾀﾛｳ", -11_000, Fit.UNKNOWN, []), (f"{ONE.code}", 0, Fit.UNKNOWN, []),
])
def test_a_line_goes_by_itself_is_proposed_or_is_unknown(text, amount, fit, proposals):
    assert fits(text, amount) == (fit, proposals)


def test_a_slip_in_the_code_is_never_somebody_elses_money():
    for n in range(7):
        for digit in "0123456789":
            slip = ONE.code[:n] + digit + ONE.code[n + 1:]
            if slip != ONE.code:
                assert fits(slip, 11_000)[0] is Fit.UNKNOWN


def test_only_says_what_it_belongs_to():
    assert match(amount_yen=11_000, text=ONE.code, waited=ALL).only == ONE
    assert match(amount_yen=1, text=ONE.code, waited=ALL).only is None
    assert match(amount_yen=1, text="", waited=[]) == Match(Fit.UNKNOWN)


@given(text=some.text(max_size=60), amount=some.integers(-10**12, 10**12), number=some.integers(100_000, 999_999), asked=some.integers(1,
    10**9))
def test_nothing_goes_by_itself_without_its_code_and_its_sum(text, amount, number, asked):
    one = Waited(code_of(number), asked, text)
    for whole in (text, f"{one.code} {text}", text + one.code):
        for paid in (amount, asked, -asked):
            found = match(amount_yen=paid, text=whole, waited=[one])
            if found.fit is Fit.BY_ITSELF:
                assert paid == asked and one.code in codes_in(whole)
            assert (found.fit is Fit.UNKNOWN) == (found.proposals == ())


@given(order=some.permutations(ALL), text=some.sampled_from([ONE.code, f"{TWO.code} x", "マチダ タロウ", f"{ONE.code}{TWO.code}"]),
       amount=some.sampled_from([11_000, 5_000, 1]))
def test_the_order_of_what_is_waited_for_does_not_matter(order, text, amount):
    assert fits(text, amount, order) == fits(text, amount)
