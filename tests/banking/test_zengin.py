"""The file of transfers, read by somebody who does not know how it was written (machi/banking/checker.py)."""
import ast
import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.banking import banks, checker
from machi.banking.days import is_bank_day
from machi.banking.kana import narrow
from machi.banking.profiles import profiles
from machi.banking.zengin import NotWritten, Payer, Transfer, faults, shortened, transfer_file

DAY = datetime.date(2026, 12, 15)
RULES = profiles(DAY)["generic"].transfers
PAYER = Payer("0123456789", "マチウンエイ（カ", "0005", "001", "1", "1234567")
ONE = Transfer(7, "0005", "001", "1", "7654321", "マチダ　タロウ", 8_580)
TWO = Transfer(8, "9900", "018", "1", "0000012", "ガッコウ・ショウコ", 1)


def file_of(*transfers, **rules) -> bytes:
    return transfer_file(PAYER, transfers, value_on=DAY, rules=replace(RULES, **rules))


def some_accounts():
    """Banks and branches that exist."""
    every = banks._banks()
    return some.sampled_from(sorted(every)).flatmap(lambda bank: some.tuples(
        some.just(bank), some.sampled_from(sorted(every[bank].branches) or [""])).filter(lambda pair: pair[1]))


LETTERS = [chr(c) for c in range(0x30A1, 0x30F5)] + [chr(c) for c in range(0x3041, 0x3095)] + list("ーＡz０9 　（)「」・．-－／")
NAMES = some.text(alphabet=LETTERS, min_size=1, max_size=60).filter(lambda name: narrow(name).strip() and not name.startswith(("゛", "゜")))
LISTS = some.lists(some.tuples(some_accounts(), some.sampled_from("1249"), some.integers(0, 9_999_999), NAMES,
                              some.integers(1, 9_999_999_999)), min_size=1, max_size=40)


@given(rows=LISTS, line_end=some.sampled_from([b"\r\n", b""]), day=some.dates(DAY, datetime.date(2028, 12, 31)).filter(is_bank_day))
def test_any_list_of_accounts_becomes_a_file_that_a_bank_can_read(rows, line_end, day):
    transfers = [Transfer(number, bank, branch, kind, f"{account:07d}", name, amount)
                 for number, ((bank, branch), kind, account, name, amount) in enumerate(rows, 1)]

    data = transfer_file(PAYER, transfers, value_on=day, rules=replace(RULES, line_end=line_end))
    answer = checker.check(data)

    assert len(data) == (len(transfers) + 3) * (120 + len(line_end))
    assert answer.line_end == line_end
    assert answer.total == sum(transfer.amount_yen for transfer in transfers)
    assert answer.header["value_mmdd"] == f"{day:%m%d}"
    for item, transfer in zip(answer.items, transfers, strict=True):
        assert (item["bank"], item["branch"], item["kind"], item["account"]) == (
            transfer.bank_code, transfer.branch_code, transfer.kind, transfer.account)
        assert int(item["amount"]) == transfer.amount_yen
        assert item["customer"] == f"{transfer.number:010d}" * 2
        assert narrow(transfer.holder).strip().startswith(item["holder"])


# Written by hand, column by column.
GOLDEN = [
    "1210" "0123456789" "ﾏﾁｳﾝｴｲ(ｶ                                " "1215" "0005" "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ  " "001" "ﾎﾝﾃﾝ           " "1" "1234567"
    "                 ",
    "2" "0005" "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ  " "001" "ﾎﾝﾃﾝ           " "0000" "1" "7654321" "ﾏﾁﾀﾞ ﾀﾛｳ                      " "0000008580" "0"
    "0000000007" "0000000007" "7" " " "       ",
    "2" "9900" "ﾕｳﾁﾖ           " "018" "ｾﾞﾛｲﾁﾊﾁ        " "0000" "1" "0000012" "ｶﾞﾂｺｳ ｼﾖｳｺ                    " "0000000001" "0"
    "0000000008" "0000000008" "7" " " "       ",
    "8" "000002" "000000008581" + " " * 101,
    "9" + " " * 119]


def test_the_bytes_are_these():
    golden = "".join(line + "\r\n" for line in GOLDEN).encode("cp932")

    assert file_of(ONE, TWO) == golden
    checker.check(golden)


