"""Accepting from many hands at once: exactly one wins, money moves once. The planted twin shows that these races can be lost."""
import datetime
from functools import partial

from django.db import connection, transaction

from machi.accounts.powers import Power
from machi.activity.queries import history_of
from machi.contracts import actions as contracts
from machi.contracts.facts import DELIVERY_ACCEPTED
from machi.contracts.models import Contract, Milestone
from machi.notifications.models import Notice
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.people import a_client, a_contract, a_member, a_person, an_organisation, balance_of, client_of, held_for
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

DAY = datetime.timedelta(days=1)


def test_eight_acceptances_pay_once(race):
    for _round in ROUNDS:
        contract = a_contract(delivered=True)
        milestone, client = contract.milestones.get(), client_of(contract)

        answers = race(*[partial(contracts.accept_delivery, milestone=milestone, by=client)] * 8)
        assert outcomes(answers) == {WON: 1, REFUSED: 7}
        assert (balance_of(contract.worker), held_for(contract.pk)) == (8_580, 0)
        assert Earning.objects.filter(about=contract.reference).count() == 1


def test_four_approvers_of_one_organisation_accept_once(race):
    keeper = a_person()
    party = an_organisation(keeper)
    approvers = [keeper, *(a_member(party, Power.APPROVER) for _number in range(3))]
    for _round in ROUNDS:
        contract = a_contract(delivered=True, party=party, by=keeper)
        milestone = contract.milestones.get()

        answers = race(*[partial(contracts.accept_delivery, milestone=milestone, by=by) for by in approvers] * 2)
        assert outcomes(answers) == {WON: 1, REFUSED: 7}
        assert (balance_of(contract.worker), held_for(contract.pk)) == (8_580, 0)
        accepted = history_of(contract.reference).get(name=DELIVERY_ACCEPTED)
        won = next(at for at, answer in enumerate(answers) if not isinstance(answer, DomainError))
        assert accepted.actor == approvers[won % len(approvers)], "it is written down who did it"


def test_accepting_against_asking_for_changes(race):
    for _round in ROUNDS:
        contract = a_contract(delivered=True)
        milestone, client = contract.milestones.get(), client_of(contract)

        answers = race(*[partial(contracts.accept_delivery, milestone=milestone, by=client),
                         partial(contracts.ask_changes, milestone=milestone, by=client, points="一つ")] * 3)
        assert outcomes(answers) == {WON: 1, REFUSED: 5}
        milestone.refresh_from_db()
        assert (milestone.state, balance_of(contract.worker), held_for(contract.pk)) in [("accepted", 8_580, 0), ("funded", 0, 11_000)]


def test_the_client_the_worker_and_the_clock_at_once(race, clock_at):
    for _round in ROUNDS:
        contract = a_contract(delivered=True)
        milestone, client = contract.milestones.get(), client_of(contract)
        with clock.moved(to=milestone.accept_by):
            answers = race(
                partial(contracts.accept_delivery, milestone=milestone, by=client), *[contracts.accept_for_silent_clients] * 2,
                partial(contracts.ask_changes, milestone=milestone, by=client, points="遅い"),
                partial(contracts.deliver, milestone=milestone, by=contract.worker, text="もう一度", ai_note="なし"))

        accepted = sum(answer if isinstance(answer, int) else not isinstance(answer, DomainError) for answer in answers)
        assert outcomes(answers)[REFUSED] >= 2 and accepted == 1
        assert balance_of(contract.worker) == 8_580
        milestone.refresh_from_db()
        assert milestone.was_accepted_by_town is isinstance(answers[0], DomainError)


def naive_accept(milestone: Milestone, by) -> None:
    """An acceptance as it is often written: look at the state, then pay. No lock, and a purse of its own without a floor."""
    milestone = Milestone.objects.select_related("contract").get(pk=milestone.pk)
    if milestone.state != "delivered":
        raise DomainError("already accepted")
    with transaction.atomic(), connection.cursor() as cursor:
        Notice.objects.create(user=milestone.contract.worker, kind="payout.first", about=f"naive:{milestone.pk}",
                              created_at=clock.now(), words={"net_yen": 8_580})
        cursor.execute("SELECT pg_sleep(0.01)")                             # what a settlement has to do besides
        Milestone.objects.filter(pk=milestone.pk).update(state="accepted", accepted_at=clock.now(), accept_by=None)


def test_the_naive_acceptance_pays_twice(race, breaks_books):
    """The races above can fail: the same eight threads catch this one."""
    paid = []
    for _round in range(5):
        contract = a_contract(delivered=True)
        milestone, client = contract.milestones.get(), client_of(contract)
        race(*[partial(naive_accept, milestone, client)] * 8)
        paid.append(Notice.objects.filter(about=f"naive:{milestone.pk}").count())

    assert max(paid) > 1, "eight threads that never meet prove nothing"


def test_the_floor_of_the_ledger_stops_what_a_forgotten_lock_lets_through(race, breaks_books, monkeypatch):
    """The second line of defence: without any lock the money still moves once."""
    monkeypatch.setattr(type(Milestone.objects.all()), "locked", lambda self: self.order_by("pk"))
    monkeypatch.setattr(type(Contract.objects.all()), "locked", lambda self: self.order_by("pk"))
    for _round in range(4):
        contract = a_contract(delivered=True)
        milestone, client = contract.milestones.get(), client_of(contract)

        race(*[partial(contracts.accept_delivery, milestone=milestone, by=client)] * 6)
        assert (balance_of(contract.worker), held_for(contract.pk)) == (8_580, 0)
        assert Earning.objects.filter(about=contract.reference).count() == 1


def test_strangers_in_a_race_are_strangers_still(race):
    contract = a_contract(delivered=True)
    milestone = contract.milestones.get()
    strangers = [a_client(), a_person(), contract.worker]

    answers = race(*[partial(contracts.accept_delivery, milestone=milestone, by=by) for by in strangers] * 2)
    assert outcomes(answers) == {REFUSED: 6} and balance_of(contract.worker) == 0
