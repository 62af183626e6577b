"""A client's side: choosing somebody, and answering the others kindly."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.contracts.actions import make_offer
from machi.contracts.terms import fingerprint
from machi.jobs.models import Job
from machi.notifications.words import called
from machi.proposals import actions
from machi.proposals.models import Proposal
from machi.proposals.policies import can_choose, can_decline
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.words import moment
from machi.web.pages.proposals import asking, letters


@require_http_methods(["GET", "POST"])
def choose(request, pk):
    """Everything that will be frozen, and both sides' money, before anybody is asked."""
    proposal, refusal = _applicant(request, pk), ""
    if request.method == "GET" and not can_choose(request.user, proposal):
        messages.warning(request, _("offer.refused"))
        return redirect("jobs:applicants", pk=proposal.job_id)
    due = asking.due_form(request, proposal.job)
    terms = asking.terms(proposal, due)
    if request.method == "POST" and terms:
        try:
            asking.check_seen(request.POST.get("seen"), fingerprint(terms))
            offer = make_offer(proposal=proposal, by=request.user, due_on=due.cleaned_data["due_on"])
            messages.success(request, _("choose.done") % {"worker": called(proposal.worker.name), "until": moment(offer.answer_by)})
            return redirect("jobs:applicants", pk=proposal.job_id)
        except DomainError as refused:
            refusal = str(refused)
    status = 409 if refusal else 422 if due.errors else 200
    return page(request, "proposals/choose.html", asking.shown(proposal, due, terms) | {"refusal": refusal}, status=status)


@require_http_methods(["GET", "POST"])
def decline(request, pk):
    """One person gets an answer: a reason about the work, words if one likes, and what they will read stands beside."""
    proposal = _applicant(request, pk)
    form, status = letters.reason_form(request), 200
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        try:
            actions.decline(proposal=proposal, by=request.user, **form.cleaned_data)
            messages.success(request, _("decline.done") % {"worker": called(proposal.worker.name)})
            return redirect("jobs:applicants", pk=proposal.job_id)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    elif request.method == "POST" and form.errors:
        status = 422
    part = "letter" if request.method == "GET" else "form"
    return page(request, "proposals/decline.html", letters.letter(proposal.job, form, worker=proposal.worker) | {
        "proposal": proposal, "can_decline": can_decline(request.user, proposal)}, part=part, status=status)


def _applicant(request, pk) -> Proposal:
    """Somebody who applied to a post of this client; withdrawn ones too, so that the page can say so."""
    sent = Proposal.objects.visible_to(request.user).filter(job__in=Job.objects.given_by(request.user))
    sent = sent.select_related("job", "job__client", "job__client__person", "job__category", "job__topic", "worker")
    return get_object_or_404(sent, pk=pk)
