"""Payday in many processes, and everything that is said: each payout once, each mail once."""
import datetime
from functools import partial

from django.core import mail

from machi.messaging.actions import send_message
from machi.messaging.models import Message, Thread
from machi.notifications.actions import send_waiting
from machi.notifications.models import Notice
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, Payout, Refund
from machi.payments.queries import withheld_for
from machi.reviews.actions import say_thanks, write_review
from machi.reviews.models import Review, Thanks
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_contract, a_person, balance_of, client_of, with_bank_account
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

DAY = datetime.timedelta(days=1)


def test_payday_in_four_processes_pays_everybody_once(race):
    for _round in ROUNDS:
        worker = with_bank_account(a_person())
        contract = [a_contract(accepted=True, worker=worker) for _number in range(2)][0]
        with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
            answers = race(*[payments.pay_due] * 4, *[payments.send_payouts] * 2)
            outcomes(answers)
            race(*[payments.send_payouts] * 4)

        assert [payout.amount_yen for payout in Payout.objects.filter(worker=worker)] == [17_160]
        assert balance_of(worker) == 0 and FakeBank().sent_yen() == sum(Payout.objects.values_list("amount_yen", flat=True))


def test_eight_presses_and_a_payday_for_one_balance_are_one_payout(race):
    for _round in ROUNDS:
        contract = a_contract(accepted=True)
        worker = with_bank_account(contract.worker)
        with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
            answers = race(*[partial(payments.ask_early, by=worker, amount=Yen(8_580))] * 8, payments.pay_due)
            said = outcomes(answers[:-1])

        assert said[WON] + answers[-1] == 1 and said[WON] + said[REFUSED] == 8
        assert Payout.objects.get(worker=worker).amount_yen == 8_580 and balance_of(worker) == 0


def test_withheld_tax_of_a_month_goes_back_once_however_many_ask(race):
    for _round in ROUNDS:
        worker = with_bank_account(a_person())
        contract = a_contract(accepted=True, worker=worker, is_withholding_agent=True)
        with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
            payments.pay_due()
            payments.send_payouts()
        with clock.moved(to=clock.end_of(contract.milestones.get().pay_on) + 40 * DAY):
            answers = race(*[payments.give_back_withheld] * 8)

        assert outcomes(answers)[REFUSED] == 0 and sum(answers) == 1
        assert [refund.amount_yen for refund in Refund.objects.filter(party=contract.client)] == [1_021]
        assert withheld_for(contract.client) == 0


def test_the_statement_read_by_four_at_once_ends_each_payout_once(race):
    for _round in ROUNDS:
        workers = [with_bank_account(a_contract(accepted=True).worker) for _number in range(3)]
        with clock.moved(to=clock.end_of(Earning.objects.order_by("-pk").first().pay_on)):
            payments.pay_due()
            for payout in Payout.objects.filter(state="requested"):
                Payout.objects.filter(pk=payout.pk).update(state="sending")
                FakeBank().transfer(key=payout.bank_key, amount_yen=payout.amount_yen, account=payout.bank_account, holder="マチダ")
            answers = race(*[payments.read_statement] * 4)

        assert outcomes(answers)[REFUSED] == 0 and sum(answers) == 3
        assert Payout.objects.filter(worker__in=workers, state="paid").count() == 3
        assert Notice.objects.filter(user__in=workers, kind="payout.first").count() == 3


def test_a_new_account_against_payday(race):
    for _round in ROUNDS:
        contract = a_contract(accepted=True)
        worker = with_bank_account(contract.worker)
        with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
            answers = race(payments.pay_due, partial(with_bank_account, worker, "7654321"), payments.pay_due)
            outcomes(answers)
            payments.pay_due()

        assert Payout.objects.filter(worker=worker).count() == 1


def test_every_mail_leaves_once_though_four_processes_send(race, monkeypatch):
    for _round in ROUNDS:
        Notice.objects.all().delete()
        mail.outbox.clear()
        a_contract(funded=True)
        waiting = Notice.objects.filter(mailed_at=None, mail_from__isnull=False).count()

        answers = race(*[send_waiting] * 4)
        assert waiting > 3 and sum(answers) == waiting == len(mail.outbox)
        assert send_waiting() == 0


def test_one_letter_two_reviews_one_thanks(race):
    for _round in ROUNDS:
        contract = a_contract(accepted=True)
        worker, client, thread = contract.worker, client_of(contract), Thread.objects.get(about=contract.reference)

        answers = race(
            *[partial(send_message, thread=thread, by=worker, body="納品しました。", key="k", title="x")] * 2,
            *[partial(write_review, contract=contract, by=by, again="yes") for by in (worker, client)] * 2,
            *[partial(say_thanks, contract=contract, by=client, text="助かりました。")] * 2)
        assert outcomes(answers) == {WON: 5, REFUSED: 3}
        assert Message.objects.filter(thread=thread).count() == Thanks.objects.filter(contract=contract).count() == 1
        assert len({review.opened_at for review in Review.objects.filter(contract=contract)} - {None}) == 1
        assert Notice.objects.filter(kind="review.opened", about=contract.reference).count() == 2
