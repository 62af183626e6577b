"""A payday sets aside for a thousand people at once. It is the same as one after the other, whoever is among them."""
import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from machi.activity.models import Fact
from machi.ledger.models import Entry
from machi.notifications.models import Notice
from machi.payments import actions
from machi.payments.actions import payday, payouts
from machi.payments.models import Earning, Payout
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_contract, a_person, balance_of, with_bank_account

pytestmark = pytest.mark.django_db


def last_pay_day() -> datetime.datetime:
    return clock.end_of(Earning.objects.order_by("-pay_on", "pk").first().pay_on)


def test_together_is_the_same_as_one_by_one(clock_at):
    people = [with_bank_account(a_person()) for _number in range(4)]
    a_contract(accepted=True, worker=people[2])
    clock_at(last_pay_day())
    assert actions.pay_due() == 1                                               # what has left already never leaves again
    Payout.objects.update(state="paid", paid_on=clock.today(), ended_at=clock.now())
    for number, worker in enumerate([*people, people[0]]):
        a_contract(accepted=True, worker=worker, reward_yen=10_000 + 1_000 * number)
    without_account = a_contract(accepted=True).worker
    clock_at(last_pay_day())
    actions.ask_early(by=people[3], amount=Yen(balance_of(people[3])))          # is on its way for this day already
    a_contract(accepted=True, worker=people[3])
    Earning.objects.filter(worker=people[3], payout=None).update(pay_on=clock.today())
    workers = [worker.pk for worker in [*people, without_account]]

    together = written(lambda: payday.set_aside_together(workers))
    one_by_one = written(lambda: sum(payouts.set_aside(worker) is not None for worker in workers))

    assert together == one_by_one and together[0] == 3 and [len(rows) for rows in together[1:]] == [5, 3, 3, 3]


def written(act) -> tuple:
    """What an act answered and wrote, without the numbers that the database gives. Nothing of it stays."""
    with transaction.atomic():
        last = {model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in (Fact, Notice, Entry)}
        done = act()
        paid = {payout.bank_key: payout for payout in Payout.objects.order_by("pk")}
        whose = {key: payout.worker_id for key, payout in paid.items()}
        made = [(payout.worker_id, payout.amount_yen, payout.state, payout.bank_account, payout.holder_kana, payout.bank_name,
                 payout.value_on, payout.is_early, payout.free_from, sorted(payout.earnings.values_list("pk", flat=True)))
                for payout in paid.values()]
        facts, notices, entries = (model.objects.filter(pk__gt=pk).order_by("pk") for model, pk in last.items())
        told = [(whose[notice.about], notice.user_id, notice.kind, notice.mail_from is None, notice.words) for notice in notices]
        booked = [(whose[entry.key], whose[entry.reference], entry.actor,
                   list(entry.transfer_set.order_by("line").values_list("debit", "credit", "amount_yen"))) for entry in entries]
        known = [(whose[fact.about], fact.name, fact.actor_id, fact.data) for fact in facts]
        transaction.set_rollback(True)
    return done, *(sorted(rows, key=repr) for rows in (made, known, told, booked))


def test_as_many_questions_for_many_as_for_few(clock_at):
    assert questions_for(2, clock_at) == questions_for(7, clock_at)


def questions_for(number: int, clock_at) -> int:
    for _number in range(number):
        with_bank_account(a_contract(accepted=True).worker)
    clock_at(last_pay_day())
    with CaptureQueriesContext(connection) as asked:
        assert actions.pay_due() == number
    return len(asked)
