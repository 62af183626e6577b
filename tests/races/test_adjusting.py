"""A correction that several sign and refuse at the same moment, and several that want the same yen."""
from functools import partial

from machi.payments import actions
from machi.payments.models import Adjustment
from tests.conftest import broken_rules
from tests.payments.test_adjusting import asked
from tests.people import a_contract, a_person, a_staff_member, balance_of
from tests.races.outcomes import ROUNDS, WON, outcomes


def test_eight_of_the_desk_sign_and_refuse_at_once_and_one_counts(race):
    a_contract(accepted=True)
    for _round in ROUNDS:
        worker, desk = a_person(), [a_staff_member("finance") for _each in range(4)]
        one = asked(amount=10, worker=worker)
        answers = race(*[partial(actions.sign_adjustment, adjustment=one, by=by) for by in desk],
                       *[partial(actions.refuse_adjustment, adjustment=one, by=by, words="いいえ。") for by in desk])
        assert outcomes(answers)[WON] == 1
        assert balance_of(worker) == (10 if Adjustment.objects.get(pk=one.pk).state == "signed" else 0)
    assert broken_rules() == {}


def test_two_corrections_do_not_spend_the_same_yen(race):
    """The town has 2,420 yen of its own: of eight corrections of 600 yen four are signed."""
    a_contract(accepted=True)
    ones = [asked(amount=600, worker=a_person()) for _each in range(8)]
    desk = a_staff_member("finance")
    answers = race(*[partial(actions.sign_adjustment, adjustment=one, by=desk) for one in ones])

    assert outcomes(answers)[WON] == 4 and broken_rules() == {}
