"""A maker's side: my entries of a contest, writing one, handing it in, taking it back."""
import contextlib

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.files.storing import called, stored
from machi.jobs.contests import Contest
from machi.jobs.policies import acts_for_client
from machi.jobs.queries import questions_about
from machi.proposals import actions
from machi.proposals.contest_policies import can_take_back, can_write_entry
from machi.proposals.contest_queries import own_entries, with_files
from machi.proposals.entries import FILES_AT_MOST, Entry, EntryFile
from machi.proposals.lifecycle import ENTRY_LIFECYCLE
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.frame import limits
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.sent import sent
from machi.web.pages.contests.forms import EntryForm
from machi.web.pages.contests.showing import contest_for, for_post, terms

WRITE = "contests/write.html"


@require_http_methods(["GET", "POST"])
def mine(request, pk):
    """What I made for this contest; the button begins another one."""
    job, refusal = contest_for(request, pk), ""
    if acts_for_client(request.user, job):
        return redirect("contests:gallery", pk=job.pk)
    if request.method == "POST":
        try:
            return redirect("contests:write", pk=actions.begin_entry(job=job, by=request.user).pk)
        except DomainError as refused:
            refusal = str(refused)
    context = terms(job) | for_post(job, request.user) | {"job": job, "entries": own_entries(job, request.user), "refusal": refusal}
    return page(request, "contests/mine.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def write(request, pk):
    """One entry. What is typed is kept every two seconds until it is handed in; then one button changes it."""
    entry = own_entry(request, pk)
    if request.method == "GET":
        return _write(request, _form(entry)) if can_write_entry(request.user, entry) else redirect("contests:entry", pk=entry.pk)
    form, is_kept = _form(entry, sent(request), request.FILES), "autosave" in request.POST
    if not form.is_valid():
        return _unfit(request, form, part="note" if is_kept and wants_part(request) else "form")
    try:
        entry = _saved(request, form, is_kept)
    except actions.Unfit as lacking:
        form.add_error(lacking.field if lacking.field in form.fields else None, str(lacking))
        return _unfit(request, form)
    except DomainError as refusal:
        return _refused(request, form, refusal)
    if is_kept and wants_part(request):
        return _write(request, form, part="note", saved_at=entry.saved_at)
    messages.success(request, _("entry.kept") if is_kept else _("entry.handed_in"))
    return redirect("contests:write" if is_kept else "contests:entry", pk=entry.pk)


@require_http_methods(["GET", "POST"])
def take_back(request, pk):
    """Take an entry back before the contest closes, or put a draft away."""
    entry, refusal = own_entry(request, pk), ""
    if request.method == "POST":
        try:
            actions.take_back_entry(entry=entry, by=request.user)
            messages.success(request, _("entry.taken_back"))
            return redirect("contests:mine", pk=entry.job_id)
        except DomainError as refused:
            refusal = str(refused)
    return page(request, "contests/take_back.html", {
        "entry": entry, "job": entry.job, "refusal": refusal, "can_take_back": can_take_back(request.user, entry)},
        status=409 if refusal else 200)


@require_POST
def remove(request, pk, file_pk):
    """Take a file off an entry."""
    entry = own_entry(request, pk)
    try:
        actions.remove_entry_file(file=get_object_or_404(EntryFile, entry=entry, pk=file_pk), by=request.user)
        messages.success(request, _("entry.file_removed"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("contests:write", pk=entry.pk)


def own_entry(request, pk: int) -> Entry:
    own = with_files(Entry.objects.filter(worker=request.user))
    return get_object_or_404(own.select_related("job", "job__client", "job__client__person", "job__category", "job__contest", "piece"),
                             pk=pk)


def _form(entry: Entry, *data) -> EntryForm:
    return EntryForm(*data, entry=entry, takes=entry.job.contest.takes)


def _saved(request, form: EntryForm, is_kept: bool) -> Entry:
    """The one action: keep the draft, or hand it in. Words that are saved already are in nobody's way."""
    entry, given = form.entry, form.cleaned_data.get("files") or []
    if given and not limits.is_allowed(request, "put_file"):
        raise DomainError(_("file.too_often") % {"min": limits.minutes_to_wait(request)})
    version = entry.version if form.words() == form.saved() else form.cleaned_data["version"]
    with stored(given) as files:
        entry = actions.send_entry(is_kept=is_kept, entry=entry, by=request.user, files=files, version=version,
                                   read=form.cleaned_data["read"] or None, **form.words())
    form.entry = entry
    return entry


def _unfit(request, form: EntryForm, part: str = "form"):
    """422: the sentence stands beside its field, what was typed stays, and so do the files with which nothing is wrong."""
    kept = _kept_files(request, form)
    again = [name for name in form.chosen_names() if name not in kept]
    return _write(request, form, status=422, part=part, kept=kept, again=again)


def _kept_files(request, form: EntryForm) -> list[str]:
    """The sound files of an entry that could not be handed in go to its draft, so that nobody has to choose them once more."""
    entry, sound = form.entry, form.sound_files()[:FILES_AT_MOST]
    if not sound or not ENTRY_LIFECYCLE.allows(entry.state, "save"):
        return []
    with contextlib.suppress(DomainError), stored(sound) as files:
        form.entry = actions.save_entry(entry=entry, by=request.user, files=files, **form.saved())
        form.renew()
        return [called(upload) for upload in sound]
    return []


def _refused(request, form: EntryForm, refusal: DomainError):
    """409: the typed text stays; another text that was saved meanwhile stands beside it."""
    form.add_error(None, str(refusal))
    form.renew()
    theirs = "" if form.words()["text"] == form.entry.text else form.entry.text
    response = _write(request, form, status=409, part="form", theirs=theirs)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#entry", "outerHTML"
    return response


def _write(request, form: EntryForm, *, status=200, part="form", saved_at=None, theirs="", kept=(), again=()):
    entry = form.entry
    files = list(EntryFile.objects.filter(entry=entry).select_related("file").order_by("pk"))
    return page(request, WRITE, terms(entry.job) | {
        "form": form, "entry": entry, "job": entry.job, "files": files, "theirs": theirs, "saved_at": saved_at or entry.saved_at,
        "version": entry.version if saved_at else form["version"].value(), "is_draft": ENTRY_LIFECYCLE.allows(entry.state, "save"),
        "can_write": can_write_entry(request.user, entry), "today": clock.today(), "kept": kept, "again": again,
        "questions": questions_about(entry.job_id), "can_answer": False,
        "takes_files": entry.job.contest.takes != Contest.Takes.TEXT}, part=part, status=status)
