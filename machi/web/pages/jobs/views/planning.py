"""Dividing a post into steps, each with its own reward and day."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.jobs import plans
from machi.jobs.actions import edit_job
from machi.jobs.models import Job
from machi.jobs.policies import can_divide_job, can_edit_job
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.pages.jobs.planning import MonthsForm, PlanForm


@require_http_methods(["GET", "POST"])
def plan(request, pk):
    """The steps of one post. 「もう一つ足す」 gives an empty row more and keeps what is typed."""
    job = _in_steps(request, pk)
    if request.method == "GET":
        asked = MonthsForm(request.GET)
        months = asked.cleaned_data["months"] if asked.is_valid() else 0
        return page(request, "jobs/plan.html", _seen(PlanForm(job=job, months=months), request.user))
    form = PlanForm(request.POST, job=job)
    if form.wants_more or not form.is_valid():
        return page(request, "jobs/plan.html", _seen(form, request.user), part="form", status=200 if form.wants_more else 422)
    try:
        edit_job(job=job, by=request.user, version=form.cleaned_data["version"], plan=plans.written(form.steps))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        theirs = form.renew()
        return page(request, "jobs/plan.html", _seen(form, request.user) | {"theirs": theirs}, part="form", status=409)
    messages.success(request, _("plan.done"))
    return redirect("jobs:preview", pk=job.pk)


def _in_steps(request, pk: int) -> Job:
    """Work by the hour has its weeks, and a contest its prizes: neither is divided."""
    own = Job.objects.given_by(request.user).filter(form=Job.Form.PROJECT)
    return get_object_or_404(own.select_related("client", "client__person"), pk=pk)


def _seen(form: PlanForm, user) -> dict:
    """While somebody asks for one more row, nothing is judged yet."""
    return {"form": form, "job": form.job, "is_judged": form.is_bound and not form.wants_more, "theirs": [],
            "can_edit": can_edit_job(user, form.job), "can_divide": can_divide_job(user, form.job),
            "is_full": form.rows >= plans.MOST, "months_form": MonthsForm() if form.job.reward_yen and form.job.due_on else None}
