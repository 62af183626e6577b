"""What a worker reads of a batch before taking a bundle of it."""
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks import finding, forms, policies, prices
from machi.tasks.actions.judging import APPEAL_DAYS
from machi.tasks.actions.taking import MINUTES
from machi.tasks.lifecycle import BATCH_LIFECYCLE, BatchState
from machi.tasks.models import Batch, BatchForm, Bundle, Item
from machi.tasks.queries import Standing, cells_of, form_of, open_bundle, standing_in
from machi.taxes.queries import is_company
from machi.web.frame.media import media_of
from machi.web.frame.words import day, number, yen
from machi.web.pages.tasks.drawing import Drawn, drawn


class Way(NamedTuple):
    """What somebody may do now: go on with their bundle, take one, or read why not."""

    bundle: Bundle | None = None
    choices: tuple[finding.Brings, ...] = ()
    is_trial: bool = False
    refusal: str = ""


def offered(batch: Batch, user, *, refusal: str = "") -> dict:
    """Everything for tasks/batch.html."""
    is_firm, form = user.is_authenticated and is_company(user), form_of(batch)
    left = finding.left_for(batch, user)
    way = way_for(batch, user, left)
    net = finding.net_each(batch, is_company=is_firm)
    return {
        "batch": batch, "is_open": BATCH_LIFECYCLE.allows(batch.state, "pause"), "form": form, "left": left, "way": way,
        "refusal": refusal or way.refusal,
        "choices": [brings._replace(net=finding.net_of(batch, Yen(batch.price * brings.answers), is_company=is_firm))
                    for brings in way.choices], "net_each": amount(net),
        "net_hour": finding.net_an_hour(batch, is_company=is_firm), "seconds": lasting(batch.seconds_each),
        "is_measured": finding.is_measured(batch), "measured_from": prices.MEASURED_FROM, "trials": len(batch.trial_seconds),
        "preview": example(batch, form) if user.is_authenticated and form else None,
        "refusals": finding.refusals_of(batch.client_id), "fewest": finding.FEWEST, "asked": asked_of(batch),
        "pay_on": pay_day(clock.today(), acceptance_days=batch.acceptance_days),
        "is_withheld": prices.is_withheld(batch, is_company=is_firm),
        "terms": terms(batch, net)}


def way_for(batch: Batch, user, left: finding.Left) -> Way:
    if not user.is_authenticated:
        return Way(choices=_choices(batch, left))
    if bundle := open_bundle(batch, user):
        return Way(bundle=bundle)
    if not policies.can_take_bundle(user, batch):
        return Way(refusal=_("tasks.bundle.take_refused") if policies.acts_for_client(user, batch) else _closed(batch))
    standing: Standing = standing_in(batch, user)
    if not (standing.refusal or standing.is_trial or left.count):
        return Way(refusal=_("tasks.bundle.nothing_left"))
    return Way(choices=() if standing.refusal else _choices(batch, left), is_trial=standing.is_trial, refusal=standing.refusal)


def _closed(batch: Batch) -> str:
    """Why nobody takes a bundle of it: it rests, it is coming to its end, or it is over."""
    words = {BatchState.STOPPED: _("tasks.batch.ending"), BatchState.ENDED: _("tasks.batch.over")}
    return words.get(batch.state) or _("tasks.batch.resting")


def _choices(batch: Batch, left: finding.Left) -> tuple[finding.Brings, ...]:
    """No more answers than there are: where little is left, a longer time that brings no more is no choice."""
    most = prices.MOST_ANSWERS if left.is_more else max(1, left.count)
    found = [finding.Brings(minutes, min(most, prices.answers_in(minutes, batch.seconds_each)), Yen(0)) for minutes in MINUTES]
    return tuple(one for number, one in enumerate(found) if not number or one.answers > found[number - 1].answers)


def example(batch: Batch, form: BatchForm) -> Drawn | None:
    """The form with the first item of the file. It can be tried; nothing is sent from there."""
    item = Item.objects.filter(batch=batch, truth__isnull=True).order_by("number").first()
    if item is None:
        return None
    parts, cells = forms.parse(form.parts), cells_of(item, batch)
    media = media_of(parts, cells, batch) if batch.state == BatchState.OPEN else {}      # later only whoever has a bundle sees them
    return drawn(parts, cells, media=media, prefix="v")


def asked_of(batch: Batch) -> str:
    """Who may answer, in one sentence."""
    if batch.is_for_newcomers:
        return _("tasks.who.newcomers") % {"n": policies.NO_RECORD}
    if batch.record_needed:
        return ngettext("tasks.who.record", "tasks.who.record", batch.record_needed) % {"num": batch.record_needed}
    return _("tasks.who.all")


def terms(batch: Batch, net: Decimal) -> list[tuple[str, str]]:
    """What is agreed by taking a bundle, line by line."""
    today = clock.today()
    rows = [
        (_("tasks.terms.client"), batch.client_name or batch.client.name),
        (_("tasks.terms.what"), batch.title),
        (_("tasks.terms.price"), _("tasks.terms.price.text") % {"price": yen(batch.price), "net": amount(net)}),
        (_("tasks.terms.pay_on"), _("tasks.terms.pay_on.text") % {"day": day(pay_day(today, acceptance_days=batch.acceptance_days))}),
        (_("tasks.terms.acceptance"), ngettext("tasks.terms.acceptance.text", "tasks.terms.acceptance.text", batch.acceptance_days) % {
            "num": batch.acceptance_days}),
        (_("tasks.terms.hold"), ngettext("tasks.terms.hold.text", "tasks.terms.hold.text", batch.hold_hours) % {"num": batch.hold_hours}),
        (_("tasks.terms.refusal"), _("tasks.terms.refusal.text") % {"n": APPEAL_DAYS}),
        (_("tasks.terms.each"), ngettext("tasks.terms.each.text", "tasks.terms.each.text", batch.answers_each) % {
            "num": batch.answers_each}),
        (_("tasks.terms.who"), asked_of(batch))]
    if batch.trial_golds:
        rows.append((_("tasks.terms.trial"), _("tasks.terms.trial.text") % {"n": batch.trial_golds, "percent": batch.trial_percent}))
    return rows


def amount(net: Decimal) -> str:
    """About so many yen: with a tenth where it is small. Never more than is received."""
    step = Decimal("0.1") if net < 100 else Decimal(1)
    shown = net.quantize(step, ROUND_DOWN)
    return _("tasks.yen") % {"n": f"{shown.normalize():,f}"} if shown % 1 else yen(int(shown))


def lasting(seconds: int) -> str:
    """So long, as people say it."""
    if seconds < 60:
        return ngettext("tasks.seconds", "tasks.seconds", seconds) % {"num": seconds}
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return ngettext("tasks.minutes", "tasks.minutes", minutes) % {"num": number(minutes)}
    return _("tasks.minutes_seconds") % {"min": number(minutes), "sec": rest}
