"""Asking the rules by the clock, before money leaves and by hand; a broken one stops all money, a late thing is an alarm."""
import contextlib
import datetime
import logging
from collections.abc import Iterator
from time import monotonic

from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.checks.models import Alarm, Check
from machi.checks.rules import broken_rules, late_rules
from machi.payments import actions as payments
from machi.payments import policies as payments_policies
from machi.payments.models import MoneyStop, PayoutBatch
from machi.payments.queries import is_payday_now
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.invariants import Class, Rule

log = logging.getLogger(__name__)
KEPT = datetime.timedelta(days=90)                  # checks that found nothing are forgotten afterwards


def check(*, is_full: bool) -> dict[Rule, list]:
    """Ask the rules; each broken one of safety stops all money. Returns what is broken.

    One look at one moment: what is written meanwhile is not half in it. Call it outside a transaction; within one it sees that one's.
    """
    began, start = clock.now(), monotonic()
    with _one_moment():
        found = {rule: rows for rule, rows in broken_rules(lately=not is_full).items() if rule.kind == Class.SAFETY}
    for rule, rows in found.items():
        log.error("%s: %s; money is stopped", rule.name, ", ".join(map(str, rows)))
        payments.stop_money(rule=rule.name, rows=rows)
    Check.objects.create(is_full=is_full, began_at=began, took_ms=int((monotonic() - start) * 1000), broken_count=len(found))
    payments.mark()
    return found


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Everything that is read within is of the same moment."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def check_lately() -> bool:
    """Each hour: what was written since the books were sealed last. True when something is broken."""
    return bool(check(is_full=False))


def check_by_night() -> bool:
    """Once a day, after the books were sealed: everything, from the first entry on. True when something is broken now."""
    if Check.objects.filter(is_full=True, began_at__gte=clock.start_of(clock.today())).exists():
        return False
    Check.objects.filter(began_at__lt=clock.now() - KEPT, broken_count=0).delete()
    return bool(check(is_full=True))


def pay_what_is_due() -> int:
    """Payday: everything is asked before money leaves, and it leaves only when nothing is broken. Returns how many payouts were made."""
    if not is_payday_now():
        return 0
    payments.guard()
    return 0 if check(is_full=True) else payments.pay_due()


def propose_batch(*, value_on: datetime.date, count: int, total_yen: int, by) -> PayoutBatch:
    """Before anybody puts together what leaves with a file, everything is asked. Raises MoneyStopped where something is broken."""
    payments.guard()
    check(is_full=True)
    return payments.propose_batch(value_on=value_on, count=count, total_yen=total_yen, by=by)


def take_file(*, batch: PayoutBatch, by) -> bytes:
    """Money leaves with a file: before the first time everything is asked once more. Raises MoneyStopped where something is broken."""
    payments.guard()
    if payments_policies.can_move_batch(by, batch, "write"):          # whoever may not, and what is not agreed to, stops nobody's money
        check(is_full=True)
    return payments.take_file(batch=batch, by=by)


def lift(*, stop: MoneyStop, by=None) -> MoneyStop:
    """Money moves again, because what stopped it is mended: everything is asked once more first. Raises NotAllowed while it is not."""
    with _one_moment():
        found = {rule.name for rule in broken_rules() if rule.kind == Class.SAFETY}
    if found and (not stop.rule or stop.rule in found):
        raise NotAllowed(_("stop.still_broken"))
    return payments.lift_clean_stop(stop=stop, by=by)


@transaction.atomic
def look_for_what_is_late() -> int:
    """Each row of a liveness rule is an alarm from now on; what has happened meanwhile ends its alarm. Returns how many stand."""
    late = {(rule.name, str(row)) for rule, rows in late_rules().items() for row in rows}
    for alarm in Alarm.objects.select_for_update().filter(ended_at=None).order_by("pk"):
        if (alarm.rule, alarm.row) in late:
            late.discard((alarm.rule, alarm.row))
        else:
            alarm.ended_at = clock.now()
            alarm.save(update_fields=["ended_at"])
    for rule, row in sorted(late):
        Alarm.objects.create(rule=rule, row=row, since_at=clock.now())
    return Alarm.objects.filter(ended_at=None).count()
