"""What a client does with a post that is out: pause, go on, say that it is open, open once more, copy, limit who may apply."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from machi.jobs import actions
from machi.jobs.limits import OFFERED_FROM
from machi.jobs.models import Job
from machi.jobs.policies import can_limit_applicants, can_reopen_job
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.jobs.keeping_forms import LimitForm, ReopenForm

DEEDS = {"pause": (actions.pause_job, gettext_lazy("keep.pause.done")), "resume": (actions.resume_job, gettext_lazy("keep.resume.done")),
         "confirm": (actions.confirm_open, gettext_lazy("still.done")), "copy": (actions.copy_job, gettext_lazy("keep.copy.done"))}


@require_POST
def keep(request, pk, deed):
    """One press, one deed. A copy is a draft, and is written on at once."""
    job = _own_job(request, pk)
    if deed not in DEEDS:
        raise Http404
    act, done = DEEDS[deed]
    try:
        after = act(job=job, by=request.user)
    except DomainError as refusal:
        return page(request, "jobs/refused.html", {"job": job, "refusal": str(refusal)}, status=409)
    messages.success(request, _("keep.copy.done.plan") if after.pk != job.pk and job.plan else done)
    return redirect("jobs:step", pk=after.pk, step="kind") if after.pk != job.pk else redirect("jobs:applicants", pk=job.pk)


@require_http_methods(["GET", "POST"])
def reopen(request, pk):
    """A closed post with seats left, and the new day on which it closes."""
    job = _own_job(request, pk)
    form = ReopenForm(sent(request), job=job)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.reopen_job(job=job, by=request.user, **form.cleaned_data)
            messages.success(request, _("reopen.done"))
            return redirect("jobs:applicants", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "jobs/reopen.html", {"job": job, "form": form, "can_reopen": can_reopen_job(request.user, job)}, part="form",
                status=status)


@require_http_methods(["GET", "POST"])
def limit(request, pk):
    """How many may apply at most."""
    job = _own_job(request, pk)
    form = LimitForm(sent(request), job=job)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.limit_applicants(job=job, by=request.user, **form.cleaned_data)
            messages.success(request, _("limit.done"))
            return redirect("jobs:applicants", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "jobs/limit.html", {"job": job, "form": form, "can_limit": can_limit_applicants(request.user, job),
                                             "offered_from": OFFERED_FROM}, part="form", status=status)


def _own_job(request, pk) -> Job:
    return get_object_or_404(Job.objects.given_by(request.user).select_related("client", "client__person", "topic", "category"), pk=pk)
