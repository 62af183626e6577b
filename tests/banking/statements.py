"""Files as banks make them, for tests: invented people, every shape."""
import csv
import datetime
import io

from machi.banking.profiles import Layout, generic, profiles

ACCOUNT = "0005-001-1-1234567"
TODAY = datetime.date(2026, 12, 20)
PLAIN = generic({"day": "日付", "in": "入金", "out": "出金", "balance": "残高", "kana": "摘要", "memo": "メモ"})
SIGNED = generic({"day": "日付", "signed": "金額", "kana": "摘要"})          # without balances


def layout_of(bank: str) -> Layout:
    return profiles(TODAY)[bank].layout


def csv_of(*rows, encoding: str = "cp932", line_end: str = "\r\n", delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end, delimiter=delimiter, quoting=quoting).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def plain(*rows, opening: int = 100_000, **options) -> io.BytesIO:
    """(day, amount, kana) -> a file of the PLAIN layout, oldest first, whose balances go on from the opening."""
    lines, balance = [["日付", "摘要", "出金", "入金", "残高", "メモ"]], opening
    for day, amount, kana in rows:
        balance += amount
        lines.append([day, kana, f"{-amount:,}" if amount < 0 else "", f"{amount:,}" if amount > 0 else "", f"{balance:,}", ""])
    return csv_of(*lines, **options)


def signed(*rows, **options) -> io.BytesIO:
    """(day, amount, kana) -> a file of the SIGNED layout, without balances."""
    return csv_of(["日付", "摘要", "金額"], *[[day, kana, str(amount)] for day, amount, kana in rows], **options)
