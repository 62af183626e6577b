"""A client's own posts, the people who applied, closing a post early, and the end of choosing."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from machi.accounts.queries import chosen_role
from machi.jobs.actions import close_job
from machi.jobs.models import Job
from machi.jobs.policies import can_close_job
from machi.jobs.queries import jobs_given_by
from machi.matching.queries import SORTS
from machi.proposals.actions import end_choosing
from machi.proposals.policies import can_answer_everybody
from machi.proposals.queries import waiting_counts
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.pages.jobs import compare, kept, posts, shown
from machi.web.pages.proposals import letters

POSTS = 30                                  # on one page of a client's own


@require_safe
def mine(request):
    """A client's posts by what comes next, each with its counts and its next action."""
    role = chosen_role(request.user)
    posts_of_role = jobs_given_by(request.user, role.party).select_related("client", "client__person")
    pages = Paginator(posts_of_role, POSTS).get_page(request.GET.get("page"))
    jobs = list(pages.object_list)
    return page(request, "jobs/mine.html", {"groups": posts.groups(jobs, waiting_counts(jobs)), "pages": pages, "role": role})


@require_safe
def applicants(request, pk):
    """Everybody who applied, side by side."""
    job = _own_job(request, pk)
    if job.published_at is None:
        return redirect("jobs:preview", pk=job.pk)
    if job.is_contest:
        return redirect("contests:gallery", pk=job.pk)
    sort = request.GET.get("sort") if request.GET.get("sort") in SORTS else SORTS[0]
    columns = compare.people(job, request.user, sort)
    return page(request, "jobs/applicants.html", {
        "job": job, "columns": columns, "tables": compare.tables(columns), "width": compare.COLUMNS, "sort": sort, "rule": shown.rule(),
        **compare.counts(columns), "can_end": can_answer_everybody(request.user, job), **kept.deeds(job, request.user)})


@require_http_methods(["GET", "POST"])
def close(request, pk):
    """No more applications, sooner than was written; the choosing goes on."""
    job, refusal = _own_job(request, pk), ""
    if request.method == "POST":
        try:
            close_job(job=job, by=request.user)
            messages.success(request, _("close.done"))
            return redirect("jobs:applicants", pk=job.pk)
        except DomainError as refused:
            refusal = str(refused)
    return page(request, "jobs/close.html", {"job": job, "refusal": refusal, "can_close": can_close_job(request.user, job)},
                status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def end(request, pk):
    """The choosing is over: one reason goes to everybody who still waits."""
    job = _own_job(request, pk)
    form, status = letters.reason_form(request), 200
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        try:
            told = end_choosing(job=job, by=request.user, **form.cleaned_data)
            messages.success(request, _("end.done") % {"n": told} if told else _("end.done.nobody"))
            return redirect("jobs:applicants", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    elif request.method == "POST" and form.errors:
        status = 422
    part = "letter" if request.method == "GET" else "form"
    return page(request, "jobs/end.html", letters.letter(job, form) | {
        "waiting": waiting_counts([job]).get(job.pk, 0), "can_end": can_answer_everybody(request.user, job)}, part=part, status=status)


def _own_job(request, pk) -> Job:
    return get_object_or_404(Job.objects.given_by(request.user).select_related("client", "client__person", "category", "topic"), pk=pk)
