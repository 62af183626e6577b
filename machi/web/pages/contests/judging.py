"""A client's side: paying the pot in, looking at what was handed in, choosing, calling off."""
import unicodedata

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from machi.jobs.models import Job
from machi.jobs.queries import missing_items
from machi.payments.queries import deposit_of, has_own_account, pot_place
from machi.privacy.queries import copies_about
from machi.proposals import actions
from machi.proposals.contest_policies import can_award, can_call_off, can_open_contest
from machi.proposals.contest_queries import choosable, numbered, numbers_in, was_split, winners_of
from machi.proposals.contest_queries import gallery as shown_gallery
from machi.proposals.entries import Entry
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.proof import proven
from machi.web.pages.contests.forms import AwardForm
from machi.web.pages.contests.showing import chosen, own_contest, terms

SHOWN, LISTED = 24, 60                      # entries on one page of the gallery, and at most to choose from
moves_money = proven("POST")                # not for a stranger at an open browser (trust.md T14)


@require_http_methods(["GET", "POST"])
@moves_money
def open_pot(request, pk):
    """The prizes go into escrow, and the contest opens: the page names the sum before the button does."""
    job, refusal = own_contest(request, pk), ""
    if request.method == "POST":
        try:
            opened = actions.open_contest(job=job, by=request.user, pot=_sum(request.POST.get("pot")))
            if opened.published_at:                 # otherwise somebody reads it first, and the page of the post says so
                messages.success(request, _("contest.opened"))
            asked = deposit_of(pot_place(job.pk, opened.version)) if has_own_account() else None
            return redirect("payments:deposit", asked.pk) if asked else redirect("jobs:detail", pk=job.pk)
        except DomainError as refused:
            job, refusal = own_contest(request, pk), str(refused)
    if job.published_at and not refusal:
        return redirect("jobs:detail", pk=job.pk)
    return page(request, "contests/open.html", terms(job) | {
        "job": job, "refusal": refusal, "missing": missing_items(job), "can_open": can_open_contest(request.user, job)},
        status=409 if refusal else 200)


@require_safe
def gallery(request, pk):
    """What was handed in: numbers and marked previews, so many on a page; favourites by one press."""
    job = own_contest(request, pk)
    if job.published_at is None:
        return redirect("jobs:preview", pk=job.pk)
    liked, wanted = request.GET.get("liked") == "1", unicodedata.normalize("NFKC", request.GET.get("number", "")).strip()[:6]
    if found := numbered(job, request.user, wanted):
        return redirect("contests:entry", pk=found.pk)
    pages = Paginator(numbers_in(job, request.user, only_favourites=liked), SHOWN).get_page(request.GET.get("page"))
    winners = winners_of(job) if job.contest.settled_at else []
    return page(request, "contests/gallery.html", terms(job) | {
        "job": job, "pages": pages, "cards": shown_gallery(job, request.user, pages.object_list), "liked": liked,
        "winners": winners, "copied": copies_about(request.user, winners),
        "wanted": wanted, "not_there": bool(wanted),
        "is_split": bool(job.contest.settled_at) and was_split(job),
        "can_award": can_award(request.user, job), "can_call_off": can_call_off(request.user, job)})


@require_POST
def mark(request, pk):
    """A favourite, or no longer one."""
    entry = get_object_or_404(Entry.objects.for_client(request.user), pk=pk)
    try:
        marked = actions.mark_entry(entry=entry, by=request.user, is_favourite=request.POST.get("is_favourite") == "1")
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return redirect("contests:entry", pk=entry.pk)
    if wants_part(request):
        return page(request, "contests/liked.html", {"entry": entry, "is_favourite": marked.is_favourite})
    return redirect("contests:entry" if request.POST.get("here") == "entry" else "contests:gallery",
                    pk=entry.pk if request.POST.get("here") == "entry" else entry.job_id)


@require_http_methods(["GET", "POST"])
@moves_money
def award(request, pk):
    """Choose for each prize; then both sides' money, and the one button."""
    job, status = own_contest(request, pk), 200
    if request.method == "GET" and not can_award(request.user, job):
        messages.warning(request, _("contest.award_refused"))
        return redirect("contests:gallery", pk=job.pk)
    asked = request.POST if request.method == "POST" else request.GET if "look" in request.GET else None
    listed, is_long = _listed(job, request)
    form = AwardForm(asked, contest=job.contest, entries=listed, first=request.GET.get("take", ""))
    if request.method == "POST" and form.is_valid():
        try:
            actions.award(job=job, by=request.user, winners=form.winners())
            messages.success(request, _("award.done"))
            return redirect("contests:gallery", pk=job.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return _award_page(request, job, form, listed, is_long, status)


def _award_page(request, job, form: AwardForm, listed, is_long: bool, status: int):
    """What can be chosen from; once chosen, both sides' money."""
    is_chosen = form.is_bound and form.is_valid() and status == 200
    shown = shown_gallery(job, request.user, list(form.winners().values()) if is_chosen else [number for number, *_rest in listed])
    return page(request, "contests/award.html", terms(job) | {
        "job": job, "form": form, "is_chosen": is_chosen, "is_long": is_long, "shown": {card.number: card for card in shown}} | (
        chosen(job, form.winners()) if is_chosen else {}), status=422 if form.errors and status == 200 else status)


@require_http_methods(["GET", "POST"])
def call_off(request, pk):
    """Nobody has handed anything in, and the client needs it no longer."""
    job, refusal = own_contest(request, pk), ""
    if request.method == "POST":
        try:
            actions.call_off(job=job, by=request.user)
            messages.success(request, _("call_off.done"))
            return redirect("contests:gallery", pk=job.pk)
        except DomainError as refused:
            refusal = str(refused)
    return page(request, "contests/call_off.html", terms(job) | {
        "job": job, "refusal": refusal, "can_call_off": can_call_off(request.user, job)}, status=409 if refusal else 200)


def _listed(job: Job, request) -> tuple[list[tuple[int, str, bool]], bool]:
    """Between which entries a client chooses: all of them; where they are many, the favourites and those that were named."""
    found = choosable(job, request.user)
    if len(found) <= LISTED:
        return found, False
    named = {text for asked in (request.GET, request.POST) for name, text in asked.items() if name == "take" or name.startswith("prize_")}
    return [one for one in found if one[2] or str(one[0]) in named], True


def _sum(text: str | None) -> Yen:
    """The sum that stood on the button; whatever cannot be read was none."""
    return Yen(int(text)) if text and text.isascii() and text.isdecimal() and len(text) < 16 else Yen(0)
