"""How much of their page everybody has written (書けた割合), of a million workers (or --size): asked of all at once, in the database,
by the very question that the night asks.

The ratio to one sequential scan of the same people in the same run. All lines of all sections have to be read too, so beside
it stands the ratio to one scan of each table that is asked.
"""
import re
import sys
from time import perf_counter

from django.db import connection

from bench import ground
from bench.measure import Result, by_turns, ratio, report, size
from machi.profiles.completeness import TABLES, percents_sql

MOST = 8                                            # times one scan of all tables that are asked
SCAN = "SELECT count(*) FROM {table} WHERE {column}::text <> ''"
COLUMN = {"accounts_user": "display_name", "profiles_profile": "headline", "profiles_strength": "evidence"}     # where it is a text
SCANNED = sorted(set(re.findall(r"\b(?:accounts|profiles)_[a-z]+\b", TABLES)))
EVERYBODY = f"SELECT percent, count(*) FROM ({percents_sql()}) AS page GROUP BY percent ORDER BY percent"


def main(arguments: list[str]) -> bool:
    workers = size(arguments, 1_000_000)
    with ground.town(jobs=1_000, workers=workers).here():             # pages are asked about, not posts
        people = [count for _percent, count in _asked(EVERYBODY)]
        whole, tables, one = by_turns(
            lambda: _asked(EVERYBODY), lambda: [_scan(table) for table in SCANNED], lambda: _scan("accounts_user"), clock=perf_counter)
    slower, spread = ratio(whole, tables)
    to_people, people_spread = ratio(whole, one)
    count, seconds = sum(people), round(whole.p50 / 1000, 2)
    return report("completeness", [
        Result("completeness of everybody", count, seconds, "s", "one scan of each table asked", slower, spread,
               f"<= {MOST} scans", slower <= MOST, ground.memory_mb()),
        Result("completeness of everybody", count, seconds, "s", "one scan of the people", to_people, people_spread,
               "(as measured)", True, ground.memory_mb())], arguments)


def _scan(table: str) -> list[tuple]:
    """Every row is read, and one column of it."""
    return _asked(SCAN.format(table=table, column=COLUMN.get(table, "user_id")))


def _asked(question: str) -> list[tuple]:
    with connection.cursor() as db:
        db.execute(question)
        return db.fetchall()


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