def test_the_same_transfers_give_the_same_bytes():
    assert file_of(ONE, TWO) == file_of(ONE, TWO)


def test_without_line_ends_a_record_follows_a_record():
    assert file_of(ONE, line_end=b"") == file_of(ONE).replace(b"\r\n", b"")


def test_text_for_the_payee_takes_the_place_of_the_customer_codes():
    [item] = checker.check(file_of(replace(ONE, edi="セイキュウ １２"), has_edi=True)).items

    assert (item["edi_flag"], item["customer"]) == ("Y", "ｾｲｷﾕｳ 12")


def test_a_bank_without_that_text_gets_the_numbers():
    [item] = checker.check(file_of(replace(ONE, edi="セイキュウ"))).items

    assert (item["edi_flag"], item["customer"]) == ("", "0000000007" * 2)


def test_a_bank_that_keeps_small_letters_gets_them():
    rules = replace(RULES, is_small_kept=True, letters=RULES.letters | set("ｯｬｭｮ"))

    assert "ｶﾞｯｺｳ ｼｮｳｺ".encode("cp932") in transfer_file(PAYER, [TWO], value_on=DAY, rules=rules)


def test_a_bank_that_keeps_a_letter_gets_it():
    rules = replace(RULES, instead={said: other for said, other in RULES.instead.items() if said != "ｦ"}, letters=RULES.letters | {"ｦ"})

    assert "ｦｶﾞﾜ ﾊﾅ".encode("cp932") in transfer_file(PAYER, [replace(ONE, holder="ヲガワ　ハナ")], value_on=DAY, rules=rules)
    assert "ｵｶﾞﾜ ﾊﾅ".encode("cp932") in file_of(replace(ONE, holder="ヲガワ　ハナ"))


def test_only_the_spaces_around_a_name_are_left_out():
    assert checker.check(file_of(replace(ONE, holder="　XYX　"))).items[0]["holder"] == "XYX"


def test_the_column_of_a_bank_has_fifteen_bytes_however_long_it_calls_itself(monkeypatch):
    monkeypatch.setattr("machi.banking.zengin.bank_kana", lambda code: "マチノイチバンナガイギンコウ")
    monkeypatch.setattr("machi.banking.zengin.branch_kana", lambda code, branch: "シヨウテンガイノシテンデス")

    record = file_of(ONE).split(b"\r\n")[1].decode("cp932")

    assert len(record) == 120 and record[5:20] == "ﾏﾁﾉｲﾁﾊﾞﾝﾅｶﾞｲｷﾞﾝ" and record[23:38] == "ｼﾖｳﾃﾝｶﾞｲﾉｼﾃﾝﾃﾞｽ"


def test_a_long_name_is_told_before_and_cut_between_letters():
    long = replace(ONE, holder="ア" * 29 + "ガク")

    assert shortened([TWO, long], rules=RULES) == [
        "2件目：名義が長いので、銀行のファイルには「" + "ｱ" * 29 + "」まで書きます（半角30文字）。"]
    [item] = checker.check(file_of(long)).items
    assert item["holder"] == "ｱ" * 29
    assert shortened([replace(ONE, holder="ア" * 30)], rules=RULES) == []


NO_KIND = "2件目：この種類の口座は、振込のファイルに書けません。"
NO_AMOUNT = "2件目：金額は1円から9,999,999,999円までです。"


