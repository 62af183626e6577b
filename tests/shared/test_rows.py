"""The clock goes through many rows: one that fails holds up nobody behind it. And many are written in one statement."""
import datetime

import pytest
from django.db import IntegrityError, OperationalError

from machi.accounts.models import Party
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.rows import each, save_all
from tests.people import a_client, a_person


def test_a_row_that_fails_is_logged_and_nothing_of_it_stays_written(db, caplog):
    party = Party.objects.get(person=a_client("はじめの名"))

    def rename(row: str) -> bool:
        Party.objects.filter(pk=party.pk).update(name=row)
        if row == "壊れた行":
            raise IntegrityError("a row that cannot be")
        return row != "数えない行"

    assert each(iter(["一つめ", "数えない行", "三つめ", "壊れた行"]), rename) == 2
    party.refresh_from_db()
    assert party.name == "三つめ" and "a row that cannot be" in caplog.text


def test_a_database_that_does_not_answer_ends_the_turn(db):
    seen = []

    def lose(row: int) -> bool:
        seen.append(row)
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        each([1, 2], lose)
    assert seen == [1]


def test_many_rows_are_written_at_once_each_with_its_own_and_nothing_else_of_it(db, django_assert_num_queries):
    person, other = a_person(), a_person()
    rows = [Notice.objects.create(user=person, kind="k", about=f"payout:{number}", created_at=clock.now(), words={})
            for number in range(4)]
    read_at = datetime.datetime(2026, 12, 1, 3, 4, 5, 678_901, tzinfo=datetime.UTC)
    for number, row in enumerate(rows[:3]):
        row.about, row.read_at, row.user, row.words = f"行'{number}\"", read_at if number else None, other, {"n": number}

    with django_assert_num_queries(1):
        save_all(rows[:3], fields=("about", "read_at", "user", "words"))
    save_all([], fields=("about",))

    kept = Notice.objects.filter(kind="k").order_by("pk").values_list("about", "read_at", "user", "words")
    assert list(kept) == [("行'0\"", None, other.pk, {"n": 0}), ("行'1\"", read_at, other.pk, {"n": 1}),
                          ("行'2\"", read_at, other.pk, {"n": 2}), ("payout:3", None, person.pk, {})]
