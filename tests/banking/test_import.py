"""A statement is taken in: what is new, all of it or nothing, and it stays as it was read."""
import datetime
import io
import zipfile

import psycopg
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.activity.models import Fact
from machi.banking import actions, queries
from machi.banking.actions import forget_words, import_statement
from machi.banking.arriving import Unreadable
from machi.banking.joining import NotJoined
from machi.banking.models import BankRow, BankWords, Import
from machi.banking.queries import broken_rows, imports, last_row, rows_after
from machi.banking.reading import read
from machi.privacy.actions import forget_bank_words
from machi.shared.errors import NotAllowed
from tests.banking.statements import ACCOUNT, PLAIN, SIGNED, TODAY, plain, signed
from tests.people import a_person, a_staff_member

FIRST = [("2026/12/14", 11_000, "マチダ タロウ"), ("2026/12/15", 500, "ｶ)ﾏﾁ"), ("2026/12/15", -220, "手数料")]
SECOND = [("2026/12/15", 500, "ｶ)ﾏﾁ"), ("2026/12/16", 7_000, "ミナト")]


@pytest.fixture
def finance(db, clock_at):
    clock_at("2026-12-20 10:00")
    return a_staff_member("finance")


def take(file, by, layout=PLAIN, account=ACCOUNT):
    return import_statement(file=file, account=account, layout=layout, profile="plain", by=by)


def rows(account=ACCOUNT) -> list[tuple]:
    return [(f"{row.booked_on:%Y/%m/%d}", row.amount_yen, row.words.kana) for row in rows_after(account)]


def test_the_lines_of_a_file_are_taken_in_with_who_brought_them(finance):
    statement, new_count = take(plain(*FIRST), finance)

    assert new_count == statement.new_count == statement.line_count == 3
    assert rows() == FIRST
    assert [row.place for row in rows_after(ACCOUNT)] == [1, 2, 3]
    assert (statement.opening_yen, statement.closing_yen) == (100_000, 111_280)
    assert (statement.first_on, statement.last_on) == (datetime.date(2026, 12, 14), datetime.date(2026, 12, 15))
    assert last_row(ACCOUNT).balance_yen == 111_280
    assert [one.imported_by for one in imports(ACCOUNT)] == [finance]
    assert Fact.objects.get(name="statement.imported").data == {"new": 3}
    assert broken_rows() == []


def test_the_same_file_brings_nothing_a_second_time(finance):
    first, _new = take(plain(*FIRST), finance)

    again, new_count = take(plain(*FIRST), finance)

    assert (again, new_count) == (first, 0)
    assert rows() == FIRST and Import.objects.count() == 1


def test_the_same_lines_in_another_file_bring_nothing(finance):
    take(plain(*FIRST), finance)

    statement, new_count = take(plain(*FIRST, encoding="utf-8"), finance)

    assert (new_count, statement.line_count, statement.new_count) == (0, 3, 0)
    assert rows() == FIRST and Import.objects.count() == 2


def test_files_may_overlap_and_only_what_is_new_is_added(finance):
    take(plain(*FIRST), finance)

    _statement, new_count = take(plain(*FIRST[1:], *SECOND, opening=111_000), finance)

    assert new_count == 2
    assert rows() == FIRST + SECOND


def test_a_file_goes_on_from_the_last_balance(finance):
    take(plain(*FIRST), finance)

    take(plain(*SECOND, opening=111_280), finance)

    assert rows() == FIRST + SECOND


def test_a_part_of_what_is_known_brings_nothing(finance):
    take(plain(*FIRST, *SECOND), finance)

    assert take(plain(*FIRST[1:], opening=111_000), finance).new_count == 0


def test_whoever_only_looks_learns_what_a_file_would_bring(finance):
    take(plain(*FIRST), finance)

    with read(plain(*FIRST, *SECOND), PLAIN, today=TODAY) as statement:
        new = [(line.line, line.amount) for line in queries.lines_not_known(statement, ACCOUNT)]

    assert new == [(5, 500), (6, 7_000)]
    assert rows() == FIRST


