"""The way of a draft (タスクを頼む), a step a page: what it is for, the items, the form, a trial of one's own, the price, and the money.

Each step is saved by itself; nothing exists before the first one is. Whoever comes back goes on where they were.
"""
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.accounts import actions as accounts
from machi.accounts.powers import Power
from machi.accounts.queries import has_power, party_to_write_for
from machi.files.storing import store_table
from machi.jobs.wages import wage
from machi.notifications.words import yen
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.tasks import actions, prices
from machi.tasks.intake import MOST_BYTES, Refused, look_at_start
from machi.tasks.models import Batch, Item
from machi.tasks.queries import golds_unfit, import_of
from machi.web.frame import limits
from machi.web.frame.acting import acting
from machi.web.frame.arriving import takes_up_to
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.sent import sent
from machi.web.pages.tasks.making_forms import AboutForm, ClientForm, ColumnsForm, FileForm, PriceForm, most_each
from machi.web.pages.tasks.making_items import offered, stored_of
from machi.web.pages.tasks.way import after, of_a_draft, to_step, way_context

SHOWN = 5                                           # items
LETTERS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "Shift_JIS", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
step = require_http_methods(["GET", "POST"])


@step
def new(request):
    """The first step of a new one."""
    form = AboutForm(sent(request), batch=None, acting=acting(request.user))
    if not form.is_valid():
        return page(request, "tasks/client/about.html", way_context(None, "about") | {"form": form}, status=422 if form.is_bound else 200)
    party = party_to_write_for(request.user, form.cleaned_data.get("client"))
    batch = actions.draft_batch(client=party, by=request.user, **form.values())
    return to_step(batch, "items")


@step
@of_a_draft
def about(request, batch):
    form = AboutForm(sent(request), batch=batch)
    if form.is_valid() and _saved(request, form):
        return to_step(batch, "items")
    return page(request, "tasks/client/about.html", way_context(batch, "about") | {"form": form}, status=_status(form))


@takes_up_to(MOST_BYTES)
@step
@of_a_draft
def items(request, batch):
    """A file is chosen, its columns are looked at, and the background takes it in; how far it is, htmx asks again and again."""
    if request.method == "GET":
        return _items(request, batch, part="progress")
    if "token" in request.POST:
        return _take_in(request, batch)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _items(request, batch, form=form, status=422)
    try:
        start, offer = _looked_at(request, batch, form.cleaned_data["file"])
    except DomainError as refusal:
        form.add_error("file", str(refusal))
        return _items(request, batch, form=form, status=422 if isinstance(refusal, Refused) else 409)
    return _items(request, batch, start=start, columns=offer)


@step
@of_a_draft
def leave_file(request, batch):
    """The wrong one was chosen: nobody waits for it."""
    brought = import_of(batch)
    if request.method == "POST" and brought:
        try:
            actions.leave_import(brought=brought, by=request.user)
        except DomainError as refusal:
            messages.warning(request, str(refusal))
    return to_step(batch, "items")


@step
@of_a_draft
def price(request, batch):
    """Of the price, htmx asks for the sums while it is typed."""
    if request.method == "GET" and wants_part(request) and request.GET:
        form = PriceForm(request.GET, batch=batch, golds=batch.golds_count)
        form.is_valid()
        return page(request, "tasks/client/price.html", _priced(batch, form), part="live")
    form = PriceForm(sent(request), batch=batch, golds=batch.golds_count)
    if form.is_valid() and _saved(request, form):
        return to_step(batch, after(batch, "price"))
    return page(request, "tasks/client/price.html", _priced(batch, form), status=_status(form))


@step
@of_a_draft
def client(request, batch):
    """Who gives the work: it belongs to the client and not to the batch; the next one has it already."""
    form = ClientForm(sent(request), party=batch.client)
    if not has_power(request.user, batch.client_id, Power.KEEPER):
        form.only_read()
    if form.is_valid() and _described(request, form, batch):
        return to_step(batch, "pay")
    return page(request, "tasks/client/who.html", way_context(batch, "client") | {"form": form}, status=_status(form))


def _saved(request, form) -> bool:
    """The one action of a step; what is in its way stands on top of the form, which is newer then."""
    try:
        actions.edit_batch(batch=form.batch, by=request.user, version=form.cleaned_data["version"], **form.values())
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        form.renew()
    return form.is_valid()


def _described(request, form: ClientForm, batch: Batch) -> bool:
    if form.is_read_only:
        return True
    try:
        accounts.describe_client(party=batch.client, by=request.user, seen=form.cleaned_data["seen"] or None, **form.values())
    except DomainError as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _status(form) -> int:
    if not form.is_bound or form.is_valid():
        return 200
    return 409 if form.non_field_errors() else 422


def _looked_at(request, batch, file):
    """What it begins with, and the form about its columns; it lies here until it is taken in, or is swept away."""
    if not limits.is_allowed(request, "put_file"):
        raise DomainError(_("file.too_often") % {"min": limits.minutes_to_wait(request)})
    start = look_at_start(file)
    return start, offered(start, store_table(file, "text"), batch, request.user)


def _take_in(request, batch):
    """The file that was looked at, as the columns say."""
    file = stored_of(request.POST["token"], batch, request.user)
    if file is None:
        messages.warning(request, _("tasks.make.file.again"))
        return to_step(batch, "items")
    form = ColumnsForm(request.POST, columns=file.columns)
    if not form.is_valid():
        return _items(request, batch, columns=form, status=422)
    told = {name: form.cleaned_data[name] for name in ("key_column", "gold_column", "why_column")}
    try:
        actions.bring_file(batch=batch, by=request.user, file=file.stored, **told)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("tasks:items", batch.pk)


def _items(request, batch, *, form=None, columns=None, start=None, part: str | None = None, status: int = 200):
    brought = import_of(batch)
    first = Item.objects.filter(batch=batch).order_by("number")[:SHOWN] if batch.items_count else ()
    return page(request, "tasks/client/items.html", way_context(batch, "items") | {
        "form": form or FileForm(), "columns_form": columns, "start": start, "brought": brought,
        "first": list(first), "unfit": partial(golds_unfit, batch),        # asked only where it is shown
        "letters": LETTERS.get(start.letters, "") if start else ""}, part=part, status=status)


def _priced(batch: Batch, form: PriceForm) -> dict:
    """The sums of what is typed, as far as it can be read; else of what is saved."""
    typed = form.cleaned_data if form.is_bound else {}
    said = {name: typed.get(name) if typed.get(name) is not None else getattr(batch, name)
            for name in ("answers_each", "extra_percent", "gold_percent", "trial_golds")}
    tried = Batch(client=batch.client, rates=None, seconds_each=batch.seconds_each, **said, most_each=most_each(said))
    asked, extra, of_golds = prices.slots_wanted(tried, items=batch.items_count, golds=batch.golds_count)
    cost = typed.get("price_yen") if form.is_bound else batch.price_yen
    money = prices.settlement_of(tried, Yen(int(cost) * (asked + extra + of_golds))) if cost else None
    return way_context(batch, "price") | {
        "form": form, "asked": asked, "extra": extra, "of_golds": of_golds, "slots": asked + extra + of_golds,
        "money": money, "price": cost and Yen(int(cost)), "today": clock.today(), "wage": wage(), "least": form.least,
        "an_hour": prices.yen_an_hour(Yen(int(cost)), batch.seconds_each) if cost and batch.seconds_each else None,
        "least_said": yen(form.least) if form.least else ""}
