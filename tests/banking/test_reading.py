"""One file of a bank: all of it is understood, or one sentence says what is not."""
import csv
import datetime
import gzip
import io
import itertools
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.banking import arriving
from machi.banking.arriving import Unreadable
from machi.banking.profiles import generic
from machi.banking.reading import read
from tests.banking.statements import PLAIN, SIGNED, TODAY, csv_of, layout_of, plain, signed

DAY = datetime.date(2026, 12, 15)
NEXT = datetime.date(2026, 12, 16)


def lines_of(file, layout=PLAIN) -> list[tuple]:
    with read(file, layout, today=TODAY) as statement:
        return [(line.day, line.amount, line.balance, line.kana, line.memo) for line in statement]


def refusal_of(file, layout=PLAIN) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(file, layout, today=TODAY)
    return str(refusal.value)


# ---- the banks we know ------------------------------------------------------------------------------------------------

BANKS = {
    "mufg": csv_of(["日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "差引残高", "メモ", "未資金化区分", "入払区分"],
                   ["2026/12/15", "振込１", "マチダ　タロウ", "", "11,000", "111,000", "", "", "振替入金"],
                   ["2026/12/16", "手数料", "", "220", "", "110,780", "", "", "振替支払い"], quoting=csv.QUOTE_ALL),
    "smbc": csv_of(["年月日", "お引出し", "お預入れ", "お取り扱い内容", "残高"], ["2026/12/15", "", "11000", "ﾏﾁﾀﾞ ﾀﾛｳ", "111000"],
                   ["R8.12.16", "220", "", "ﾃｽｳﾘﾖｳ", "110780"]),
    "paypay": csv_of(["操作日(年)", "操作日(月)", "操作日(日)", "操作時刻(時)", "取引順番号", "摘要", "お支払金額", "お預り金額", "残高",
                     "メモ"],
                     ["2026", "12", "15", "10", "1", "振込　マチダ　タロウ", "", "11000", "111000", ""],
                     ["2026", "12", "16", "11", "2", "手数料", "220", "", "110780", "x"]),
    "rakuten": csv_of(["取引日", "入出金(円)", "取引後残高(円)", "入出金内容"], ["20261215", "11000", "111000", "マチダ　タロウ"],
                      ["20261216", "-220", "110780", "手数料"]),
    "sbi-net": csv_of(["日付", "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ"],
                      ["2026/12/16", "手数料", "220", "", "110,780", "-"],
                      ["2026/12/15", "振込＊マチダ　タロウ", "", "11,000", "111,000", "-"], encoding="utf-8"),
    "jibun": csv_of(["年月日", "入金", "出金", "お取引内容", "残高"], ["2026年12月16日", "", "220", "手数料", "110780"],
                    ["2026年12月15日", "11000", "", "マチダ　タロウ", "111000"]),
    "gmo-aozora": csv_of(["日付", "摘要", "入金金額", "出金金額", "残高", "メモ"], ["20261216", "手数料", "", "220", "110780", ""],
                         ["20261215", "振込 マチダ タロウ", "11000", "", "111000", ""], encoding="utf-8-sig"),
    "yucho": csv_of(["お客さま口座情報"], ["現在高：", "110,780", "円"], ["出力日時：令和 08 年 12 月 20 日"],
                    ["お客さま口座番号：10110-1234567"],
                    ["照会対象：期間指定"], ["明細件数：2"],
                    ["取引日", "入出金明細ＩＤ", "受入金額（円）", "払出金額（円）", "詳細１", "詳細２", "現在（貸付）高", ""],
                    ["20261215", "1", "11000", "", "送金", "マチダ　タロウ", "111000", ""],
                    ["20261216", "2", "", "220", "手数料", "", "110780", ""]),
    "anser": csv_of(["照会口座", "番号", "勘定日", "（起算日）", "出金金額（円）", "入金金額（円）", "小切手区分", "残高（円）", "取引区分",
                    "明細区分",
                    "金融機関名", "支店名", "摘要"],
                    ["本店 普通 1234567", "1", "2026年12月15日", "", "", "11,000", "", "111,000", "振込", "", "", "", "ﾏﾁﾀﾞ ﾀﾛｳ"],
                    ["本店 普通 1234567", "2", "2026年12月16日", "", "220", "", "", "110,780", "手数料", "", "", "", ""],
                    quoting=csv.QUOTE_ALL),
}


@pytest.mark.parametrize("bank", BANKS)
def test_the_file_of_a_bank_is_read_the_oldest_line_first(bank):
    BANKS[bank].seek(0)

    first, second = lines_of(BANKS[bank], layout_of(bank))

    assert first[:3] == (DAY, 11_000, 111_000) and second[:3] == (NEXT, -220, 110_780)
    assert "".join(first[3].split()).endswith(("マチダタロウ", "ﾏﾁﾀﾞﾀﾛｳ"))


@pytest.mark.parametrize("bank", [bank for bank in BANKS])
def test_the_file_of_another_bank_is_named(bank):
    BANKS[bank].seek(0)
    other = "smbc" if bank != "smbc" else "mufg"

    assert refusal_of(BANKS[bank], layout_of(other)).startswith("選んだ銀行の明細に見えません。この列が見つかりません：「")


# ---- letters, shapes --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_a_file_is_read_in_any_letters(encoding, line_end):
    file = plain(("2026/12/15", 500, "ﾏﾁﾀﾞ～①髙"), ("2026/12/16", -500, "マチダ"), encoding=encoding, line_end=line_end)

    assert lines_of(file) == [(DAY, 500, 100_500, "ﾏﾁﾀﾞ～①髙", ""), (NEXT, -500, 100_000, "マチダ", "")]


def test_letters_are_known_by_the_whole_file():
    """Two thousand lines without a Japanese letter, then one."""
    rows = [("2026/12/15", 1, "x")] * 2_000 + [("2026/12/15", 1, "町")]

    assert lines_of(signed(*rows, encoding="cp932"), SIGNED)[-1][3] == "町"


def test_columns_may_be_tabs_and_may_be_named_by_their_places():
    layout = generic({"day": 1, "signed": 3, "balance": 4, "kana": 2}, delimiter="\t", skipped=2)
    file = csv_of(["わたしの口座"], ["なにか"], ["2026/12/15", "マチダ", "500", "1,500"], delimiter="\t")

    assert lines_of(file, layout) == [(DAY, 500, 1_500, "マチダ", "")]


def test_empty_lines_and_lines_about_nothing_are_passed_over():
    file = csv_of(["日付", "摘要", "出金", "入金", "残高"], [], ["2026/12/15", "お知らせ", "", "", "100"], ["", "", "", "", ""],
                  ["2026/12/15", "利息", "", "0", "100"], ["2026/12/16", "x", "", "1", "101"])

    assert lines_of(file) == [(NEXT, 1, 101, "x", "")]


def test_a_cell_may_hold_a_line_end_and_what_nobody_can_see_is_left_out():
    file = plain(("2026/12/15", 5, "マチダ\nタロウ\u202e,\"x\""), encoding="utf-8")

    assert lines_of(file) == [(DAY, 5, 100_005, 'マチダ タロウ,"x"', "")]


NO_CSV = "これはCSVのファイルではありません。銀行の画面で「CSV」を選んで、もう一度ダウンロードしてください。"
NO_MONEY = "このファイルには、お金の動いた行がありません。"
NOT_READ = "2行目が、CSVとして読めません。銀行からダウンロードしたままのファイルを選んでください。"


def letters(line: int) -> str:
    return f"{line}行目に、読めない文字があります。銀行からダウンロードしたままのファイルを選んでください。"


@pytest.mark.parametrize("file, words", [
    (io.BytesIO(b""), NO_MONEY),
    (plain(), NO_MONEY),
    (io.BytesIO(b"\n\n\n"), "選んだ銀行の明細に見えません。この列が見つかりません：「日付」、「入金」、「出金」、「残高」、「摘要」。"),
    (io.BytesIO("日付,摘要,入金\n".encode()), "選んだ銀行の明細に見えません。この列が見つかりません：「出金」、「残高」。"),
    (io.BytesIO(b"%PDF-1.7"), NO_CSV),
    (io.BytesIO(b"<!DOCTYPE html><html>"), NO_CSV),
    (io.BytesIO(gzip.compress(b"x")), NO_CSV),
])
def test_what_is_no_statement_is_told(file, words):
    assert refusal_of(file) == words


def test_a_zip_and_a_workbook_are_told():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("meisai.csv", "日付")

    assert "CSVのファイルではありません" in refusal_of(packed)


def test_a_file_without_end_is_refused_before_it_is_read(monkeypatch):
    class Endless(io.RawIOBase):
        def seek(self, *_where):
            return 1_000_000_000

        def read(self, *_size):
            raise AssertionError("read")

    assert refusal_of(Endless()) == "ファイルが大きすぎます。200MBまで読めます。期間を分けてダウンロードしてください。"


HEAD = "日付,摘要,出金,入金,残高\n"


@pytest.mark.parametrize("body, words", [
    (HEAD.encode() + b"2026/12/15,\xff\xfe,,1,1\n", letters(2)),
    (HEAD.encode("cp932") + b"2026/12/15,x,,1,1\n2026/12/15,\x81\x20,,1,2\n", letters(3)),
    (HEAD.encode("utf-16") + b"\x00\xd8\x00", letters(2)),
    (HEAD.encode() + b'2026/12/15,"x,,1,1\n', NOT_READ),
    (HEAD.encode() + b'2026/12/15,"x"y,,1,1\n', NOT_READ),
    (HEAD.encode() + b"x" * 200_000, NOT_READ),
    (HEAD.encode("utf-16") + ("x" * 2_000_000).encode("utf-16-le"), NOT_READ),
    (HEAD.encode() + b"2026/12/15,x,,1,1\r2026/12/15,x,,1,2\r", NOT_READ),
])
def test_what_cannot_be_read_has_the_number_of_its_line(body, words):
    assert refusal_of(io.BytesIO(body)) == words


@pytest.mark.parametrize("row, words", [
    ("2026/12/15,x,,1", "3行目に「残高」の列がありません。"), ("2026/12/15", "3行目に「残高」の列がありません。"),
    ("26/12/15,x,,1,2", "3行目の「日付」を日付として読めません（26/12/15）。"), (",x,,1,2", "3行目の「日付」を日付として読めません（）。"),
    ("合計,,0,1,2", "3行目の「日付」を日付として読めません（合計）。"), ("2026/12/21,x,,1,2",
    "3行目の「日付」が、ありえない日です（2026/12/21）。"),
    ("1899/12/31,x,,1,2", "3行目の「日付」が、ありえない日です（1899/12/31）。"),
    ("令和元年4月30日,x,,1,2", "3行目の「日付」を日付として読めません（令和元年4月30日）。"),
    ("2026/12/15,x,,一円,2", "3行目の「入金」を金額として読めません（一円）。"), ("2026/12/15,x,1.5,,2",
    "3行目の「出金」を金額として読めません（1.5）。"),
    ("2026/12/15,x,,-1,2", "3行目の「入金」がマイナスです（-1）。"), ("2026/12/15,x,▲1,,2", "3行目の「出金」がマイナスです（▲1）。"),
    ('2026/12/15,x,,"=HYPERLINK(""http://evil"")",2', '3行目の「入金」を金額として読めません（=HYPERLINK("http://evil")）。'),
    ("2026/12/15,x,1,1,2", "3行目に、入金と出金の両方が書かれています。"), ("2026/12/15,x,,1,",
    "3行目の「残高」を金額として読めません（）。"),
    ("2026/12/15,x,,1," + "9" * 60, f"3行目の「残高」を金額として読めません（{'9' * 30}）。"),
    ("2026/12/15,x,,1,3", "残高がつながりません：2行目（2026/12/15、残高1円）と3行目（2026/12/15、残高3円）のあいだです。"),
    ("2026/12/16,x,,1,2\n2026/12/14,x,,1,3", "日付の順番が合いません：3行目は2026/12/16、4行目は2026/12/14です。"),
])
def test_a_cell_that_does_not_fit_is_named_with_line_and_column(row, words):
    assert refusal_of(io.BytesIO((HEAD + "2026/12/15,x,,1,1\n" + row + "\n").encode())) == words


def test_without_balances_a_line_must_name_a_sum():
    assert refusal_of(signed(("2026/12/15", "", "x")), SIGNED) == "2行目に、入金も出金も書かれていません。"


# ---- order, size ------------------------------------------------------------------------------------------------------

AMOUNTS = some.lists(some.tuples(some.integers(0, 3), some.integers(-10**9, 10**9).filter(bool), some.sampled_from(["ｱ", "ｲ", ""])),
                     min_size=1, max_size=30)


@given(steps=AMOUNTS, is_newest_first=some.booleans(), encoding=some.sampled_from(["cp932", "utf-8", "utf-16"]))
def test_any_statement_is_read_as_it_was_written_in_either_order(steps, is_newest_first, encoding):
    day, rows = datetime.date(2026, 1, 1), []
    for days, amount, kana in steps:
        day += datetime.timedelta(days=days)
        rows.append((f"{day:%Y/%m/%d}", amount, kana))
    written = plain(*rows, opening=10**12, encoding=encoding).getvalue().decode(encoding).splitlines()
    if is_newest_first:
        written[1:] = written[:0:-1]

    with read(io.BytesIO("\r\n".join(written).encode(encoding)), PLAIN, today=TODAY) as statement:
        found = [(f"{line.day:%Y/%m/%d}", line.amount, line.kana) for line in statement]
        opening = statement.opening_yen

    if goes_to_and_fro(rows):
        assert found in (rows, rows[::-1])
    else:
        assert (found, opening) == (rows, 10**12)


def goes_to_and_fro(rows) -> bool:
    """The same sum to and fro on one day can be read in both directions; then the profile's word counts."""
    return len({day for day, _amount, _kana in rows}) == 1 and all(one[1] == -other[1] for one, other in itertools.pairwise(rows))


def test_one_day_without_balances_is_read_as_the_profile_says():
    file, rows = signed(("2026/12/15", 1, "ｱ"), ("2026/12/15", 2, "ｲ")), [("ｱ", 1), ("ｲ", 2)]

    assert [(kana, amount) for _day, amount, _balance, kana, _memo in lines_of(file, SIGNED)] == rows


def test_a_long_file_does_not_fill_the_memory():
    file = plain(*[("2026/12/15", 1 + n % 7, "ﾏﾁﾀﾞ ﾀﾛｳ") for n in range(8_000)])

    tracemalloc.start()
    with read(file, PLAIN, today=TODAY) as statement:
        count = sum(1 for _line in statement)
        _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 8_000
    assert peak < 1_500_000                                             # as objects they would be three times as much


def test_the_limit_of_a_file_is_bytes():
    assert arriving.MOST_BYTES >= 100_000_000