def test_equal_lines_of_one_day_are_told_apart_by_the_balance(finance):
    same = ("2026/12/15", 500, "ｶ)ﾏﾁ")
    take(plain(same, same), finance)

    assert take(plain(same, same, same), finance).new_count == 1
    assert take(plain(same, opening=101_500), finance).new_count == 1
    assert rows() == [same] * 4


def test_money_that_goes_to_and_fro_is_not_taken_twice(finance):
    to_and_fro = [("2026/12/15", 500, "x"), ("2026/12/15", -500, "x")] * 2
    take(plain(*to_and_fro[:3]), finance)

    assert take(plain(*to_and_fro, ("2026/12/16", 1, "y")), finance).new_count == 2
    assert rows() == [*to_and_fro, ("2026/12/16", 1, "y")]


def test_accounts_do_not_mix(finance):
    take(plain(*FIRST), finance)

    assert take(plain(*FIRST), finance, account="9900-018-1-0000012").new_count == 3
    assert broken_rows() == []


@pytest.mark.parametrize("file, words", [
    (plain(*SECOND, opening=111_281),
     "前の明細とのあいだが抜けています：読み込みずみの最後は2026/12/15の残高111,280円、ファイルの2行目（2026/12/15）は111,281円から始まります。"),
    (plain(*SECOND[1:], opening=100_000),
     "前の明細とのあいだが抜けています：読み込みずみの最後は2026/12/15の残高111,280円、ファイルの2行目（2026/12/16）は100,000円から始まります。"),
    (plain(FIRST[0], ("2026/12/15", 501, "ｶ)ﾏﾁ"), FIRST[2]),
     "前に読み込んだ行と違います：3行目は2026/12/15、501円、残高111,501円。前は2026/12/15、500円、残高111,500円でした。"),
    (plain(FIRST[0], FIRST[2], FIRST[1]),
     "前に読み込んだ行と違います：3行目は2026/12/15、-220円、残高110,780円。前は2026/12/15、500円、残高111,500円でした。"),
    (plain(FIRST[0], *SECOND[1:]),
     "前に読み込んだ行と違います：3行目は2026/12/16、7,000円、残高118,000円。前は2026/12/15、500円、残高111,500円でした。"),
    (plain(FIRST[0], ("2026/12/15", 500, "ミナト"), FIRST[2]), "3行目（2026/12/15、500円）の名前が、前に読み込んだときと違います。"),
    (plain(("2026/12/13", 1, "x"), *FIRST, opening=99_999),
     "2行目（2026/12/13）は、最初に読み込んだ明細（2026/12/14）より前です。それより前の行は足せません。"),
    (csv_without_balance := signed(*FIRST), "前に読み込んだ明細と形が違います。残高の列は、いつも同じように選んでください。"),
])
def test_a_file_that_does_not_join_is_refused_whole(finance, file, words):
    take(plain(*FIRST), finance)
    file.seek(0)

    with pytest.raises(NotJoined) as refusal:
        take(file, finance, layout=SIGNED if file is csv_without_balance else PLAIN)

    assert str(refusal.value) == words
    assert rows() == FIRST and Import.objects.count() == 1


def test_the_bank_may_write_a_name_in_another_width(finance):
    take(plain(("2026/12/15", 500, "ﾏﾁﾀﾞ ﾀﾛｳ")), finance)

    assert take(plain(("2026/12/15", 500, "マチダ　タロウ"), ("2026/12/16", 1, "x")), finance).new_count == 1


# ---- without balances -------------------------------------------------------------------------------------------------

def test_without_balances_equal_lines_are_counted_day_by_day(finance):
    same, other = ("2026/12/15", 500, "ｶ)ﾏﾁ"), ("2026/12/15", 500, "ミナト")
    take(signed(same, same), finance, SIGNED)

    assert take(signed(same, same), finance, SIGNED).new_count == 0
    assert take(signed(same, other, same, same, ("2026/12/16", 1, "x")), finance, SIGNED).new_count == 3
    assert rows() == [same, same, other, same, ("2026/12/16", 1, "x")]
    assert broken_rows() == []


