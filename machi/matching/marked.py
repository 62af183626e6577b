"""The newest open posts that carry all of some marks (jobs.index): as quick among a million posts as among ten thousand.

Time is cut into pieces, the newest first: hours, then days, then all that is older. Each piece is one look into the
index of marks, and when enough posts are found no further piece is looked at. So a common word is found in the newest
hours, a rare one in few posts, and neither makes the database look at more than the list can show.
"""
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from machi.jobs.index import day, hour, hour_of
from machi.jobs.lifecycle import JobState
from machi.shared import clock

HOURS, DAYS = 6, 14                         # at least so many pieces of each length
_EVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
_OPEN = f"""state = '{JobState.OPEN}' AND closes_on >= %(today)s AND reward_yen >= %(least_yen)s
            AND (newcomer_seats_count > newcomer_seats_taken OR NOT %(newcomer)s)"""
_ALL = f"SELECT * FROM jobs_job WHERE {_OPEN} ORDER BY published_at DESC, id DESC LIMIT %(most)s"
_MARKED = f"""
    SELECT job.* FROM unnest(%(pieces)s::varchar[], %(before)s::timestamptz[]) AS piece (mark, before) CROSS JOIN LATERAL (
        SELECT * FROM jobs_job WHERE {_OPEN} AND pairs @> (%(marks)s::varchar[] || piece.mark) AND published_at < piece.before
         ORDER BY published_at DESC, id DESC) AS job LIMIT %(most)s"""
_ANSWER = """
    WITH found AS MATERIALIZED (
        SELECT id, category_id, newcomer_seats_count > newcomer_seats_taken AS has_seat, sync, reward_yen FROM ({jobs}) AS job)
    SELECT NULL, NULL, NULL, NULL, NULL, array_agg(id) FROM found UNION ALL
    SELECT category_id, has_seat, sync, reward_yen >= %(enough)s, width_bucket(reward_yen, %(steps)s::bigint[]), ARRAY[count(*)]
      FROM (SELECT * FROM found LIMIT %(most)s - 1) AS counted GROUP BY 1, 2, 3, 4, 5"""


@dataclass(frozen=True, slots=True)
class Alike:
    """Some of the posts, counted together because they are the same to every facet."""

    category: str
    has_seat: bool                          # a free one for newcomers
    sync: str
    pays: bool                              # enough
    reached: int                            # so many of the steps of reward
    count: int


def newest(marks: set[str], *, most: int, newcomer: bool = False, least_yen: int = 0, enough: int = 0,
           steps: Sequence[int] = ()) -> tuple[list[int], list[Alike]]:
    """At most so many posts: their numbers, the newest first, and how many are alike."""
    pieces = list(_pieces(next(iter(marks)))) if marks else []
    values = {"pieces": [mark for mark, _ in pieces], "before": [before for _, before in pieces], "marks": sorted(marks), "most": most,
              "today": clock.today(), "newcomer": newcomer, "least_yen": least_yen, "enough": enough, "steps": list(steps)}
    with connection.cursor() as db:
        db.execute(_ANSWER.format(jobs=_MARKED if marks else _ALL), values)
        (*_nothing, ids), *groups = db.fetchall()
    return ids or [], [Alike(*group, count=count) for *group, (count,) in groups]


def _pieces(any_mark: str) -> Iterator[tuple[str, datetime.datetime]]:
    """For each piece a mark, and a moment before which the post was published. All that is older has no mark of its own."""
    now = hour_of(clock.now())
    first_hour = (now - HOURS) // 24 * 24
    first_day = first_hour // 24 - DAYS
    yield from ((hour(number), _EVER) for number in range(now + 1, first_hour - 1, -1))     # another machine's clock may be ahead
    yield from ((day(number), _EVER) for number in range(first_hour // 24 - 1, first_day - 1, -1))
    yield any_mark, datetime.datetime.fromtimestamp(first_day * 86_400, datetime.UTC)
