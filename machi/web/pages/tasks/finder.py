"""Finding micro-tasks, and one batch before it is taken."""
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from machi.shared.errors import DomainError
from machi.tasks import finding
from machi.tasks.actions import take_bundle
from machi.tasks.actions.taking import MINUTES
from machi.tasks.finding import Found, Wanted, find_batches
from machi.tasks.models import Batch
from machi.tasks.policies import can_read_answers
from machi.taxes.queries import is_company
from machi.taxonomy.queries import category_names
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.public import public
from machi.web.frame.words import number
from machi.web.pages.tasks.offered import offered

ORDERS = ("pay", "new")


@dataclass(frozen=True)
class Search:
    """What the address asks for; the address is the state of a search."""

    wanted: Wanted
    page: int = 1

    def query(self, **more) -> str:
        wanted = self.wanted
        asked = {"minutes": wanted.minutes, "category": wanted.category, "topic": wanted.topic, "text": "1" if wanted.text_only else "",
                 "phone": "1" if wanted.phone else "", "order": "" if wanted.order == "pay" else wanted.order} | more
        return urlencode({name: value for name, value in asked.items() if value})

    def without(self, **what) -> str:
        return replace(self, wanted=self.wanted._replace(**what)).query()


@require_safe
@public(seconds=5)
def index(request):
    """The list. htmx gets the results and the new counts."""
    names = category_names()
    search = read(request.GET, names)
    found = find_batches(request.user, search.wanted, page=search.page)
    company = request.user.is_authenticated and is_company(request.user)
    minutes = search.wanted.minutes or MINUTES[0]
    cards = [(batch, finding.net_an_hour(batch, is_company=company), finding.brings(batch, minutes, is_company=company))
             for batch in found.rows]
    response = page(request, "tasks/finder.html", {
        "search": search, "wanted": search.wanted, "found": found, "names": names, "cards": cards, "chips": _chips(search, found, names),
        "pages": Paginator(range(found.count), finding.PAGE).get_page(found.number), "minutes": MINUTES,
        "said": _("tasks.found") % {"n": number(found.count)}, "is_part": wants_part(request)}, part="results")
    if wants_part(request):
        asked = search.query(page=found.number if found.number > 1 else "")
        response.headers["HX-Replace-Url"] = f"{reverse('tasks:finder')}?{asked}" if asked else reverse("tasks:finder")
    return response


@require_safe
@public(seconds=5)
def batch(request, pk: int):
    """One batch, for whoever may do it. Its client is led to where they see how far it is."""
    found = one_batch(request, pk)
    if request.user.is_authenticated and can_read_answers(request.user, found):
        return redirect("tasks:run", pk=pk)
    return page(request, "tasks/batch.html", offered(found, request.user))


@require_POST
def take(request, pk: int):
    """A bundle for so many minutes. Whoever has one of this batch goes on with it."""
    found = one_batch(request, pk)
    if not found.is_out:
        return redirect("tasks:run", pk=pk)
    try:
        bundle = take_bundle(batch=found, by=request.user, minutes=_whole(request.POST.get("minutes", "")))
    except DomainError as refusal:
        return page(request, "tasks/batch.html", offered(found, request.user, refusal=str(refusal)), status=409)
    return redirect("tasks:bundle", pk=bundle.pk)


def one_batch(request, pk: int) -> Batch:
    seen = Batch.objects.visible_to(request.user)
    return one_or_404(list(seen.select_related("client", "client__person", "category", "topic").filter(pk=pk).order_by("pk")))


def read(asked, categories) -> Search:
    """A search out of an address. What cannot be understood is left out."""
    minutes, category, order = _whole(asked.get("minutes", "")), asked.get("category", ""), asked.get("order", "")
    wanted = Wanted(minutes if minutes in MINUTES else 0, category if category in categories else "", _whole(asked.get("topic", "")),
                    asked.get("text") == "1", asked.get("phone") == "1", order if order in ORDERS else "pay")
    return Search(wanted, max(1, _whole(asked.get("page", ""))))


def _chips(search: Search, found: Found, names: dict[str, str]) -> list[tuple[str, str]]:
    """What narrows the list now, each with the address without it."""
    wanted, chips = search.wanted, []
    if wanted.minutes:
        chips.append((_("tasks.facet.minutes.n") % {"n": wanted.minutes}, {"minutes": 0}))
    if wanted.category:
        chips.append((names[wanted.category], {"category": ""}))
    if wanted.topic:
        chips.append((next((name for pk, name, _n in found.topics if pk == wanted.topic), _("tasks.facet.topic")), {"topic": 0}))
    if wanted.text_only:
        chips.append((_("tasks.facet.text"), {"text_only": False}))
    if wanted.phone:
        chips.append((_("tasks.facet.phone"), {"phone": False}))
    return [(text, f"?{search.without(**what)}") for text, what in chips]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
