"""A ruling, both signatures, two answers to a proposal, a difference that is taken back, and the clock, at once: a step ends once."""
import datetime
from functools import partial

from django.db import transaction

from machi.contracts import actions as contracts
from machi.contracts.models import Dispute, Ruling
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_staff_member, balance_of, client_of, held_for
from tests.races.outcomes import ROUNDS, WON, outcomes
from tests.states.dispute_moves import a_difference

SECOND = datetime.timedelta(seconds=1)


def test_a_ruling_against_both_signatures_and_taking_it_back_one_of_them_counts(race):
    """Eight at once: three of the finance desk, two who hand it back, whoever opened it, and the other side who signs what was asked."""
    for _round in ROUNDS:
        dispute = a_difference("drafted")
        contract, ruling = dispute.milestone.contract, dispute.rulings.get()
        order = contracts.ask_for_part(milestone=dispute.milestone, by=contract.worker, price=Yen(7_000))
        desk = [a_staff_member("finance") for _each in range(5)]

        answers = race(*[partial(contracts.sign_ruling, ruling=ruling, by=by) for by in desk[:3]],
                       *[partial(contracts.hand_back_ruling, ruling=ruling, by=by, words="もう一度。") for by in desk[3:]],
                       partial(contracts.withdraw_dispute, dispute=dispute, by=contract.worker),
                       *[partial(contracts.agree_to_change, order=order, by=client_of(contract))] * 2)

        was_handed_back = any(not isinstance(one, Exception) for one in answers[3:5])
        ended = sum(not isinstance(one, Exception) for one in [*answers[:3], *answers[5:]])
        assert outcomes(answers)[WON] == ended + was_handed_back and ended == 1
        dispute.refresh_from_db()
        dispute.milestone.refresh_from_db()
        ends = {"ruled": (3_432, 0), "back": (0, 11_000), "signed": (6_006, 0)}
        how = "ruled" if Ruling.objects.filter(pk=ruling.pk, is_signed=True).exists() else "back" if dispute.milestone.state == "funded" \
            else "signed"
        assert dispute.state == "closed" and (balance_of(contract.worker), held_for(contract.pk)) == ends[how]
        assert Earning.objects.filter(about=contract.reference).count() == (how != "back")
    assert broken_rules() == {}


def test_both_agree_while_one_says_no_the_clock_runs_out_and_it_is_taken_back(race):
    for _round in ROUNDS:
        dispute = a_difference("proposed")
        contract = dispute.milestone.contract
        worker, client = contract.worker, client_of(contract)
        with clock.moved(to=dispute.decide_by - SECOND / 2):
            race(*[partial(contracts.agree_to_split, dispute=dispute, by=by) for by in (worker, client)] * 2,
                 partial(contracts.refuse_split, dispute=dispute, by=client), partial(contracts.refuse_split, dispute=dispute, by=worker),
                 partial(contracts.withdraw_dispute, dispute=dispute, by=worker), contracts.end_mediation)

        dispute.refresh_from_db()
        dispute.milestone.refresh_from_db()
        ends = {"settled": ("closed", 3_432, 0), "funded": ("closed", 0, 11_000), "disputed": (dispute.state, 0, 11_000)}
        assert ends[dispute.milestone.state] == (dispute.state, balance_of(worker), held_for(contract.pk))
        assert dispute.state in ("closed", "escalated")
    assert broken_rules() == {}


def test_two_moderators_take_up_one_difference_and_two_write(race):
    for _round in ROUNDS:
        dispute, moderators = a_difference("heard"), [a_staff_member("moderator") for _each in range(4)]
        race(*[partial(contracts.take_up_dispute, dispute=dispute, by=one) for one in moderators] * 2)
        dispute.refresh_from_db()
        answers = race(*[partial(contracts.propose_split, dispute=dispute, by=one, price=Yen(1_000), words="案です。")
                         for one in moderators] * 2)
        assert outcomes(answers)[WON] == 1 and dispute.proposal.made_by_id == dispute.mediator_id


def test_the_silent_side_answers_while_silence_settles_and_then_nobody_rules_what_is_over(race):
    for _round in ROUNDS:
        dispute = a_difference("open")
        contract = dispute.milestone.contract
        Dispute.objects.filter(pk=dispute.pk).update(reminders_count=3)
        moderator = a_staff_member("moderator")
        with clock.moved(to=dispute.answer_by + SECOND):
            race(partial(contracts.answer_dispute, dispute=dispute, by=client_of(contract), answer="いいえ。"),
                 *[contracts.settle_for_silent] * 3, *[partial(contracts.take_up_dispute, dispute=dispute, by=moderator)] * 4)
        dispute.refresh_from_db()
        assert dispute.state in ("heard", "mediation", "closed")
    assert broken_rules() == {}


def test_the_twin_without_locks_signs_twice(race):
    """Planted: whoever looks first and writes later without holding the difference lets two people sign one ruling."""
    def naive(ruling: Ruling, by) -> str:
        with transaction.atomic():
            if Ruling.objects.get(pk=ruling.pk).is_signed is not None:
                raise DomainError("too late")
            Ruling.objects.filter(pk=ruling.pk).update(is_signed=True, answered_by=by, answered_at=clock.now())
            return "signed it"

    lost = 0
    for _round in ROUNDS:
        ruling, desk = a_difference("drafted").rulings.get(), [a_staff_member("finance") for _each in range(6)]
        lost += race(*[partial(naive, ruling, by) for by in desk]).count("signed it") > 1
        Ruling.objects.filter(pk=ruling.pk).update(is_signed=None, answered_by=None, answered_at=None)
    assert lost > 0
