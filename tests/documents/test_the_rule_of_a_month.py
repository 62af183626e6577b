"""The rule about a month of tasks, which is asked before each payday: it finds a wrong yen, and its work grows as the town does."""
import pytest

from machi.documents.invariants import RULES
from tests import database
from tests.tasks.making import a_batch

[RULE] = [rule for rule in RULES if "month of tasks" in rule.name]


@pytest.fixture
def root(town):
    """The way around every trigger, for what is gone again afterwards."""
    a_batch()
    with database.as_superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection


def months(root, count: int, *, first: int = 1, month: str = "2026-11-01", issued: str = "2026-12-01") -> None:
    """So many people, each with one closing of the first batch in a month, and its paper."""
    numbers = {"first": 1_000_000 + first, "last": 1_000_000 + first + count - 1, "month": month, "issued": issued}
    root.execute("""
        INSERT INTO tasks_closing (id, batch_id, number, answers_count, workers_count, price_yen, gross_yen, back_yen, made_at)
        SELECT n, (SELECT min(id) FROM tasks_batch), n, 1, 1, 100, 110, 0, %(month)s::date + interval '10 days'
          FROM generate_series(%(first)s::int, %(last)s::int) n""", numbers)
    root.execute("""
        INSERT INTO payments_earning (worker_id, reference, about, title, price_yen, tax_yen, fee_yen, fee_tax_yen, withheld_yen,
                                      amount_yen, pay_on, earned_at)
        SELECT n, 'closing:' || n, 'batch:0', '', 100, 10, 22, 2, 0, 86, %(month)s::date, %(month)s::date
          FROM generate_series(%(first)s::int, %(last)s::int) n""", numbers)
    root.execute("""
        INSERT INTO documents_document (kind, issuer, year, serial, version, about, dealing, worker_id, dated_on, amount_yen, sha256,
                                        issued_at)
        SELECT 'task_pay', 'town', 2026, n, 1, 'worker:' || n, '', n, %(month)s::date + interval '27 days', 86, '', %(issued)s::date
          FROM generate_series(%(first)s::int, %(last)s::int) n""", numbers)


def rows_touched(root, sql: str) -> int:
    """Through how many rows the database went for an answer, in all of its steps."""
    def of(node: dict) -> float:
        seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
        return seen * node["Actual Loops"] + sum(map(of, node.get("Plans", ())))
    [[[told]]] = root.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchall()
    return round(of(told["Plan"]))


@pytest.mark.parametrize("sql", [RULE.sql, RULE.lately or RULE.sql], ids=["whole", "lately"])
@pytest.mark.parametrize("is_known", [False, True], ids=["no statistics", "statistics"])
def test_four_times_the_people_are_about_four_times_the_work(root, sql, is_known):
    months(root, 500)
    if is_known:
        root.execute("ANALYZE")
    few = rows_touched(root, sql)
    months(root, 1_500, first=501)
    if is_known:
        root.execute("ANALYZE")
    assert rows_touched(root, sql) < 6 * few and not root.execute(sql).fetchall()


def test_lately_only_the_papers_since_the_seal_are_asked_about(root):
    months(root, 3)
    months(root, 3, first=101, month="2026-12-01", issued="2027-01-01")
    root.execute("INSERT INTO ledger_seal (until_at, entry_count, digest) VALUES ('2026-12-31', 0, '')")
    assert not root.execute(RULE.lately).fetchall()

    root.execute("UPDATE documents_document SET amount_yen = 87 WHERE worker_id IN (1000001, 1000101)")
    root.execute("UPDATE payments_earning SET fee_yen = 23, amount_yen = 85 WHERE worker_id IN (1000002, 1000102)")
    assert len(root.execute(RULE.sql).fetchall()) == 4 and len(root.execute(RULE.lately).fetchall()) == 2
