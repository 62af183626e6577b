"""Money is stopped while it moves: what was under way is whole, nothing follows, and after the stop everything is done once."""
import time
from functools import partial

from django.db import connection

from machi.contracts.actions import accept_delivery
from machi.contracts.models import Milestone
from machi.ledger.models import Entry
from machi.payments import actions as payments
from machi.payments.models import Earning, MoneyStop
from tests.people import a_contract, client_of
from tests.races.outcomes import ROUNDS


def written() -> int:
    return Entry.objects.count()


def test_once_a_stop_has_returned_nothing_is_written_and_nothing_is_half(race):
    for _round in ROUNDS:
        contracts = [a_contract(delivered=True) for _number in range(7)]

        def accept(contract):
            try:
                accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
            except payments.MoneyStopped:
                return "stopped"
            return "accepted"

        def stop():
            time.sleep(0.01)
            payments.stop_money(why="確かめます。")
            return written()
        *answers, at_the_stop = race(*[partial(accept, contract) for contract in contracts], stop)

        assert written() == at_the_stop
        done = [contract for contract, answer in zip(contracts, answers, strict=True) if answer == "accepted"]
        assert set(answers) <= {"accepted", "stopped"}
        for contract in contracts:
            is_done = contract in done
            assert (contract.milestones.get().state == "accepted") == is_done
            assert Entry.objects.filter(key=f"settle:{contract.milestones.get().pk}").exists() == is_done
            assert Earning.objects.filter(about=contract.reference).exists() == is_done

        payments.lift_clean_stop(stop=MoneyStop.objects.standing().get())
        for contract in contracts:
            if contract not in done:
                accept(contract)
        assert not Milestone.objects.filter(state="delivered").exists()


def test_who_came_through_the_door_before_is_waited_for(race):
    contract, begun = a_contract(delivered=True), []
    post = payments.booking.ledger.post

    def slow(entry):
        begun.append(entry)
        connection.cursor().execute("SELECT pg_sleep(0.7)")
        return post(entry)

    def stop():
        while not begun:
            time.sleep(0.01)
        payments.stop_money(why="確かめます。")
        return written()
    before = written()
    payments.booking.ledger.post = slow
    try:
        _done, at_the_stop = race(partial(accept_delivery, milestone=contract.milestones.get(), by=client_of(contract)), stop)
    finally:
        payments.booking.ledger.post = post

    assert at_the_stop == written() == before + 1


def test_eight_who_stop_money_at_once_raise_one_stop(race):
    for _round in ROUNDS:
        stops = race(*[partial(payments.stop_money, rule="a rule", rows=[1])] * 8)

        assert len({stop.pk for stop in stops}) == 1
        payments.lift_clean_stop(stop=stops[0])
