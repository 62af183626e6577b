"""How it goes, asked at a quarter and at half of the time (途中の様子). One press answers; the worker may switch it off for a contract."""
import datetime
from functools import partial

from django.db import transaction
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, Func, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.powers import READS_WORK, Power
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.locking import locked, locked_contract
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import CheckIn, Contract, Milestone
from machi.contracts.titles import titled
from machi.jobs.models import Job
from machi.messaging.actions import take_as_reminded
from machi.messaging.models import Message
from machi.messaging.queries import unanswered
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.rows import each

SHORTEST = datetime.timedelta(days=8)               # from the money to the due date: nobody is asked about less
SILENT_FOR, AT_LATEST = datetime.timedelta(days=3), datetime.timedelta(days=10)     # after a letter without an answer
WAKING = range(9, 20)                               # hours in Japan
ANSWERS = {CheckIn.Answer.WELL: gettext_noop("checkin.told.well"), CheckIn.Answer.LATER: gettext_noop("checkin.told.later"),
           CheckIn.Answer.TALK: gettext_noop("checkin.told.talk")}


class _EndOfDay(Func):
    """The moment at which a day ends in Japan."""

    template = "((%(expressions)s + 1)::timestamp AT TIME ZONE 'Asia/Tokyo')"
    output_field = DateTimeField()


def ask_how_it_goes(*, at_most: int = 500) -> int:
    """By the clock: half the time is over, or a quarter. Never at night, never twice, and after half the time not for the quarter;
    return how many were asked.
    """
    if clock.now().astimezone(clock.JAPAN).hour not in WAKING:
        return 0
    return _ask_at(50, at_most) + _ask_at(25, at_most)


def remind_who_is_silent(*, at_most: int = 500) -> int:
    """By the clock: three days after a letter to which a side has not answered, it hears once that the other waits. Never at night, once
    until it has written, and only while the contract goes on. Return how many were reminded.
    """
    now = clock.now()
    if now.astimezone(clock.JAPAN).hour not in WAKING:
        return 0
    return each(unanswered("contract", since=now - AT_LATEST, until=now - SILENT_FOR)[:at_most], _remind)


@transaction.atomic
def answer_check_in(*, check_in: CheckIn, by, answer: str) -> CheckIn:
    """The worker says how it goes; the client reads it. Another answer takes the place of this one until the work is handed over."""
    contract, milestone = locked(check_in.milestone)
    check_in = CheckIn.objects.select_for_update().get(pk=check_in.pk)
    if not policies.can_answer_check_in(by, milestone):
        raise NotAllowed(_("checkin.over"))
    if check_in.answer == answer:
        return check_in
    check_in.answer, check_in.answered_at = answer, clock.now()
    check_in.save(update_fields=["answer", "answered_at"])
    activity.record(actor=by, fact=facts.CHECK_IN_ANSWERED, about=contract.reference, milestone=milestone.pk, answer=answer)
    for person in contract.client.people(Power.APPROVER):
        notifications.queue(to=person, kind="contract.checked_in", about=contract.reference, job=titled(milestone),
                            worker_person=contract.worker.name, answer_word=ANSWERS[CheckIn.Answer(answer)])
    return check_in


@transaction.atomic
def switch_check_ins(*, contract: Contract, by, on: bool) -> Contract:
    """In this contract the worker is asked no more, or again. Nobody else hears of it."""
    contract = locked_contract(contract.pk)
    if not policies.can_switch_check_ins(by, contract):
        raise NotAllowed(_("checkin.over"))
    contract.check_ins_off_at = None if on else contract.check_ins_off_at or clock.now()
    contract.save(update_fields=["check_ins_off_at"])
    return contract


def _ask_at(percent: int, at_most: int) -> int:
    now, ends = clock.now(), _EndOfDay(F("due_on"))
    passed = ExpressionWrapper(F("funded_at") + (ends - F("funded_at")) * percent / 100, DateTimeField())
    known = CheckIn.objects.filter(milestone=OuterRef("pk"), percent__gte=percent)
    due = (Milestone.objects.filter(state=MilestoneState.FUNDED, first_delivered_at=None, contract__check_ins_off_at=None,
                                    contract__form=Job.Form.PROJECT, due_on__gte=clock.today())
           .annotate(span=ExpressionWrapper(ends - F("funded_at"), DurationField()), passed=passed)
           .filter(~Exists(known), span__gte=SHORTEST, passed__lte=now).order_by("pk"))
    return each(due[:at_most], partial(_ask, percent=percent))


def _ask(milestone: Milestone, percent: int) -> bool:
    contract, milestone = locked(milestone)
    is_due = milestone.state == MilestoneState.FUNDED and milestone.first_delivered_at is None and contract.check_ins_off_at is None
    if not is_due or CheckIn.objects.filter(milestone=milestone, percent__gte=percent).exists():
        return False
    CheckIn.objects.create(milestone=milestone, percent=percent, asked_at=clock.now())
    activity.record(actor=None, fact=facts.CHECK_IN_ASKED, about=contract.reference, milestone=milestone.pk, percent=percent)
    notifications.queue(to=contract.worker, kind="contract.check_in", about=contract.reference, job=titled(milestone),
                        date_on=milestone.due_on)
    return True


def _remind(message: Message) -> bool:
    contract = Contract.objects.select_related("client", "client__person", "worker").get(
        pk=int(message.thread.about.partition(":")[2]))
    if not take_as_reminded(message=message) or not contract.goes_on:      # of what is over nobody looks at the letter again
        return False
    people = contract.client.people(*READS_WORK) if message.in_person else [contract.worker]
    for person in people:
        notifications.queue(to=person, kind="contract.unanswered", about=contract.reference, job=contract.title)
    return bool(people)
