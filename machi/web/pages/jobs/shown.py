"""What stands on the page of a post, for whoever looks at it."""
import copy
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.contracts.prices import FEWEST, Guide, guide_to
from machi.contracts.queries import about_client_record, client_record
from machi.jobs import conditions, limits, listing, wages
from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client, can_answer, can_edit_job, can_read_applicants
from machi.jobs.queries import about_questions, plan_of, questions_about
from machi.journey.queries import own_hours
from machi.matching.queries import why_it_fits
from machi.matching.reasons import MOST, WEIGHTS, Reason
from machi.payments.fees import rates, settlement_by
from machi.payments.paydays import pay_day
from machi.proposals.models import Proposal
from machi.proposals.policies import can_save_draft, is_open, takes_proposals
from machi.proposals.queries import own_proposal
from machi.reviews.badges import about_clients, badges_of_clients
from machi.reviews.queries import about_client, newest_reviews_of_client
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.queries import is_company
from machi.web.frame.words import day, number, yen
from machi.web.pages.contests import showing as contests
from machi.web.pages.guide import badges

REASON_ICONS = {"knowledge": "heart", "experience": "briefcase", "record": "award"}
_guides: dict[str, tuple[float, Guide]] = {}        # category -> until when it is shown, and what it says


class Mark(NamedTuple):
    """One aspect of fitting, as ui.why draws it."""

    icon: str
    title: str
    text: str
    pips: int


def marks(reasons: list[Reason]) -> list[Mark]:
    return [Mark(REASON_ICONS[reason.aspect], reason.fact, reason.sentence, reason.pips) for reason in reasons]


def rule() -> dict[str, int]:
    """The rule behind 合う順, in the numbers it really uses."""
    return {"knowledge": WEIGHTS["knowledge"], "experience": WEIGHTS["experience"], "record": WEIGHTS["record"],
            "most": MOST * sum(WEIGHTS.values())}


def about_post(job: Job) -> list:
    """What `post` asks of one that is out, for `asked_together`."""
    party = job.client_id
    return [*about_questions(job.pk), *about_client_record(party), *about_client(party), *about_clients([party])]


def post(job: Job) -> dict:
    """The post itself, as everybody reads it. A draft may still lack its money and its days."""
    if job.published_at is None:
        job.client_name, job.client_address, job.client_contact = job.client.name, job.client.address, job.client.contact
    return {"job": job, "is_open": bool(job.published_at) and is_open(job), **(contest_post(job) if job.is_contest else both_sides(job)),
            "measured": "" if job.is_contest or not job.category_id else an_hour_measured(guide(job.category_id)),
            "questions": questions_about(job.pk) if job.published_at else [],
            "plan": plan_of(job) if job.plan else [],
            "kept_places": limits.kept(job) if job.proposals_most else 0,
            "kept_until": limits.half_time(job) if job.proposals_most else None,
            "conditions": [(_("job.channels.label"), conditions.channels_said(job.channels)),
                           (_("job.block.label"), conditions.block_said(job.block_minutes)),
                           (_("job.slack.label"), conditions.slack_said(job.slack_days))],
            "record": client_record(job.client), "reviews": newest_reviews_of_client(job.client),
            "badges": badges.told(badges_of_clients([job.client])[job.client_id])}


def contest_post(job: Job) -> dict:
    """What is told of a contest: its prizes, and the money of the first one."""
    told = contests.terms(job)
    first = told["prizes"][0].money if told["prizes"] else None
    return told | {"money": first, "pay_on": told["latest_pay_on"]}


def pot(job: Job | None) -> Yen | None:
    """What a client will put in escrow for the prizes they have written."""
    return contests.terms(job)["pot"] if job and job.is_contest else None


