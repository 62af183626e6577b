"""A statement that a connection prepared once answers as Django's own cursor does, also after the server has forgotten it."""
import datetime
from unittest.mock import patch

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from machi.shared import prepared as prepared_module
from machi.shared.prepared import Statement, asked_together
from tests.people import a_person

pytestmark = pytest.mark.usefixtures("town")


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'question_%%'")
        return cursor.fetchone()[0]


def both(sql: str, *values) -> tuple:
    """What it answers, after it was seen to be what Django's cursor answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        expected = cursor.fetchall()
    assert Statement(sql).rows(list(values)) == expected
    return expected[0]


def test_values_go_and_come_as_django_sends_and_reads_them():
    moment = datetime.datetime(2026, 11, 25, 23, 30, 0, 5, datetime.UTC)

    both("SELECT %s, %s::date, %s::bigint, %s::bool, 7 %% 4", "𠮷 %s $1 'x'", datetime.date(2026, 2, 28), 2**40, True)
    read = both("SELECT %s::timestamptz, NULL, ARRAY[1, 2], '{\"a\": 1}'::jsonb, 1.5::numeric", moment)
    assert read[0] == moment and read[0].utcoffset() == datetime.timedelta(0) and read[0].tzinfo is datetime.UTC
    assert both("SELECT 1 WHERE true") == (1,)


def test_a_number_may_be_larger_the_next_time():
    number = Statement("SELECT %s")
    for value in (1, 40_000, 2**40, 2):
        assert number.rows([value]) == [(value,)]


def test_it_is_prepared_once():
    before, statement = prepared(), Statement("SELECT %s || 'x'")
    for word in "あいう":
        assert statement.rows([word]) == [(f"{word}x",)]
    assert prepared() == before + 1


def test_what_the_server_has_forgotten_is_prepared_anew():
    statement = Statement("SELECT %s + 1")
    assert statement.rows([1]) == [(2,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert statement.rows([1]) == [(2,)]


def test_a_table_may_change_between_two_pages():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE passing AS SELECT 1 AS number")
        statement = Statement("SELECT * FROM passing")
        assert statement.rows([]) == [(1,)]
        cursor.execute("ALTER TABLE passing ADD COLUMN name text DEFAULT 'two'")
    assert statement.rows([]) == [(1, "two")]


def test_in_a_transaction_and_under_watching_eyes_it_is_djangos_own_query():
    statement = Statement("SELECT %s")
    before = prepared()
    with transaction.atomic():
        assert statement.rows([1]) == [(1,)]
    with CaptureQueriesContext(connection) as seen:
        assert statement.rows([1]) == [(1,)]
    assert len(seen) == 1 and prepared() == before


def test_several_are_answered_in_one_journey_each_for_whoever_asks_it():
    one, two = Statement("SELECT %s + 1"), Statement("SELECT %s || 'x'")
    with asked_together((one, [1]), (two, ["あ"])):         # the first time each goes alone
        assert (one.rows([1]), two.rows(["あ"])) == ([(2,)], [("あx",)])

    spied = []
    with asked_together((one, [1]), (two, ["い"]), (one, [7])), patch.object(Statement, "_asked", _spy(spied)):
        assert (two.rows(["い"]), one.rows([1]), one.rows([8])) == ([("いx",)], [(2,)], [(9,)])
        assert one.rows([1]) == [(2,)], "asked again, it is asked anew"
    assert len(spied) == 2, "of four questions two went to the database alone"


def test_a_list_is_a_value_too():
    among = Statement("SELECT 'b' = ANY(%s)")
    for _often in range(2):
        with asked_together((among, [["a", "b"]])):
            assert among.rows([["a", "b"]]) == [(True,)] and among.rows([["a"]]) == [(False,)]


def test_what_was_not_asked_for_is_no_answer_later():
    number = Statement("SELECT count(*) FROM accounts_user WHERE id > %s")
    before = number.rows([0])
    with asked_together((number, [0])):
        pass
    a_person()
    assert number.rows([0]) == [(before[0][0] + 1,)]
    with asked_together((number, [0])):
        number.rows([0])
        a_person()
        assert number.rows([0]) == [(before[0][0] + 2,)]


def test_when_one_is_refused_the_others_are_answered_and_whoever_asks_it_hears_the_refusal():
    good, bad = Statement("SELECT %s + 1"), Statement("SELECT 1 / %s")
    assert good.rows([1]) == [(2,)] and bad.rows([1]) == [(1,)]

    with asked_together((good, [1]), (bad, [0]), (good, [2])):
        assert good.rows([2]) == [(3,)]
        with pytest.raises(DataError):
            bad.rows([0])
        assert good.rows([1]) == [(2,)]
    assert good.rows([3]) == [(4,)]


def test_in_a_transaction_nothing_is_asked_ahead():
    number = Statement("SELECT %s + 1")
    number.rows([1])
    with transaction.atomic(), asked_together((number, [1])):
        assert number.rows([1]) == [(2,)]


def test_a_server_that_is_gone_is_found_again_by_whoever_asks_together():
    number = Statement("SELECT %s + 1")
    number.rows([1])
    (pid,) = both("SELECT pg_backend_pid()")
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close_if_unusable_or_obsolete()
    with asked_together((number, [1])):
        assert number.rows([1]) == [(2,)]


def _spy(seen: list):
    ask = Statement._asked

    def asked(self, own, values):
        if not prepared_module._known_of(own).ahead.get(prepared_module._key(self, values)):
            seen.append(values)
        return ask(self, own, values)
    return asked


def test_a_server_that_went_away_between_two_pages_is_found_again():
    assert Statement("SELECT 1").rows([]) == [(1,)]
    (pid,) = both("SELECT pg_backend_pid()")
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close_if_unusable_or_obsolete()      # as at the beginning of a request
    assert Statement("SELECT pg_backend_pid()").rows([])[0][0] != pid


def test_a_refusal_is_djangos_and_the_next_question_is_answered():
    connection.health_check_done = True
    with pytest.raises(OperationalError):
        Statement("SELECT pg_terminate_backend(pg_backend_pid())").rows([])
    connection.close()
    assert Statement("SELECT 1").rows([]) == [(1,)]
