"""The money stop (資金の停止): while one stands, no yen moves in the whole town, whoever asks: a page, the clock, or a shell."""
import contextlib
from collections.abc import Iterable

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.payments import facts, policies
from machi.payments.lifecycle import STOP_LIFECYCLE
from machi.payments.models import MoneyStop
from machi.payments.queries import is_money_stopped
from machi.shared import clock
from machi.shared.errors import NotAllowed, Paused

_MOVING = 7_360_115_020                     # the number of the lock that every transaction shares while it moves money
_PATIENCE = "10s"                           # for those that hold it when a stop is raised


class MoneyStopped(Paused):
    """No money moves at the moment."""


def guard() -> None:
    """The door through which every verb of money goes. Raises MoneyStopped while a stop stands.

    Whoever came through holds the lock until their transaction ends, and is waited for by whoever raises a stop: once that has
    returned, nothing is written any more, and whatever was under way is whole.
    """
    with connection.cursor() as cursor:     # two questions: the second sees what was raised while the first waited
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", (_MOVING,))
    if is_money_stopped():
        raise MoneyStopped(_("stop.money"))


def stop_money(*, rule: str = "", rows: Iterable = (), why: str = "", by=None) -> MoneyStop:
    """From now on no money moves. One stop stands for each broken rule, and one for whatever people say; raised again it stays as it is.

    Raised by the check (a rule and its rows), by somebody of the finance desk or at the machine (`why`). Raises NotAllowed.
    """
    if by is not None and not policies.can_stop_money(by):
        raise NotAllowed(_("stop.not_yours"))
    if not rule and not why.strip():
        raise NotAllowed(_("stop.why.missing"))
    with transaction.atomic():
        stop, is_new = MoneyStop.objects.standing().get_or_create(rule=rule, defaults={
            "rows": list(map(str, rows)), "why": why.strip(), "raised_at": clock.now(), "raised_by": by})
        transaction.on_commit(mark)
        if is_new:
            activity.record(actor=by, fact=facts.MONEY_STOPPED, about=f"money_stop:{stop.pk}", rule=rule, rows=stop.rows)
    _let_the_last_ones_end()
    return stop


def lift_clean_stop(*, stop: MoneyStop, by=None) -> MoneyStop:
    """What stopped the money is mended: the check has found its rule clean, just now. Nobody means whoever works at the machine."""
    return _move(stop, "lift", by, facts.MONEY_RESUMED, lifted_at=clock.now(), lifted_by=by, was_clean=True)


def ask_to_lift(*, stop: MoneyStop, by, reason: str) -> MoneyStop:
    """The rule cannot be mended, and money shall move all the same: one person says why, another agrees or not."""
    if not reason.strip():
        raise NotAllowed(_("stop.reason.missing"))
    return _move(stop, "ask", by, facts.LIFT_ASKED, asked_at=clock.now(), asked_by=by, reason=reason.strip())


def agree_to_lift(*, stop: MoneyStop, by) -> MoneyStop:
    """The second person agrees. Raises NotAllowed for whoever asked."""
    return _move(stop, "agree", by, facts.MONEY_RESUMED, lifted_at=clock.now(), lifted_by=by, was_clean=False)


def keep_stop(*, stop: MoneyStop, by) -> MoneyStop:
    """It is not lifted: somebody says no, or whoever asked takes it back."""
    return _move(stop, "keep", by, facts.STOP_KEPT, asked_at=None, asked_by=None, reason="")


@transaction.atomic
def _move(stop: MoneyStop, move: str, by, fact: str, **columns) -> MoneyStop:
    stop = MoneyStop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    state = STOP_LIFECYCLE.next(stop.state, move)
    if by is not None and not policies.can_move_stop(by, stop, move):
        raise NotAllowed(_("stop.two_people") if by.pk == stop.asked_by_id else _("stop.not_yours"))
    activity.record(actor=by, fact=fact, about=f"money_stop:{stop.pk}", rule=stop.rule, reason=stop.reason)
    for name, value in {"state": state, **columns}.items():
        setattr(stop, name, value)
    stop.save()
    transaction.on_commit(mark)
    return stop


def mark() -> None:
    """What the banner of every page looks at, as the stops say. Only a sign: the door asks the stops themselves."""
    if is_money_stopped():
        settings.STOP_MARK.touch()
    else:
        settings.STOP_MARK.unlink(missing_ok=True)


def _let_the_last_ones_end() -> None:
    """Wait for the transactions that came through the door before. The stop stands already, so nobody new comes through."""
    with contextlib.suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_MOVING,))
