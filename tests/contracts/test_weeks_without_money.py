"""A week begins and its money is not there: its worker hears that work on it is not covered, before they work for nothing."""
import datetime
from functools import partial

import pytest

from machi.contracts import actions as contracts
from machi.notifications.actions import choose_mail, send_waiting
from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import an_hourly_contract, client_of, hours_written, in_week

SECOND = datetime.timedelta(seconds=1)


def told(contract):
    return Notice.objects.filter(user=contract.worker, kind="week.not_covered")


def test_the_worker_hears_of_a_week_that_begins_without_its_money_once(db, clock_stands_at):
    contract = an_hourly_contract()
    begins = contract.timesheets.get(milestone__number=1).begins_at
    clock_stands_at(begins - SECOND)
    assert contracts.tell_of_weeks_without_money() == 0
    clock_stands_at(begins)
    assert [contracts.tell_of_weeks_without_money() for _turn in range(2)] == [1, 0]

    assert told(contract).count() == 1 and not Notice.objects.filter(user=client_of(contract), kind="week.not_covered").exists()
    clock_stands_at(begins + datetime.timedelta(days=7))
    contracts.void_unfunded()
    assert contracts.tell_of_weeks_without_money() == 1 and told(contract).count() == 2             # of the second week


@pytest.mark.parametrize(("is_funded", "day"), [(True, 0), (False, 7)])
def test_nobody_is_told_of_a_week_whose_money_is_there_nor_of_one_that_is_over(db, is_funded, day):
    contract = an_hourly_contract(funded=is_funded, weeks_count=1)
    with in_week(contract, day=day):
        assert contracts.tell_of_weeks_without_money() == 0 and not told(contract).exists()


def test_what_the_notice_says_is_so_no_hour_is_written_until_the_money_is_there(db):
    contract = an_hourly_contract()
    sheet = contract.timesheets.get(milestone__number=1)
    with in_week(contract, day=1):
        contracts.tell_of_weeks_without_money()
        with pytest.raises(NotAllowed):
            contracts.start_clock(timesheet=sheet, by=contract.worker)
        contracts.fund(contract=contract, by=client_of(contract))
        assert Notice.objects.filter(user=contract.worker, kind="week.escrowed").exists()

    assert hours_written(sheet, 1, day=2).minutes == 60


def test_after_the_last_day_of_a_contract_that_ends_nothing_begins(db):
    contract = an_hourly_contract(funded=True, weeks_count=26)
    last_on = contract.timesheets.get(milestone__number=8).ends_on
    contracts.give_notice(contract=contract, by=client_of(contract), last_on=last_on)
    with in_week(contract, 9):
        assert contracts.tell_of_weeks_without_money() == 0


def test_whoever_has_switched_it_off_gets_no_mail(db, mailoutbox):
    loud, quiet = an_hourly_contract(), an_hourly_contract()
    choose_mail(by=quiet.worker, kinds_wanted=set(KINDS) - {"week.not_covered"})
    with in_week(loud, hour=9):
        assert contracts.tell_of_weeks_without_money() == 2
        send_waiting()

    assert [mail.to for mail in mailoutbox if "仮払いを待っています" in mail.subject] == [[loud.worker.email]]


def test_two_rounds_of_the_clock_at_once_tell_it_once_and_whoever_pays_meanwhile_is_not_overtaken(race):
    contract = an_hourly_contract()
    with in_week(contract):
        race(*[contracts.tell_of_weeks_without_money] * 4, partial(contracts.fund, contract=contract, by=client_of(contract)))

    assert told(contract).count() <= 1 and contract.milestones.get(number=1).state == "funded"
    with in_week(contract), clock.moved(by=SECOND):
        assert contracts.tell_of_weeks_without_money() == 0
