"""What was decided at a desk stays to be found: the newest first, page by page, by day, by sum, and by whose it was."""
import datetime
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.shared import clock
from machi.web.frame.fields import CleanText, DayField, YenField
from machi.web.frame.jinja import page

SHOWN = 30
MOST_YEN = 10 ** 12


class Line(NamedTuple):
    """One thing that is over: what it was, where it stands if it has a page, how much, and what else tells it apart."""

    what: object
    address: str
    sum: object
    small: Iterable[object]


class Desk(NamedTuple):
    """What a desk keeps: its words, the way back, the rows, and how they are looked for. `whose` is none where nobody is looked for."""

    title: Promise
    back: tuple[Promise, str]                       # the desk, and its address by name
    rows: QuerySet[Any]
    line: Callable[[Any], Line]
    days: str                                       # of its column
    is_moment: bool = False                         # that column is no day
    sums: Callable[[int], Q] | None = None
    whose: Callable[[str], Q] | None = None


class DoneForm(forms.Form):
    """All that is filled in holds together."""

    since = DayField(label=_("document.since"), required=False)
    until = DayField(label=_("document.until"), required=False)
    yen = YenField(label=_("desk.done.sum"), required=False, at_most=MOST_YEN)
    whose = CleanText(label=_("desk.done.whose"), help_text=_("desk.done.whose.hint"), max_length=254, required=False)

    def __init__(self, *values, desk: Desk, **named):
        super().__init__(*values, **named)
        for name in ("yen", "whose"):
            if (desk.sums if name == "yen" else desk.whose) is None:
                del self.fields[name]

    def clean(self) -> dict:
        told = super().clean()
        since, until = told.get("since"), told.get("until")
        if since and until and since > until:
            self.add_error("until", _("document.days_turned"))
        return told


def done_page(request, desk: Desk):
    """What was typed comes back with what is wrong about it, and then nothing is searched."""
    form = DoneForm(request.GET, desk=desk)
    found = desk.rows.filter(_wanted(desk, form.cleaned_data)) if form.is_valid() else desk.rows.none()
    # their numbers first: whatever stands beside a row is read of thirty, however far behind the page is
    pages = Paginator(found.select_related(None).values_list("pk", flat=True), SHOWN).get_page(request.GET.get("page"))
    return page(request, "desk/done.html", {
        "desk": desk, "form": form, "pages": pages, "lines": [desk.line(one) for one in desk.rows.filter(pk__in=list(pages))],
        "is_search": any(request.GET.get(name) for name in form.fields)}, status=200 if form.is_valid() else 422)


def _wanted(desk: Desk, told: dict) -> Q:
    wanted = Q()
    if told.get("since"):
        wanted &= Q(**{f"{desk.days}__gte": clock.start_of(told["since"]) if desk.is_moment else told["since"]})
    if told.get("until"):
        end = told["until"] + datetime.timedelta(days=1)
        wanted &= Q(**{f"{desk.days}__lt": clock.start_of(end) if desk.is_moment else end})
    if told.get("yen"):
        wanted &= desk.sums(int(told["yen"]))
    if told.get("whose"):
        wanted &= desk.whose(told["whose"])
    return wanted
