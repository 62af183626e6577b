"""The newest open posts that carry all of some marks (jobs.index): as quick among a million posts as among ten thousand.

Time is cut into pieces, the newest first: hours, then days, then all that is older. Each piece is one look into the
index of marks, and when enough posts are found no further piece is looked at. So a common word is found in the newest
hours, a rare one in few posts, and neither makes the database look at more than the list can show.
"""
import datetime
from typing import NamedTuple

from django.db import connection

from machi.jobs.index import REWARD_STEPS, day, hour, hour_of
from machi.jobs.lifecycle import JobState
from machi.shared import clock

HOURS, DAYS = 6, 14                         # at least so many pieces of each length
_EVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
_COLUMNS = "id, category_id, newcomer_seats_count, newcomer_seats_taken, sync, reward_yen, published_at"
_OPEN = f"SELECT {_COLUMNS} FROM jobs_job WHERE state = '{JobState.OPEN}' AND closes_on >= %(today)s"
_NARROW = " AND reward_yen >= %(least_yen)s AND (newcomer_seats_count > newcomer_seats_taken OR NOT %(newcomer)s)"
_ORDER = "ORDER BY published_at DESC, id DESC"
_ANSWER = """
    WITH newest AS MATERIALIZED ({newest}), found AS MATERIALIZED ({found}), seen AS (
        SELECT category_id, sync = 'none' AS is_text, newcomer_seats_count > newcomer_seats_taken AS has_seat, reward_yen,
               sync = 'none' OR NOT %(text_only)s AS in_text,
               newcomer_seats_count > newcomer_seats_taken OR NOT %(newcomer)s AS for_newcomers, reward_yen >= %(least_yen)s AS pays
          FROM newest LIMIT %(most)s - 1)
    SELECT NULL, array_agg(id) FROM found UNION ALL
    SELECT category_id, ARRAY[count(*) FILTER (WHERE in_text AND for_newcomers AND pays),
                              count(*) FILTER (WHERE in_text AND has_seat AND pays),
                              count(*) FILTER (WHERE is_text AND for_newcomers AND pays), {steps}]
      FROM seen GROUP BY category_id"""
_STEPS = ", ".join(f"count(*) FILTER (WHERE in_text AND for_newcomers AND reward_yen >= {step})" for step in REWARD_STEPS)


class Kind(NamedTuple):
    """Of one kind of work: how many posts each choice would leave, beside what is chosen already."""

    category: str
    count: int
    newcomer: int
    text_only: int
    rewards: tuple[int, ...]                # at each of REWARD_STEPS


def search(words: set[str], facets: set[str], *, most: int, newcomer: bool, text_only: bool,
           least_yen: int) -> tuple[list[int], list[Kind]]:
    """At most so many posts with all these marks: their numbers, the newest first; and the kinds of those with the words alone."""
    values = {"most": most, "today": clock.today(), "newcomer": newcomer, "text_only": text_only, "least_yen": least_yen}
    values |= {"words": sorted(words), "all": sorted(words | facets)} | _pieces(next(iter(words or facets), ""))
    newest = _newest("words" if words else None)
    found = _newest("all" if words or facets else None, _NARROW) if facets or least_yen else "SELECT * FROM newest"
    with connection.cursor() as db:
        db.execute(_ANSWER.format(newest=newest, found=found, steps=_STEPS), values)
        (_nothing, ids), *kinds = db.fetchall()
    return ids or [], [Kind(category, *counts[:3], tuple(counts[3:])) for category, counts in kinds]


def _newest(marks: str | None, narrow: str = "") -> str:
    """The question for the newest posts; `marks` is the name of those they must carry."""
    if marks is None:
        return f"{_OPEN}{narrow} {_ORDER} LIMIT %(most)s"
    return f"""
        SELECT job.* FROM unnest(%(pieces)s::varchar[], %(before)s::timestamptz[]) AS piece (mark, before) CROSS JOIN LATERAL (
            {_OPEN}{narrow} AND pairs @> (%({marks})s::varchar[] || piece.mark) AND published_at < piece.before {_ORDER}) AS job
         LIMIT %(most)s"""


def _pieces(any_mark: str) -> dict[str, list]:
    """For each piece its mark, and a moment before which the post was published. What is older than all pieces has no mark of
    its own: there a mark is asked for that is asked for anyway.
    """
    now = hour_of(clock.now())
    first_hour = (now - HOURS) // 24 * 24
    first_day = first_hour // 24 - DAYS
    hours = [hour(number) for number in range(now + 1, first_hour - 1, -1)]         # another machine's clock may be ahead
    days = [day(number) for number in range(first_hour // 24 - 1, first_day - 1, -1)]
    older = datetime.datetime.fromtimestamp(first_day * 86_400, datetime.UTC)
    return {"pieces": [*hours, *days, any_mark], "before": [_EVER] * len(hours + days) + [older]}
