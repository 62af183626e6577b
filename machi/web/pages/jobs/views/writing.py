"""Writing a post: nothing exists before the first screen is saved, every screen is saved by itself, publishing comes last."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.accounts import actions as accounts
from machi.accounts.powers import Power
from machi.accounts.queries import has_power, party_to_write_for
from machi.contracts.prices import FEWEST
from machi.jobs import actions, templates, wages
from machi.jobs.errors import WordsStopped
from machi.jobs.models import Job
from machi.jobs.plans import is_divisible
from machi.jobs.policies import can_edit_job, can_publish_job
from machi.jobs.queries import missing_items
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.question import Question
from machi.web.frame.acting import acting
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.sent import sent
from machi.web.pages.jobs import shown, words
from machi.web.pages.jobs.fields import VersionField
from machi.web.pages.jobs.screens import ClientForm, NewForm, StepForm, WhatForm
from machi.web.pages.jobs.steps import STEPS, TITLES, after, first_open, is_done, screen_of

HERE = "jobs/step.html"
_own = Question(lambda pk, user: Job.objects.given_by(user).filter(pk=pk).select_related(
    "client", "client__person", "category", "topic").order_by("pk"))


@require_http_methods(["GET", "POST"])
def new(request):
    """The first screen. Pressed twice, it begins one draft."""
    form = NewForm(sent(request), job=None, party=None, acting=acting(request.user))
    if not form.is_valid():
        return page(request, HERE, _screen(form, "kind"), part="form", status=422 if form.is_bound else 200)
    party = party_to_write_for(request.user, form.cleaned_data.get("client"))
    job = actions.begin_job(client=party, by=request.user, **form.values())
    return redirect("jobs:step", pk=job.pk, step=after("kind"))


@require_http_methods(["GET", "POST"])
def step(request, pk, step):
    """One screen of a post that exists. While somebody types, htmx asks for both sides' money, and keeps what is typed."""
    job = _own_job(request, pk)
    form_of = screen_of(job, step)
    if form_of is None:
        raise Http404
    if request.method == "GET":
        return _read(request, job, step, form_of)
    form = _form_of(request, form_of, job, request.POST)
    is_kept = form.is_kept_while_typed and "autosave" in request.POST
    if not form.is_valid():
        if not is_kept:
            return page(request, HERE, _screen(form, step), part="form", status=422)
        form.leave_empty()
    try:
        job = _write(request, form, job)
    except DomainError as refusal:
        return _refused(request, form, step, refusal)
    return _kept(request, form, step, job) if is_kept else _to(job, after(step))


@require_POST
def template(request, pk):
    """An example of the town's fills what is still empty; what the client has typed stays."""
    job, chosen = _own_job(request, pk), templates.named(request.POST.get("template", ""))
    if chosen is None:
        raise Http404
    form = WhatForm(request.POST, job=job, party=job.client)
    if not form.is_valid():
        form.leave_empty()
    if form.errors:
        return page(request, HERE, _screen(form, "what"), part="form", status=422)
    try:
        actions.use_template(job=job, by=request.user, version=form.cleaned_data["version"], template=chosen, **form.values())
    except DomainError as refusal:
        return _refused(request, form, "what", refusal)
    return _to(job, "what")


@require_http_methods(["GET", "POST"])
def preview(request, pk):
    """The post as workers will read it, both sides' money, and the one button that opens it to everybody."""
    job = _own_job(request, pk)
    if job.published_at and not can_edit_job(request.user, job):
        return redirect("jobs:detail", pk=job.pk)
    refusal = ""
    if request.method == "POST":
        try:
            _check_version(request, job)
            return _published(request, actions.publish_job(job=job, by=request.user))
        except WordsStopped:
            return page(request, "jobs/preview.html", _previewed(_own_job(request, pk), request.user) | {"refusal": ""}, status=422)
        except DomainError as refused:
            job, refusal = _own_job(request, pk), str(refused)
    return page(request, "jobs/preview.html", _previewed(job, request.user) | {"refusal": refusal}, status=409 if refusal else 200)


def _published(request, job: Job):
    """It is open; or a person of the town reads it first, and the page of the post says what happens now."""
    if job.published_at is None:
        return redirect("jobs:preview", pk=job.pk)
    messages.success(request, _("post.published"))
    return redirect("jobs:detail", pk=job.pk)


def _to(job: Job, step: str):
    return redirect("jobs:preview", pk=job.pk) if step == "preview" else redirect("jobs:step", pk=job.pk, step=step)


def _form_of(request, form_of: type[StepForm], job: Job, data=None) -> StepForm:
    form = form_of(data, job=job, party=job.client)
    if isinstance(form, ClientForm) and not has_power(request.user, job.client_id, Power.KEEPER):
        form.only_read()
    return form


