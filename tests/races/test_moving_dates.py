"""The due date from many hands at once: one answer counts, and the record is judged by the day that was agreed."""
from functools import partial

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, DateRequest, Milestone
from machi.contracts.queries import track_record
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.people import a_contract, client_of
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes
from tests.races.test_accepting import DAY


def asked():
    milestone = a_contract(funded=True).milestones.get()
    worker, client = milestone.contract.worker, client_of(milestone.contract)
    return milestone, worker, client, contracts.ask_for_date(milestone=milestone, by=worker, wished_on=milestone.due_on + 7 * DAY)


def test_agreeing_against_taking_back_against_no(race):
    for _round in ROUNDS:
        milestone, worker, client, wish = asked()

        answers = race(*[partial(contracts.agree_on_date, request=wish, by=client), partial(contracts.keep_date, request=wish, by=client),
                         partial(contracts.withdraw_date, request=wish, by=worker)] * 2)
        assert outcomes(answers) == {WON: 1, REFUSED: 5}
        wish.refresh_from_db()
        moved = Milestone.objects.get(pk=milestone.pk).due_on > milestone.due_on
        assert moved is (wish.state == "agreed") and (wish.version == 1) is moved


def test_delivering_against_agreeing_after_the_old_day(race):
    """Late by the old day, in time by the new one: whoever comes first decides, and nothing in between exists."""
    for _round in ROUNDS:
        milestone, worker, client, wish = asked()
        with clock.moved(to=clock.end_of(milestone.due_on + 2 * DAY)):
            answers = race(partial(contracts.deliver, milestone=milestone, by=worker, text="できました。", ai_note="なし"),
                           partial(contracts.agree_on_date, request=wish, by=client))
            assert not isinstance(answers[0], Exception)
            contracts.accept_delivery(milestone=milestone, by=client)

        wish.refresh_from_db()
        agreed = not isinstance(answers[1], DomainError)
        assert wish.state == ("agreed" if agreed else "lapsed")
        assert track_record(worker).on_time_count == agreed


def test_both_sides_ask_at_once_and_one_wish_waits(race):
    for _round in ROUNDS:
        milestone = a_contract(funded=True).milestones.get()
        people = milestone.contract.worker, client_of(milestone.contract)

        answers = race(*[partial(contracts.ask_for_date, milestone=milestone, by=by, wished_on=milestone.due_on + 5 * DAY)
                         for by in people] * 3)
        assert outcomes(answers) == {WON: 1, REFUSED: 5}
        assert DateRequest.objects.filter(milestone=milestone, state="asked").count() == 1


def test_two_agreements_in_a_row_from_eight_windows_are_two_additions(race):
    for _round in ROUNDS:
        milestone, worker, client, wish = asked()
        assert outcomes(race(*[partial(contracts.agree_on_date, request=wish, by=client)] * 4)) == {WON: 1, REFUSED: 3}
        again = contracts.ask_for_date(milestone=milestone, by=client, wished_on=wish.wished_on + DAY)

        assert outcomes(race(*[partial(contracts.agree_on_date, request=again, by=worker)] * 4)) == {WON: 1, REFUSED: 3}
        assert list(DateRequest.objects.filter(milestone=milestone).order_by("version").values_list("version", flat=True)) == [1, 2]


def test_without_the_locks_the_day_moves_though_the_wish_was_taken_back(race, breaks_books, monkeypatch):
    """These races can be lost: the twin without locks lets both happen."""
    for model in (Contract, Milestone, DateRequest):
        monkeypatch.setattr(type(model.objects.all()), "locked", lambda self: self.order_by("pk"))
    won = []
    for _round in range(12):
        _milestone, worker, client, wish = asked()
        answers = race(*[partial(contracts.agree_on_date, request=wish, by=client),
                         partial(contracts.withdraw_date, request=wish, by=worker)] * 3)
        won.append(sum(not isinstance(answer, Exception) for answer in answers))
    assert max(won) > 1
