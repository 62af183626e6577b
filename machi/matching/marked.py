"""The newest open posts that carry all of some marks (jobs.index): as quick among a million posts as among ten thousand.

Time is cut into pieces, the newest first: hours, then days, then all that is older. Each piece is one look into the
index of marks, and when enough posts are found no further piece is looked at. So a common word is found in the newest
hours, a rare one in few posts, and neither makes the database look at more than the list can show.
"""
import datetime
from collections.abc import Iterator, Sequence

from django.db import connection

from machi.jobs.index import day, hour, hour_of
from machi.jobs.lifecycle import JobState
from machi.shared import clock

_EVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
_OPEN = f"""state = '{JobState.OPEN}' AND closes_on >= %(today)s AND reward_yen >= %(least_yen)s
            AND (newcomer_seats_count > newcomer_seats_taken OR NOT %(newcomer)s)"""
_ALL = f"SELECT * FROM jobs_job WHERE {_OPEN} ORDER BY published_at DESC, id DESC LIMIT %(most)s"
_MARKED = f"""
    SELECT job.* FROM unnest(%(pieces)s::varchar[], %(before)s::timestamptz[]) AS piece (mark, before) CROSS JOIN LATERAL (
        SELECT * FROM jobs_job WHERE {_OPEN} AND pairs @> (%(marks)s::varchar[] || piece.mark) AND published_at < piece.before
         ORDER BY published_at DESC, id DESC) AS job LIMIT %(most)s"""
_GROUPS = """
    SELECT category_id, newcomer_seats_count > newcomer_seats_taken, sync, reward_yen >= %(enough)s,
           width_bucket(reward_yen, %(steps)s::bigint[]), count(*)
      FROM ({jobs}) AS job GROUP BY 1, 2, 3, 4, 5"""


def ids(marks: set[str], *, most: int, newcomer: bool = False, least_yen: int = 0) -> list[int]:
    """The numbers of at most so many posts, the newest first."""
    return _ask("SELECT array_agg(id) FROM ({jobs}) AS job", marks, most=most, newcomer=newcomer, least_yen=least_yen)[0][0] or []


def groups(marks: set[str], *, most: int, enough: int, steps: Sequence[int]) -> list[tuple]:
    """The newest posts, counted together where they share kind of work, a free seat for newcomers, how much one must meet,
    whether the reward is enough, and how many of the steps it reaches.
    """
    return _ask(_GROUPS, marks, most=most, newcomer=False, least_yen=0, enough=enough, steps=list(steps))


def _ask(question: str, marks: set[str], **values) -> list[tuple]:
    pieces = list(_pieces(next(iter(marks)))) if marks else []
    values |= {"today": clock.today(), "marks": sorted(marks),
               "pieces": [mark for mark, _ in pieces], "before": [before for _, before in pieces]}
    with connection.cursor() as db:
        db.execute(question.format(jobs=_MARKED if marks else _ALL), values)
        return db.fetchall()


def _pieces(any_mark: str) -> Iterator[tuple[str, datetime.datetime]]:
    """The hours of today and yesterday, the 30 to 59 days before, and the rest, for which a mark is asked that is asked anyway."""
    now = hour_of(clock.now())
    first_hour = (now // 24 - 1) * 24
    first_day = (now // 24 // 30 - 1) * 30
    yield from ((hour(number), _EVER) for number in range(now + 1, first_hour - 1, -1))     # another machine's clock may be ahead
    yield from ((day(number), _EVER) for number in range(first_hour // 24 - 1, first_day - 1, -1))
    yield any_mark, datetime.datetime.fromtimestamp(first_day * 86_400, datetime.UTC)