def _own_job(request, pk) -> Job:
    return one_or_404(_own(pk, request.user.pk))


def _read(request, job: Job, step: str, form_of: type[StepForm]):
    """The screen as it is; or, for htmx, what the amount or the day that is being typed would mean."""
    if not can_edit_job(request.user, job):
        messages.warning(request, _("job.edit_refused"))
        return redirect("jobs:applicants", pk=job.pk)
    if wants_part(request) and request.GET:
        typed = form_of(request.GET, job=job, party=job.client)
        typed.is_valid()
        return page(request, HERE, _screen(typed, step), part="live")
    return page(request, HERE, _screen(_form_of(request, form_of, job), step))


def _write(request, form: StepForm, job: Job) -> Job:
    """The one action of this screen. Where what is typed is what is saved already, there is nothing to do and nothing in the way."""
    if isinstance(form, ClientForm):
        return _describe_client(request, form, job)
    if not form.changed():
        return job
    return actions.edit_job(job=job, by=request.user, version=form.cleaned_data["version"], **form.values())


def _describe_client(request, form: ClientForm, job: Job) -> Job:
    """The last screen belongs to the client, not to the post."""
    if form.is_read_only:
        return job
    accounts.describe_client(party=job.client, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values())
    return job


def _kept(request, form: StepForm, step: str, job: Job):
    """What could be read is saved: a note beside the field for whoever goes on typing, the list for whoever goes on later. What could
    not be read stays where it was typed, with its sentence."""
    is_typing = wants_part(request)
    if form.errors or is_typing:
        return page(request, HERE, _screen(form, step) | {"saved_at": clock.now(), "version": job.version},
                    part="note" if is_typing else "form", status=422 if form.errors else 200)
    messages.success(request, _("post.kept"))
    return redirect("jobs:mine")


def _stopped(request, form: StepForm, step: str, stop: WordsStopped):
    """422: words that a post may not hold, each beside its field; everything typed stays."""
    for field, findings in stop.found.items():
        for finding in findings:
            form.add_error(field if field in form.fields else None, finding.advice)
    return page(request, HERE, _screen(form, step), part="form", status=422)


def _refused(request, form: StepForm, step: str, refusal: DomainError):
    """409: the typed text stays, beside it what is saved by now; saving once more is a choice. What words may not say is no such choice."""
    if isinstance(refusal, WordsStopped):
        return _stopped(request, form, step, refusal)
    form.add_error(None, str(refusal))
    form.renew()
    response = page(request, HERE, _screen(form, step) | {"theirs": form.changed()}, part="form", status=409)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#step", "outerHTML"
    return response


def _screen(form: StepForm, step: str) -> dict:
    """What the template of a screen knows."""
    job, typed, keys = form.job, form.cleaned_data if form.is_bound else {}, [*STEPS, "preview"]
    number = keys.index(step)
    guide = shown.guide(job.category_id) if step == "reward" and job.category_id else None
    return {"form": form, "step": step, "job": job, "title": TITLES[step], "number": number + 1, "of": len(keys),
            "before": keys[number - 1] if number else "", "theirs": [], "saved_at": None, "version": form["version"].value(),
            "is_draft": bool(job) and job.published_at is None,
            "wage": wages.wage() if step == "reward" else None, "today": clock.today(),
            "guide": guide, "fewest": FEWEST, "measured": shown.an_hour_measured(guide) if guide else "",
            "is_divisible": bool(job) and is_divisible(job),
            "usual": shown.usual(job) if step == "how" and job and not job.is_contest else "", "pot": shown.pot(job),
            "templates": (templates.of_kind(job.category_id)
                          if step == "what" and job and job.published_at is None and not job.is_contest else []),
            "advice": words.advice_for(job, form.fields) if job and not form.is_bound else {},
            "steps": [(key, TITLES[key], bool(job) and key != "preview" and is_done(job, key)) for key in keys],
            **(shown.both_sides(job, typed) if job else {"money": None, "pay_on": None, "an_hour": None})}


def _previewed(job: Job, user) -> dict:
    open_step = first_open(job)
    return shown.post(job) | words.about(job) | {
        "missing": missing_items(job), "open_step": open_step, "crumbs": shown.crumbs(job, _("frame.jobs")),
        "is_divisible": is_divisible(job), "can_publish": can_publish_job(user, job), "can_edit": can_edit_job(user, job),
        "steps": [(key, TITLES[key], is_done(job, key)) for key in STEPS]}


def _check_version(request, job: Job) -> None:
    """Nobody publishes another text than the one they read."""
    if VersionField().clean(request.POST.get("version")) != job.version:
        raise DomainError(_("post.changed_meanwhile"))
