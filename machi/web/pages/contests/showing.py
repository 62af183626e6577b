"""What the pages of a contest know: its sums, its days, and what of an entry may be seen."""
import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from machi.jobs.contests import Contest, judged_by, money_of, pot_of, rates_of
from machi.jobs.models import Job
from machi.payments.fees import Settlement
from machi.payments.paydays import pay_day
from machi.proposals.contest_policies import can_award, can_call_off, can_enter, can_see_gallery
from machi.proposals.contest_queries import by_number, own_entries
from machi.proposals.entries import ENTRIES_AT_MOST
from machi.shared import clock
from machi.shared.money import Yen
from machi.web.frame.words import yen
from machi.web.pages.jobs.seeing import readable


class Prize(NamedTuple):
    """One prize, as both sides read it."""

    place: int
    money: Settlement


def contest_for(request, pk: int) -> Job:
    """A contest that is out, for whoever may see posts; with its client."""
    seen = readable(request.user).filter(form=Job.Form.CONTEST).exclude(published_at=None)
    return get_object_or_404(seen.select_related("client", "client__person", "category", "contest"), pk=pk)


def own_contest(request, pk: int) -> Job:
    """A contest of one's own, a draft too."""
    own = Job.objects.given_by(request.user).filter(form=Job.Form.CONTEST)
    return get_object_or_404(own.select_related("client", "client__person", "category", "topic", "contest"), pk=pk)


def prizes(job: Job) -> list[Prize]:
    contest = job.contest
    return [Prize(place, money_of(contest, prize, is_withheld=job.is_withheld)) for place, prize in enumerate(contest.prizes, 1)]


def tax_rule(job: Job) -> str:
    """Whether income tax is withheld from a prize, and from which sum on, in words for both sides."""
    if not job.is_withheld:
        return _("contest.tax.none")
    return _("contest.tax.small") % {"sum": yen(int(rates_of(job.contest)[1]))}


def terms(job: Job) -> dict:
    """The contest as everybody reads it. A draft may still lack its days."""
    contest = job.contest if Job.contest.is_cached(job) else Contest.objects.get(job=job)
    job.contest = contest
    until = judged_by(job.closes_on) if job.closes_on else None
    return {"contest": contest, "prizes": prizes(job), "pot": pot_of(contest), "until": until, "tax_rule": tax_rule(job),
            "latest_pay_on": pay_day(clock.day_of(until), acceptance_days=0) if until else None}


def for_post(job: Job, user) -> dict:
    """What stands beside the post of a contest for one person."""
    entries = own_entries(job, user)
    return {"entries": entries, "can_enter": can_enter(user, job), "can_begin": can_enter(user, job) and len(entries) < ENTRIES_AT_MOST,
            "can_judge": can_see_gallery(user, job), "can_award": can_award(user, job), "can_call_off": can_call_off(user, job)}


def chosen(job: Job, winners: Mapping[int, int]) -> dict:
    """Both sides' money of a choice before it is made. What the client pays is what the deed will take. What is withheld is left open:
    it depends on who made what, which stays sealed until a prize is given.
    """
    found = by_number(job, winners.values())
    money = {place: money_of(job.contest, job.contest.prizes[place - 1]) for place in winners}
    spent = sum((terms.client_pays for terms in money.values()), Yen(0))
    return {"awards": [(place, found[number], money[place]) for place, number in winners.items()], "spent": spent,
            "back": Yen(job.contest.pot_yen) - spent, "pay_on": today_pay_on()}


def today_pay_on() -> datetime.date:
    return pay_day(clock.today(), acceptance_days=0)