@pytest.mark.parametrize("wrong, words", [
    ({"bank_code": "0002"}, "2件目：銀行コード0002の銀行は見つかりません。"),
    ({"bank_code": ""}, "2件目：銀行コードの銀行は見つかりません。"),
    ({"branch_code": "999"}, "2件目：三菱ＵＦＪに、支店コード999の支店は見つかりません。"),
    ({"kind": "3"}, NO_KIND), ({"kind": ""}, NO_KIND),
    ({"account": "123456"}, "2件目：口座番号は7桁の数字です。"),
    ({"account": "１２３４５６７"}, "2件目：口座番号は7桁の数字です。"),
    ({"holder": ""}, "2件目：名義が書かれていません。"),
    ({"holder": "・　・"}, "2件目：名義が書かれていません。"),
    ({"holder": "町田"}, "2件目：「町田」の「町」は、銀行のファイルに書けない文字です。"),
    ({"holder": "マチ😀"}, "2件目：「マチ😀」の「😀」は、銀行のファイルに書けない文字です。"),
    ({"holder": "マチ\r\n"}, "2件目：「マチ\r\n」の「\r」は、銀行のファイルに書けない文字です。"),
    ({"holder": "マチ、"}, "2件目：「マチ、」の「､」は、銀行のファイルに書けない文字です。"),
    ({"amount_yen": 0}, NO_AMOUNT), ({"amount_yen": -1}, NO_AMOUNT),
    ({"amount_yen": 10**10}, NO_AMOUNT), ({"amount_yen": True}, NO_AMOUNT),
    ({"amount_yen": 1.5}, NO_AMOUNT),
    ({"number": 8}, "2件目：振込の番号8が使えません。同じ番号は一度だけ、10桁までです。"),
    ({"number": 0}, "2件目：振込の番号0が使えません。同じ番号は一度だけ、10桁までです。"),
    ({"number": 10**10}, "2件目：振込の番号10000000000が使えません。同じ番号は一度だけ、10桁までです。"),
])
def test_what_a_bank_would_not_take_is_one_sentence_with_its_line(wrong, words):
    with pytest.raises(NotWritten) as refusal:
        file_of(TWO, replace(ONE, **wrong))

    assert str(refusal.value) == words


@pytest.mark.parametrize("wrong, words", [
    ({"code": "123"}, "振込元の口座：銀行から届いた委託者コードは、10桁の数字です。"),
    ({"kind": "4"}, "振込元の口座：この種類の口座は、振込のファイルに書けません。"),
    ({"name": " "}, "振込元の口座：名義が書かれていません。"),
    ({"branch_code": "x"}, "振込元の口座：三菱ＵＦＪに、支店コードxの支店は見つかりません。")])
def test_the_account_that_pays_is_looked_at_too(wrong, words):
    assert list(faults(replace(PAYER, **wrong), [ONE], value_on=DAY, rules=RULES)) == [words]


def test_text_for_the_payee_may_be_too_long():
    has_edi = replace(RULES, has_edi=True)
    long, strange = replace(ONE, edi="ア" * 21), replace(ONE, edi="請求")

    assert list(faults(PAYER, [long], value_on=DAY, rules=has_edi)) == [f"1件目：「{'ア' * 21}」は長すぎます。半角20文字まで書けます。"]
    assert list(faults(PAYER, [strange], value_on=DAY, rules=has_edi)) == ["1件目：「請求」の「請」は、銀行のファイルに書けない文字です。"]
    assert list(faults(PAYER, [replace(ONE, edi="ア" * 20), replace(TWO, edi="")], value_on=DAY, rules=has_edi)) == []
    assert list(faults(PAYER, [long, replace(strange, number=9)], value_on=DAY, rules=RULES)) == []         # this bank does not hear it


def test_a_file_has_an_end():
    assert list(faults(PAYER, [], value_on=DAY, rules=RULES)) == ["振込が1件もありません。"]
    many = [replace(ONE, number=number) for number in range(1, 10_001)]
    assert list(faults(PAYER, many, value_on=DAY, rules=RULES)) == ["一つのファイルに入る振込は9,999件までです。いまは10,000件あります。"]
    assert len(checker.check(transfer_file(PAYER, many[:9_999], value_on=DAY, rules=RULES)).items) == 9_999
    full = [replace(ONE, number=number, amount_yen=9_999_999_999) for number in range(1, 101)]
    assert list(faults(PAYER, [*full, replace(TWO, number=101, amount_yen=99)], value_on=DAY, rules=RULES)) == []
    rich = [replace(ONE, number=number, amount_yen=9_999_999_999) for number in range(1, 102)]
    assert list(faults(PAYER, rich, value_on=DAY, rules=RULES)) == ["一つのファイルの合計は999,999,999,999円までです。"]


def test_money_arrives_on_a_day_on_which_banks_work():
    assert list(faults(PAYER, [ONE], value_on=datetime.date(2026, 12, 31), rules=RULES)) == [
        "2026/12/31は銀行が休みの日です。振込は銀行の営業日に届きます。"]


def test_an_account_does_not_stand_in_a_log():
    assert "7654321" not in repr(ONE) and "マチダ" not in repr(ONE)


