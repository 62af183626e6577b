"""A worker's side: writing an application, sending it, and what became of it."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client
from machi.matching.queries import alternatives
from machi.proposals import actions
from machi.proposals.contest_queries import entries_of
from machi.proposals.models import Proposal
from machi.proposals.policies import can_apply, can_read_post, can_save_draft, can_withdraw
from machi.proposals.queries import own_proposal, proposals_of, waits_until
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page, wants_part
from machi.web.pages.jobs import kept, shown
from machi.web.pages.jobs.cards import job_cards
from machi.web.pages.jobs.seeing import paused, readable
from machi.web.pages.proposals import letters, own
from machi.web.pages.proposals.forms import ApplyForm

MINE = 20                                   # applications on one page


@require_http_methods(["GET", "POST"])
def apply(request, pk):
    """One field and one button. What is typed is kept every two seconds; pressed twice, it is sent once."""
    job = get_object_or_404(readable(request.user).select_related("client", "client__person", "category", "topic"), pk=pk)
    if not can_read_post(request.user, job):
        return paused(request, job, request.POST.get("message", ""))
    draft = own_proposal(job, request.user)
    if request.method == "GET":
        return _blank(request, job, draft)
    form, is_kept = ApplyForm(request.POST), "autosave" in request.POST
    if not form.is_valid():
        return _form(request, job, draft, form, status=422, part="note" if is_kept else "form")
    try:
        sent = _keep(request, form, job, draft) if is_kept else _send(request, form, job, draft)
    except DomainError as refusal:
        return _refused(request, job, form, refusal)
    return _once_kept(request, form, job, sent) if is_kept else redirect("proposals:detail", pk=sent.pk)


@require_safe
def index(request):
    """My applications: what waits for me first, then what waits for others, then what is over."""
    pages = Paginator(proposals_of(request.user), MINE).get_page(request.GET.get("page"))
    return page(request, "proposals/list.html", {"groups": own.groups(list(pages.object_list), request.user), "pages": pages,
                                                  "entries": entries_of(request.user)})


@require_safe
def detail(request, pk):
    """What I wrote, where it stands, and after an answer the next step."""
    proposal = _seen(request, pk)
    if proposal.worker_id != request.user.pk:
        return redirect("jobs:applicants", pk=proposal.job_id)
    others = job_cards(alternatives(request.user)) if proposal.answered_at else []
    return page(request, "proposals/detail.html", {
        "proposal": proposal, "job": proposal.job, "others": others, "today": clock.today(),
        "answer": letters.answer(proposal, len(others)), "waiting": letters.waiting(proposal),
        "can_withdraw": can_withdraw(request.user, proposal), "changed": kept.changed(proposal),
        "can_write": can_save_draft(request.user, proposal) and can_apply(request.user, proposal.job),
        **own.what_next(proposal, request.user), **shown.both_sides(proposal.job, reader=request.user)})


@require_http_methods(["GET", "POST"])
def withdraw(request, pk):
    """Take an application back, or put a draft away. The text stays."""
    proposal, refusal = _seen(request, pk, worker=request.user), ""
    if request.method == "POST":
        try:
            actions.withdraw(proposal=proposal, by=request.user)
            messages.success(request, _("withdraw.done"))
            return redirect("proposals:detail", pk=proposal.pk)
        except DomainError as refused:
            refusal = str(refused)
    may = can_withdraw(request.user, proposal)
    return page(request, "proposals/withdraw.html", {"proposal": proposal, "job": proposal.job, "can_withdraw": may, "refusal": refusal},
                status=409 if refusal else 200)


def _seen(request, pk, **whose) -> Proposal:
    seen = Proposal.objects.visible_to(request.user).filter(**whose)
    return get_object_or_404(seen.select_related("job", "job__client", "job__client__person", "job__category", "job__topic"), pk=pk)


def _blank(request, job: Job, draft: Proposal | None):
    """The page as it opens. What was sent already has a page of its own."""
    if draft and not can_save_draft(request.user, draft):
        return redirect("proposals:detail", pk=draft.pk)
    if acts_for_client(request.user, job):
        return redirect("jobs:detail", pk=job.pk)
    form = ApplyForm(initial={"read": job.version} | ({"message": draft.message, "version": draft.version} if draft else {}))
    return _form(request, job, draft, form)


def _keep(request, form: ApplyForm, job: Job, draft: Proposal | None) -> Proposal:
    message, version = form.cleaned_data["message"], form.cleaned_data["version"]
    if draft and draft.message == message:
        version = draft.version
    return actions.save_draft(job=job, by=request.user, message=message, version=version)


def _once_kept(request, form: ApplyForm, job: Job, draft: Proposal):
    """The draft is kept: a script gets the note that says so, a page the form once more."""
    if wants_part(request):
        return _form(request, job, draft, form, part="note", saved_at=draft.saved_at)
    messages.success(request, _("apply.kept"))
    return redirect("proposals:apply", pk=job.pk)


def _send(request, form: ApplyForm, job: Job, draft: Proposal | None) -> Proposal:
    """Where the newest draft is the very text that was typed, no other window is in the way."""
    message, version = form.cleaned_data["message"], form.cleaned_data["version"]
    if draft and draft.message == message:
        version = draft.version
    return actions.submit(job=job, by=request.user, message=message, version=version, read=form.cleaned_data["read"] or None)


def _refused(request, job: Job, form: ApplyForm, refusal: DomainError):
    """409: the typed text stays; another text that was saved meanwhile stands beside it."""
    draft = own_proposal(job, request.user)
    job.refresh_from_db()
    form.add_error(None, str(refusal))
    renewed = {"version": draft.version} if draft else {}
    form.renew(**renewed if wants_part(request) else renewed | {"read": job.version})       # only the whole page shows the post anew
    theirs = draft.message if draft and draft.message != form.cleaned_data["message"] else ""
    response = _form(request, job, draft, form, status=409, part="form", theirs=theirs)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#apply", "outerHTML"
    return response


def _form(request, job: Job, draft: Proposal | None, form: ApplyForm, *, status=200, part="form", saved_at=None, theirs=""):
    """The page of the form, with the main facts of the post beside it."""
    version = draft.version if saved_at else form["version"].value() or ""
    return page(request, "proposals/apply.html", shown.both_sides(job, reader=request.user) | own.before(request.user, job) | {
        "job": job, "form": form, "draft": draft, "saved_at": saved_at or (draft.saved_at if draft else None), "theirs": theirs,
        "version": version, "can_apply": can_apply(request.user, job), "kept_until": waits_until(job, request.user),
    }, part=part, status=status)
