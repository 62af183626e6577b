"""Two people of the finance desk at one payday: one batch, one file, and no person twice."""
from functools import partial

import pytest

from machi.payments import actions
from machi.payments.models import Payout, PayoutBatch
from machi.payments.queries import told, waiting_batches, waiting_payouts
from machi.shared import clock
from tests.conftest import broken_rules
from tests.payments.batches import in_a_town_with_files, proposed, set_aside_on, somebody_earned
from tests.people import a_staff_member
from tests.races.outcomes import ROUNDS, WON, outcomes


@pytest.fixture
def two(race):
    with in_a_town_with_files():
        yield [a_staff_member("finance") for _each in range(2)]


def a_payday(reward_yen: int = 10_000):
    earned = [somebody_earned(reward_yen=reward_yen) for _each in range(3)]
    return clock.moved(to=set_aside_on(earned[0].pay_on))


def test_money_that_is_set_aside_and_put_together_by_many_is_in_one_batch(race, two):
    for _round in ROUNDS:
        with a_payday():
            race(*[actions.pay_due] * 4)
            (day,) = waiting_batches(waiting_payouts(), told().rules)
            said = {"value_on": day.value_on, "count": day.count, "total_yen": day.total_yen}
            answers = race(*[partial(actions.propose_batch, by=person, **said) for person in two * 3], actions.pay_due)
            assert outcomes(answers[:-1])[WON] == 1
            batch = PayoutBatch.objects.get(state="proposed")
            assert batch.count == 3 == Payout.objects.filter(batch=batch).values("worker").distinct().count() and broken_rules() == {}
            actions.withdraw_batch(batch=batch, by=two[0])
            actions.approve_batch(batch=proposed(two[0]), by=two[0])
            PayoutBatch.objects.filter(state="approved").order_by("-pk").first()


def test_agreeing_taking_back_and_the_file_at_one_moment_end_in_one_story(race, two):
    for _round in ROUNDS:
        with a_payday(400_000):
            actions.pay_due()
            batch = proposed(two[0])
            said = {"batch": batch}
            answers = race(*[partial(actions.approve_batch, by=person, **said) for person in two * 2],
                           partial(actions.withdraw_batch, by=two[0], **said), partial(actions.withdraw_batch, by=two[1], **said),
                           partial(actions.take_file, by=two[1], **said))
            outcomes(answers)
            batch.refresh_from_db()
            payouts = list(Payout.objects.filter(batch=batch))
            if batch.state == "withdrawn":
                assert payouts == []
            elif batch.state == "approved":
                assert batch.approved_by == two[1] and {payout.state for payout in payouts} == {"requested"}
            else:
                assert {payout.state for payout in payouts} == {"sending"}
            assert broken_rules() == {}
            for left in PayoutBatch.objects.filter(state__in=("proposed", "approved")):
                actions.withdraw_batch(batch=left, by=two[0])
            if waiting_payouts().exists():
                actions.take_file(batch=actions.approve_batch(batch=proposed(two[0]), by=two[1]), by=two[0])


def test_the_file_taken_by_many_at_once_is_one_file(race, two):
    for _round in ROUNDS:
        with a_payday():
            actions.pay_due()
            batch = actions.approve_batch(batch=proposed(two[0]), by=two[0])
            answers = race(*[partial(actions.take_file, batch=batch, by=person) for person in two * 3])
            assert len(set(answers)) == 1 and isinstance(answers[0], bytes) and broken_rules() == {}
