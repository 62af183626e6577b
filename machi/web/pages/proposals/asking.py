"""Before an offer: the day, the terms as they would be frozen, and whether they are still those on the screen."""
import datetime

from django.utils.translation import gettext as _

from machi.contracts.actions.agreeing import answer_by
from machi.contracts.counting import withholding_in
from machi.contracts.papers import terms_rows
from machi.contracts.terms import draft_terms, fingerprint, money_in, steps_in
from machi.jobs.models import Job
from machi.matching.queries import why_it_fits
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.pages.jobs.shown import marks
from machi.web.pages.proposals.forms import DueForm


def due_form(request, job: Job) -> DueForm:
    """The due day: as the post says, or as the client says now. A post's day that has passed has to be said anew."""
    if job.is_hourly:                               # its days follow from its weeks
        return DueForm({"due_on": max(job.due_on, clock.today() + datetime.timedelta(days=1)).isoformat()})
    typed = request.POST if request.method == "POST" else request.GET
    if "due_on" in typed:
        return DueForm({"due_on": typed["due_on"]})
    return DueForm({"due_on": job.due_on.isoformat()} if job.due_on > clock.today() else None)


def terms(proposal: Proposal, due: DueForm) -> dict | None:
    """What would be frozen; nothing before there is a day."""
    if not due.is_valid():
        return None
    return draft_terms(job=proposal.job, worker=proposal.worker, due_on=due.cleaned_data["due_on"], reward=proposal.job.reward)


def check_seen(seen: str | None, now: str) -> None:
    """Nobody asks under other terms than those on their screen. Raises DomainError when they changed meanwhile."""
    if seen != now:
        raise DomainError(_("choose.changed"))


def shown(proposal: Proposal, due: DueForm, drafted: dict | None) -> dict:
    """The page: terms, money, the day on which it is paid, and until when the worker may answer."""
    return {"proposal": proposal, "job": proposal.job, "due": due, "why": marks(why_it_fits(proposal.job, proposal.worker)),
            "rows": [row[:2] for row in terms_rows(drafted)] if drafted else [], "money": money_in(drafted) if drafted else None,
            "tax_why": withholding_in(drafted) if drafted else "",
            "pay_on": datetime.date.fromisoformat(drafted["pay_on"]) if drafted else None, "seen": fingerprint(drafted) if drafted else "",
            "answer_by": answer_by(datetime.date.fromisoformat(steps_in(drafted)[0]["due_on"])) if drafted else None}