def both_sides(job: Job, typed: dict | None = None, *, reader=None) -> dict:
    """The money of one seat and the day on which it is paid, as written, or as somebody is typing it now. `reader`: who would work."""
    reward, due_on, minutes, rate, weekly = ((typed or {}).get(name) or getattr(job, name) for name in (
        "reward_yen", "due_on", "minutes_estimate", "rate_yen", "weekly_hours"))
    if job.is_hourly:                               # a full week; its day of payment is known when it is handed over
        reward, due_on, minutes = (rate or 0) * (weekly or 0), None, None
    as_typed = copy.copy(job)                       # as it would be saved
    as_typed.reward_yen, as_typed.listed_yen = reward, (typed or {}).get("listed_yen", job.listed_yen)
    listing.settle(as_typed)
    proposal = as_typed.withholding(is_company=reader is not None and is_company(reader))
    by = rates(clock.today(), job.form)
    return {"money": settlement_by(by, Yen(int(reward)), is_withheld=proposal.is_withheld, listed=as_typed.listed) if reward else None,
            "tax_why": proposal.words if job.category_id else "",
            "an_hour": wages.an_hour(int(reward), minutes) if reward and minutes else None,
            "pay_on": pay_day(due_on, acceptance_days=job.acceptance_days) if due_on else None}


def guide(category: str) -> Guide:
    """The guide to prices as it was a few minutes ago at most: it is read by everybody, and moves by a three hundredth at a time."""
    until, known = _guides.get(category, (0.0, None))
    if known is None or until <= monotonic():
        known = guide_to(category)
        _guides[category] = monotonic() + settings.GUIDE_SECONDS, known
    return known


def an_hour_measured(guide: Guide) -> str:
    """What an hour of this kind of work really brought, from times that were recorded or said by whoever worked; how many, and whence."""
    if guide.an_hour is None:
        return _("job.measured.few") % {"n": guide.timed_count, "least": FEWEST}
    low, middle, high = map(yen, guide.an_hour)
    return _("job.measured.text") % {"low": low, "middle": middle, "high": high, "n": number(guide.timed_count), "day": day(clock.today()),
                                     "recorded": number(guide.recorded_count), "said": number(guide.timed_count - guide.recorded_count)}


def usual(job: Job) -> str:
    """How the work goes, in one line: what an example has answered, before anybody opens it."""
    revisions = _("job.revisions.text") % {"n": job.revisions_count} if job.revisions_count else _("job.revisions.none")
    return _("post.how.usual") % {
        "place": job.place, "sync": job.get_sync_display(), "channels": conditions.channels_said(job.channels),
        "ai": job.get_ai_display(), "rights": job.get_rights_display(),
        "revisions": revisions, "days": job.acceptance_days}


def for_one(job: Job, user) -> dict:
    """What is drawn beside the post for one person: what they can do here, and why it fits them."""
    is_own, own = acts_for_client(user, job), own_proposal(job, user)
    more = contests.for_post(job, user) if job.is_contest else {}
    can_work = user.is_authenticated and not is_own and takes_proposals(job)
    reasons = why_it_fits(job, user) if can_work else []
    if can_work and job.is_withheld and not job.is_contest:
        more |= both_sides(job, reader=user)        # from a company nothing is withheld
    return more | {"is_own": is_own, "can_answer": is_own and can_answer(user, job), "own": own,
                   "situation": _situation(job, user, is_own, own), "reasons": reasons, "why": marks(reasons),
            "shows_fit": can_work, "rule": rule(),
            "marks_hours": can_work and job.sync == Job.Sync.HOURS and own_hours(user),
            "can_edit": is_own and can_edit_job(user, job), "can_read": can_read_applicants(user, job)}


def _situation(job: Job, user, is_own: bool, own: Proposal | None) -> str:
    """own | sent | closed | draft | apply: which deed stands in the side card."""
    if is_own:
        return "own"
    if own and not can_save_draft(user, own):
        return "sent"
    if job.is_contest:
        return "contest" if is_open(job) else "closed"
    if not takes_proposals(job):
        return "closed"
    return "draft" if own and own.message else "apply"


def crumbs(job: Job, jobs: str) -> list[tuple[str, str]]:
    """仕事 / ライティング / サッカー: each leads to the list it names."""
    way = reverse("jobs:list")
    steps = [(jobs, way)]
    if job.category:
        steps.append((job.category.name, f"{way}?{urlencode({'category': job.category_id})}"))
    if job.topic:
        steps.append((job.topic.name, f"{way}?{urlencode({'q': job.topic.name})}"))
    return steps
