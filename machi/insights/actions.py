"""Counting by night."""
import datetime

from django.db import connection, transaction

from machi.insights.models import BandFigure
from machi.insights.queries import BANDS
from machi.profiles.completeness import percents_sql
from machi.proposals.lifecycle import ProposalState
from machi.shared import clock

SETTLED_AFTER = datetime.timedelta(days=7)          # sent at least so long ago, so that quick answers do not weigh more than slow ones
CHOSEN = [ProposalState.OFFERED, ProposalState.ACCEPTED, ProposalState.REFUSED]     # refused: by the worker, after they were asked
ANSWERED = [*CHOSEN, ProposalState.NOT_CHOSEN, ProposalState.CLOSED]
_COUNT = """
    SELECT width_bucket(coalesce(proposal.written_percent, now.percent), %(bands)s::int[]), count(DISTINCT proposal.worker_id), count(*),
           count(*) FILTER (WHERE proposal.state = ANY(%(chosen)s)), count(proposal.written_percent)
      FROM proposals_proposal proposal JOIN ({percents}) now ON now.user_id = proposal.worker_id
     WHERE proposal.state = ANY(%(answered)s) AND proposal.submitted_at <= %(until)s
     GROUP BY 1"""


def count_if_new_day() -> bool:
    """Once a day, at the first round after midnight in Japan; True when it counted."""
    if BandFigure.objects.filter(day=clock.today()).exists():
        return False
    count_chances()
    return True


@transaction.atomic
def count_chances() -> None:
    """Of the applications that were sent a while ago and answered: how many led to a request, by how much of the page was written.

    How much was written counts as it was when the application was sent; where that is not known, as it is now. One
    question over everybody, however many they are.
    """
    day = clock.today()
    with connection.cursor() as db:
        db.execute(_COUNT.format(percents=percents_sql()), {
            "bands": list(BANDS), "chosen": list(map(str, CHOSEN)), "answered": list(map(str, ANSWERED)),
            "until": clock.now() - SETTLED_AFTER})
        counted = {BANDS[bucket - 1]: counts for bucket, *counts in db.fetchall()}
    BandFigure.objects.filter(day=day).delete()
    BandFigure.objects.bulk_create(
        BandFigure(day=day, from_percent=start, people_count=people, proposals_count=proposals, chosen_count=chosen, known_count=known)
        for start in BANDS for people, proposals, chosen, known in [counted.get(start, (0, 0, 0, 0))])