# ---- the checker itself -------------------------------------------------------------------------------------------------

def test_the_checker_shares_nothing_with_the_town():
    imported = {name for node in ast.walk(ast.parse(Path(checker.__file__).read_text())) if isinstance(node, (ast.Import, ast.ImportFrom))
                for name in [getattr(node, "module", None) or node.names[0].name]}

    assert imported == {"datetime", "pathlib", "typing"}


@pytest.mark.parametrize("at, byte", [
    (0, b"3"), (2, b"2"), (3, b"1"), (6, b" "), (14, b" "), (15, b"a"), (54, b"9"), (95, b"4"), (110, b"0"), (122, b"1"), (127, b"\xa7"),
    (126 + 35, b"x"), (122 + 42, b"3"), (122 + 52, b"\xdf"), (122 + 50, b"\xde"), (122 + 89, b"x"), (122 + 92, b" "), (122 + 112, b"N"),
    (122 + 119, b"x"), (244 + 6, b"2"), (244 + 18, b"9"), (244 + 50, b"x"), (366, b"8"), (366 + 60, b"\x00"), (120, b"\n"), (121, b" ")])
def test_the_checker_finds_one_wrong_byte(at, byte):
    good = bytearray(file_of(ONE))
    assert good[at:at + 1] != byte
    checker.check(bytes(good))

    good[at:at + 1] = byte

    with pytest.raises(checker.Wrong):
        checker.check(bytes(good))


@pytest.mark.parametrize("spoil", [
    lambda data: data.replace(b"\r\n", b"\n"), lambda data: data.replace(b"\r\n", b"\r"), lambda data: data[:-1],
    lambda data: data + b"\x1a",
    lambda data: b"", lambda data: data[:122] + data[244:], lambda data: data[122:], lambda data: data + data,
    lambda data: data[:122] + data[122:244] * 2 + data[244:]])
def test_the_checker_finds_a_wrong_shape(spoil):
    with pytest.raises(checker.Wrong):
        checker.check(spoil(file_of(ONE)))


def put(at: int, letters: bytes) -> bytes:
    """A good file with other letters at one place; of a sum the trailer says the same."""
    data = bytearray(file_of(ONE))
    data[at:at + len(letters)] = letters
    return bytes(data)


ZERO = put(122 + 80, b"0" * 10)[:366 - 122 + 7] + b"0" * 12 + file_of(ONE)[366 - 122 + 19:]


@pytest.mark.parametrize(("data", "words"), [
    (file_of(ONE)[:-1], f"{4 * 122 - 1} bytes are not records of 120, alone or each with CR and LF"),
    (b"", "0 bytes are not records of 120, alone or each with CR and LF"),
    (file_of(ONE)[122:] * 2, "the records come in another order: ['data', 'trailer', 'end']...['trailer', 'end']"),
    (put(366 - 122 + 1, b"000002"), "the trailer says 000002 items and 000000008580 yen"),
    (ZERO, "record 2, amount (bytes 81-90): it is zero"),
    (put(122 + 50, b" " * 30), "record 2, holder (bytes 51-80): it is empty"),
    (put(122 + 50, b" \xb1"), "record 2, holder (bytes 51-80): it does not begin at the left"),
    (put(122 + 50, b"\xb1\xde"), "record 2, holder (bytes 51-80): a mark without its letter"),
    (put(54, b"0230"), "record 1, value_mmdd (bytes 55-58): b'0230' is no day"),
    (put(122 + 42, b"3"), "record 2, kind (bytes 43-43): b'3' instead of 1|2|4|9"),
    (put(122 + 38, b"x"), "record 2, clearing_house (bytes 39-42): b'x000' is not a number")])
def test_the_checker_says_which_record_and_which_bytes_are_wrong(data, words):
    with pytest.raises(checker.Wrong) as wrong:
        checker.check(data)
    assert str(wrong.value) == words


def test_the_checker_reads_no_file_of_ten_thousand_payments():
    record = file_of(ONE)[122:244]
    data = file_of(ONE)[:122] + record * 10_000 + b"8010000" + b"%012d" % 85_800_000 + b" " * 101 + b"\r\n" + file_of(ONE)[-122:]

    with pytest.raises(checker.Wrong) as wrong:
        checker.check(data)
    assert str(wrong.value) == "more than 9,999 items"
