"""The clock goes through many rows: one that fails holds up nobody behind it."""
import pytest
from django.db import IntegrityError, OperationalError

from machi.accounts.models import Party
from machi.shared.rows import each
from tests.people import a_client


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
