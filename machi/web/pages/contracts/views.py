"""The list of contracts, the page of one, its letters and its files."""
import datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.accounts.queries import chosen_role
from machi.contracts.lifecycle import ContractState
from machi.contracts.models import Contract, DeliveryFile
from machi.contracts.policies import can_read_work
from machi.contracts.queries import contracts_of, current, dates_asked_in, differences_in, open_offers_of
from machi.messaging.actions import mark_read, send_message
from machi.notifications.words import called
from machi.payments.queries import bank_account_of, deposits_of, earnings_for
from machi.reviews.queries import reviewed_by
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.prepared import asked_together
from machi.web.frame import look
from machi.web.frame.given import attachment
from machi.web.frame.jinja import page, wants_part
from machi.web.pages.contracts.forms import MessageForm
from machi.web.pages.contracts.letters_shown import fresh_key, has_news, letters_context, thread_of
from machi.web.pages.contracts.overtaken import with_date, with_difference, with_transfer
from machi.web.pages.contracts.showing import (
    about_room,
    contract_for,
    powers_in,
    room_context,
    to_room,
)
from machi.web.pages.contracts.standing import (
    CLIENT,
    REVIEW_WITHIN,
    WORKER,
    Seen,
    Standing,
    client_called,
    offer_standing,
)
from machi.web.pages.contracts.week_standing import told

CURRENT_SHOWN, ENDED_SHOWN = 200, 20


class Line(NamedTuple):
    """One contract or offer in the list: what it is, with whom, what comes next."""

    title: str
    href: str
    other: str
    badge: tuple[str, str]
    now: Standing


@require_GET
def contracts(request):
    """What needs me first, then what waits for others, then what is over."""
    since = clock.now() - REVIEW_WITHIN
    role = chosen_role(request.user)
    as_role = Q(client=role.party) if role.is_organisation else Q(client=role.party) | Q(worker=request.user)
    running = Q(state__in=(ContractState.PENDING_FUNDING, ContractState.ACTIVE, ContractState.PASSED_ON))
    current = list(contracts_of(request.user).filter(as_role, running | Q(ended_at__gte=since))[:CURRENT_SHOWN])
    pages = Paginator(contracts_of(request.user).filter(as_role, ended_at__lt=since), ENDED_SHOWN).get_page(request.GET.get("page"))
    lines = _offers(request.user, as_role) + _lines(request.user, [*current, *pages])
    return page(request, "contracts/list.html", {
        "mine": _by_day(line for line in lines if line.now.is_mine),
        "waiting": _by_day(line for line in lines if not line.now.is_mine and not line.now.is_over),
        "role": role, "ended": [line for line in lines if not line.now.is_mine and line.now.is_over], "pages": pages})


def _offers(user, as_role: Q) -> list[Line]:
    found = []
    for offer in open_offers_of(user).filter(as_role, answer_by__gte=clock.now()):
        side = WORKER if offer.worker_id == user.pk else CLIENT
        other = client_called(offer.client) if side == WORKER else called(offer.worker.name)
        found.append(Line(offer.terms["title"], reverse("contracts:offer", args=[offer.pk]), other,
                          ("offered", str(offer.get_state_display())), offer_standing(offer, side)))
    return found


def _lines(user, found: list[Contract]) -> list[Line]:
    """The same few questions however many contracts."""
    milestones = {contract.pk: current(sorted(contract.milestones.all(), key=lambda step: step.number)) for contract in found}
    earnings, reviewed = earnings_for([m.pk for m in milestones.values()]), reviewed_by(user, found)
    has_account, dates, differences = bool(bank_account_of(user)), dates_asked_in(found), differences_in(found)
    transfers = deposits_of(milestone.reference for milestone in milestones.values())
    lines = []
    for contract in found:
        side = WORKER if contract.worker_id == user.pk else CLIENT
        milestone = milestones[contract.pk]
        seen = Seen(contract, milestone, side, earnings.get(milestone.pk), has_account=has_account,
                    has_reviewed=contract.pk in reviewed, powers=powers_in(contract, user))
        now = with_transfer(told(seen), seen, transfers.get(milestone.reference))
        now = with_difference(with_date(now, seen, dates.get(contract.pk)), seen, differences.get(contract.pk))
        lines.append(Line(contract.title, reverse("contracts:room", args=[contract.pk]), seen.client if side == WORKER else seen.worker,
                          seen.badge, now))
    return lines


def _by_day(lines) -> list[Line]:
    """The nearest day first."""
    return sorted(lines, key=lambda line: _day(line.now.by))


def _day(by) -> datetime.date:
    when = by[1] if by else datetime.date.max
    return clock.day_of(when) if isinstance(when, datetime.datetime) else when


@require_GET
def room(request, pk: int):
    """One contract on one page."""
    contract = contract_for(request, pk)
    with asked_together(*about_room(contract, request.user)):
        look.look_around(request.user)
        thread = thread_of(contract, request.user) if can_read_work(request.user, contract) else None
        context = room_context(request, contract, thread=thread)
    if thread and has_news(contract, thread, context["letters"], request.user):
        mark_read(thread=thread, by=request.user)
        look.forget_news(request.user)
    return page(request, "contracts/room.html", context)


@require_http_methods(["GET", "POST"])
def message(request, pk: int):
    """Write to the other side. Whoever comes by the address alone, or back from signing in, is led to the conversation."""
    contract = contract_for(request, pk)
    thread = thread_of(contract, request.user)
    if request.method == "GET":
        return to_room(request, contract, "#letters")
    form = MessageForm(request.POST)
    if "key" in form.errors:
        return _again(request, contract, form, _("message.form_old"), status=422)
    if not form.is_valid():
        return _with_form(request, contract, form, status=422)
    try:
        letter = send_message(thread=thread, by=request.user, title=contract.title, **form.cleaned_data)
    except DomainError as refusal:
        return _again(request, contract, form, str(refusal), status=409)
    if letter.body != form.cleaned_data["body"]:        # sent before from this very form, with other words: two letters
        return _again(request, contract, form, _("message.form_old"), status=409)
    if wants_part(request):
        return page(request, "contracts/room.html", letters_context(request, contract), part="letters")
    return to_room(request, contract, "#letters")


def _again(request, contract: Contract, form: MessageForm, why: str, status: int):
    """The same words in a form with a key of its own: nothing is lost, and what was sent before stays one letter."""
    renewed = MessageForm({"body": form.data.get("body", ""), "key": fresh_key()})
    renewed.add_error(None, why)
    return _with_form(request, contract, renewed, status=status)


def _with_form(request, contract: Contract, form: MessageForm, status: int):
    return page(request, "contracts/room.html", room_context(request, contract, form), part="letters", status=status)


@require_GET
def file(request, pk: int, file_pk: int):
    """A file that was handed over: always a download, never something that a browser opens in the town's own name."""
    contract = contract_for(request, pk)
    found = get_object_or_404(DeliveryFile.objects.select_related("file"), pk=file_pk, delivery__milestone__contract=contract)
    if not can_read_work(request.user, contract):
        raise Http404
    return attachment(found.file)