def test_without_balances_a_line_that_is_gone_is_told(finance):
    take(signed(*FIRST, *SECOND[1:]), finance, SIGNED)

    for file in (signed(FIRST[0], FIRST[1], *SECOND[1:]), signed(FIRST[0], *SECOND[1:])):
        with pytest.raises(NotJoined) as refusal:
            take(file, finance, SIGNED)
        assert str(refusal.value) == "前に読み込んだ2026/12/15の行が、このファイルにはありません。"
    assert take(signed(FIRST[0], FIRST[1]), finance, SIGNED).new_count == 0          # its last day may not have been over


def test_without_balances_a_file_begins_with_the_last_day_that_is_known(finance):
    """Else days could be left out between two files, and whoever asks what did not leave the account would not see it."""
    take(signed(*FIRST), finance, SIGNED)

    with pytest.raises(NotJoined) as refusal:
        take(signed(*SECOND[1:]), finance, SIGNED)
    assert str(refusal.value) == ("2行目（2026/12/16）から始まるので、そのあいだの行が抜けていても分かりません。"
                                  "2026/12/15からの明細を選んでください。")
    assert rows() == FIRST and take(signed(*FIRST[1:], *SECOND[1:]), finance, SIGNED).new_count == len(SECOND) - 1


def test_balances_may_not_begin_later(finance):
    take(signed(*FIRST), finance, SIGNED)

    with pytest.raises(NotJoined, match="形が違います"):
        take(plain(*FIRST), finance)


# ---- any cut of any statement -----------------------------------------------------------------------------------------

STEPS = some.lists(some.tuples(some.integers(0, 1), some.sampled_from([-500, 500, 300]), some.sampled_from(["ｱ", "ｲ"])),
                   min_size=1, max_size=14)


def whole_of(steps) -> list[tuple]:
    day, found = datetime.date(2026, 10, 1), []
    for days, amount, kana in steps:
        day += datetime.timedelta(days=days)
        found.append((f"{day:%Y/%m/%d}", amount, kana))
    return found


def cuts_of(whole: list[tuple], drawn: list[tuple[int, int]], *, least: int) -> list[tuple[int, int]]:
    """Files of whole days on their left, as banks hand them out; each overlaps the one before by at `least` so many lines, or goes on
    from it.
    """
    starts = [n for n in range(len(whole)) if n == 0 or whole[n][0] != whole[n - 1][0]]
    reached, cuts = 0, []
    for back, forward in drawn:
        start = max((one for one in starts if one <= max(0, reached - back - least)), default=0)
        reached = max(reached, min(len(whole), max(start + 1, reached + forward)))
        cuts.append((start, reached))
    return [*cuts, (max(one for one in starts if one <= max(0, reached - least)), len(whole))]


@settings(max_examples=60)
@given(steps=STEPS, drawn=some.lists(some.tuples(some.integers(0, 6), some.integers(0, 5)), max_size=5), has_balances=some.booleans())
def test_however_a_statement_is_cut_each_line_is_taken_once(django_db_blocker, django_db_setup, monkeypatch, steps, drawn, has_balances):
    monkeypatch.setattr(queries, "_AT_ONCE", 3)
    monkeypatch.setattr(actions, "_AT_ONCE", 2)
    whole = whole_of(steps)
    with django_db_blocker.unblock(), transaction.atomic():
        by = a_staff_member("finance")
        for start, end in cuts_of(whole, drawn, least=0 if has_balances else 1):
            opening = 10_000 + sum(amount for _day, amount, _kana in whole[:start])
            part = whole[start:end]
            if has_balances:
                take(plain(*part, opening=opening), by)
            else:
                take(signed(*part), by, SIGNED)

        found, is_broken = rows(), broken_rows()
        transaction.set_rollback(True)

    assert is_broken == []
    assert found == whole if has_balances else sorted(found) == sorted(whole)


# ---- bad files, and who may -------------------------------------------------------------------------------------------

