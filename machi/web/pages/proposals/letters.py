"""What a person reads when an answer comes: the same words in the preview of whoever sends it and on the page of whoever gets it."""
from django.utils.translation import gettext as _

from machi.jobs.models import Job
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal, Reason
from machi.proposals.queries import alternatives_count, answered_by
from machi.shared import clock
from machi.web.frame.jinja import wants_part
from machi.web.frame.words import day, number
from machi.web.pages.proposals.forms import ReasonForm

PATIENT_DAYS = 7                            # so long after the closing day a wait is ordinary; then the town says sorry


def not_chosen(job: Job, reason: str, step: str) -> str:
    """Somebody else was chosen."""
    return _("apply.not_chosen") % {"job": job.title, "n": number(job.proposals_count), "k": number(job.seats_count),
                                    "reason": Reason(reason).label, "step": step}


def nobody_chosen(job: Job, reason: str, others: int) -> str:
    """Nobody was chosen: by the client, for a reason, or by the town when the client never answered."""
    words = {"job": job.title, "n": number(job.proposals_count), "m": others}
    if reason:
        words["reason"] = Reason(reason).label
        return (_("apply.nobody_chosen") if others else _("apply.nobody_chosen_only")) % words
    return (_("apply.closed_by_town") if others else _("apply.closed_by_town_only")) % words


def answer(proposal: Proposal, others: int) -> str:
    """The outcome of a proposal that ended without an offer, as its worker reads it; nothing for the others."""
    if proposal.state == ProposalState.NOT_CHOSEN:
        return not_chosen(proposal.job, proposal.reason, next_step(others))
    return nobody_chosen(proposal.job, proposal.reason, others) if proposal.state == ProposalState.CLOSED else ""


def next_step(others: int) -> str:
    """One thing to do next, which is really there."""
    return _("apply.step.others") % {"m": others} if others else _("apply.step.page")


def waiting(proposal: Proposal) -> str:
    """What is so while an answer is awaited; after a long silence the town says that it is sorry."""
    job, late = proposal.job, (clock.today() - proposal.job.closes_on).days
    if proposal.state != ProposalState.SUBMITTED:
        return ""
    if late >= PATIENT_DAYS:
        return _("apply.silent_client") % {"job": job.title, "n": late, "date": day(answered_by(job))}
    return _("apply.sent") % {"n": number(job.proposals_count), "date": day(answered_by(job))}


def reason_form(request) -> ReasonForm:
    """The form as posted; or, for htmx, as it is being filled in."""
    if request.method == "POST":
        return ReasonForm(request.POST)
    return ReasonForm(request.GET) if wants_part(request) else ReasonForm()


def letter(job: Job, form: ReasonForm, *, worker=None) -> dict:
    """What the other person will read, with the reason that is chosen by now. Without a worker: everybody who still waits."""
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    is_for_nobody = worker is None and not job.has_chosen
    text = ""
    if reason := chosen.get("reason", ""):
        step = next_step(alternatives_count(worker) if worker else 0)
        text = nobody_chosen(job, reason, 0) if is_for_nobody else not_chosen(job, reason, step)
    return {"job": job, "form": form, "letter": text, "words": chosen.get("words", ""), "is_for_many": worker is None}