def test_a_bad_file_leaves_nothing(finance):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.csv", "日付")
    bad = plain(*FIRST).getvalue() + "2026/12/16,x,,一円,1,\r\n".encode("cp932")

    for file in (packed, io.BytesIO(bad), io.BytesIO(b""), io.BytesIO(bytes(range(256)) * 40)):
        with pytest.raises(Unreadable):
            take(file, finance)

    assert not Import.objects.exists() and not BankRow.objects.exists() and not Fact.objects.filter(name="statement.imported").exists()


@pytest.mark.parametrize("duties", [(), ("moderator",), ("auditor",)])
def test_only_finance_takes_in_a_statement(db, clock_at, duties):
    clock_at("2026-12-20 10:00")
    somebody = a_staff_member(*duties) if duties else a_person()

    with pytest.raises(NotAllowed, match="会計の係"):
        take(plain(*FIRST), somebody)


def test_two_people_bring_the_same_file_at_once(town, race, breaks_books):       # this room moves no money: nobody books its lines here
    by = a_staff_member("finance")
    old = [(day.replace("2026/12", "2026/11"), amount, kana) for day, amount, kana in FIRST]

    counts = race(*[lambda: take(plain(*old), by).new_count] * 6)

    assert sorted(counts) == [0, 0, 0, 0, 0, 3]
    assert rows() == old and broken_rows() == []


def test_two_people_bring_different_files_at_once(town, race, breaks_books):
    by = a_staff_member("finance")
    old = [(day.replace("2026/12", "2026/11"), amount, kana) for day, amount, kana in [*FIRST, *SECOND]]

    counts = race(*[lambda n=n: take(plain(*old[:n]), by).new_count for n in (3, 4, 5, 5)])

    assert sum(counts) == 5
    assert rows() == old and broken_rows() == []


# ---- it stays ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("deed", [
    "UPDATE banking_bankrow SET amount_yen = 9", "DELETE FROM banking_bankrow", "TRUNCATE banking_bankrow CASCADE",
    "UPDATE banking_import SET new_count = 0", "DELETE FROM banking_import", "TRUNCATE banking_import CASCADE",
    "UPDATE banking_bankwords SET kana = 'x'",
    "TRUNCATE banking_bankwords"])
def test_what_the_bank_wrote_is_never_changed(as_role, deed):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role("machi_app").execute(deed)
    with pytest.raises(psycopg.DatabaseError, match="append-only") as refusal:
        as_role("machi_migrate").execute(deed)
    assert refusal.value.sqlstate == "MB001"


def test_machi_ro_only_looks(as_role):
    as_role("machi_ro").execute("SELECT count(*) FROM banking_bankrow")
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        as_role("machi_ro").execute("DELETE FROM banking_bankwords")


def test_a_line_slipped_in_by_hand_is_found(finance):
    statement, _new = take(plain(*FIRST), finance)
    values = {"brought_by": statement, "account": ACCOUNT, "line": 9, "booked_on": datetime.date(2026, 12, 16)}

    one_yen = BankRow.objects.create(**values, place=4, amount_yen=1, balance_yen=111_282)
    hole = BankRow.objects.create(**values, place=6, amount_yen=1, balance_yen=111_283)

    assert broken_rows() == [one_yen.pk, hole.pk]


# ---- who paid ---------------------------------------------------------------------------------------------------------

def test_names_go_when_their_years_are_over_and_sums_stay(finance, clock_at):
    take(plain(*FIRST), finance)

    clock_at("2034-03-15 23:00")
    assert forget_bank_words() == 0
    clock_at("2034-03-16 10:00")
    assert forget_bank_words() == 3

    assert not BankWords.objects.exists()
    assert [row.amount_yen for row in rows_after(ACCOUNT)] == [11_000, 500, -220]
    assert take(plain(*FIRST, *SECOND), finance).new_count == 2          # what was forgotten is still the same line


def test_without_balances_what_was_forgotten_is_still_the_same_line(finance):
    take(signed(*FIRST), finance, SIGNED)
    forget_words(booked_before=datetime.date(2027, 1, 1))

    assert take(signed(*FIRST, *SECOND[1:]), finance, SIGNED).new_count == 1
