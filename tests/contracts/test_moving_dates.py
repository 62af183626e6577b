"""Another due date by agreement: nobody is asked why, the other side answers, and the record shows no trace of it (F70)."""
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.contracts import actions, policies
from machi.contracts.models import Contract, DateRequest, EndNotice, Milestone, Offer
from machi.contracts.queries import current, dates_of, steps_of, track_record
from machi.contracts.terms import fingerprint
from machi.payments.models import Earning
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.conftest import broken_rules
from tests.people import a_contract, a_contract_in_steps, a_person, client_of

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


def a_milestone(**how) -> Milestone:
    return a_contract(**{"funded": True} | how).milestones.get()


def sides(milestone: Milestone):
    return milestone.contract.worker, client_of(milestone.contract)


def ask(milestone: Milestone, by=None, days: int = 7, **named) -> DateRequest:
    return actions.ask_for_date(milestone=milestone, by=by or milestone.contract.worker, wished_on=milestone.due_on + days * DAY, **named)


def finish(milestone: Milestone) -> None:
    actions.deliver(milestone=milestone, by=milestone.contract.worker, text="できました。", ai_note="なし")
    actions.accept_delivery(milestone=milestone, by=client_of(milestone.contract))


def notices(person) -> list[str]:
    return list(person.notices.filter(kind__startswith="contract.date_").order_by("pk").values_list("kind", flat=True))


# ---- agreeing --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("asker", [0, 1])
@pytest.mark.parametrize("funded", [True, False])
def test_either_side_asks_and_the_other_agrees_and_both_days_move_at_once(asker, funded):
    milestone = a_milestone(funded=funded)
    asking, answering = sides(milestone)[asker], sides(milestone)[1 - asker]
    wish = ask(milestone, asking)
    milestone.refresh_from_db()
    assert milestone.due_on == wish.wished_on - 7 * DAY, "until the other side agrees, nothing moves"

    actions.agree_on_date(request=wish, by=answering)

    moved = current(steps_of(Contract.objects.get(pk=milestone.contract_id)))
    assert (moved.due_on, moved.pay_on) == (wish.wished_on, pay_day(wish.wished_on, acceptance_days=7))
    assert notices(asking) == ["contract.date_agreed"] and notices(answering) == ["contract.date_asked", "contract.date_agreed"]
    told = [person.notices.get(kind="contract.date_agreed").words for person in (asking, answering)]
    assert told[0] == told[1] and told[0]["date_on"] == wish.wished_on.isoformat() and told[0]["pay_on"] == moved.pay_on.isoformat()


def test_later_steps_move_alike_and_nobody_is_late_by_what_was_agreed(clock_at):
    contract = a_contract_in_steps(funded=True)
    first, second, third = contract.milestones.order_by("number")
    actions.agree_on_date(request=ask(first, days=20), by=client_of(contract))

    days = list(contract.milestones.order_by("number").values_list("due_on", "pay_on"))
    assert days == [(step.due_on + 20 * DAY, pay_day(step.due_on + 20 * DAY, acceptance_days=7)) for step in (first, second, third)]
    assert [len(dates_of(step).agreed) for step in steps_of(contract)] == [1, 1, 1] and broken_rules() == {}
    for number, step in enumerate((first, second, third), 1):
        clock_at(clock.end_of(step.due_on + 20 * DAY))
        if number > 1:
            actions.fund(contract=contract, by=client_of(contract), number=number)
        finish(contract.milestones.get(number=number))
    assert track_record(contract.worker).on_time_count == 1 and broken_rules() == {}


def test_of_a_contract_that_ends_no_step_moves_beyond_its_last_day():
    contract = a_contract_in_steps(funded=True)
    first, second, third = contract.milestones.order_by("number")
    EndNotice.objects.create(contract=contract, given_by=client_of(contract), given_at=clock.now(), last_on=second.due_on + DAY)
    actions.agree_on_date(request=ask(first, days=20), by=client_of(contract))

    assert [step.due_on for step in contract.milestones.order_by("number")] == [
        first.due_on + 20 * DAY, second.due_on + DAY, third.due_on + 20 * DAY]


def test_the_story_of_an_agreed_date_ends_with_an_intact_record(clock_at):
    """F70: asked for, agreed, delivered on the new day: on time, like a contract whose date never moved."""
    moved, untouched = a_milestone(), a_milestone()
    actions.agree_on_date(request=ask(moved), by=client_of(moved.contract))
    clock_at(clock.end_of(untouched.due_on))
    finish(untouched)
    clock_at(clock.end_of(untouched.due_on + 7 * DAY))
    finish(moved)

    with_change, without = (track_record(milestone.contract.worker) for milestone in (moved, untouched))
    assert with_change == without and with_change.on_time_count == with_change.completed_count == 1
    moved.refresh_from_db()
    assert moved.was_on_time is True and Earning.objects.get(about=moved.contract.reference).pay_on == moved.pay_on


def test_without_the_agreement_the_same_delivery_would_be_late(clock_at):
    milestone = a_milestone()
    actions.keep_date(request=ask(milestone), by=client_of(milestone.contract))
    clock_at(clock.end_of(milestone.due_on) + SECOND)

    finish(milestone)
    assert track_record(milestone.contract.worker).on_time_count == 0


def test_the_terms_stay_to_the_letter_and_each_addition_carries_the_fingerprint_before_it():
    milestone = a_milestone()
    worker, client = sides(milestone)
    before = Offer.objects.get()
    first = ask(milestone, words="よろしくお願いします")
    actions.agree_on_date(request=first, by=client)
    milestone.refresh_from_db()
    second = ask(milestone, client, days=3)
    actions.agree_on_date(request=second, by=worker)

    offer = Offer.objects.get()
    assert (offer.terms, offer.terms_hash) == (before.terms, before.terms_hash) and fingerprint(offer.terms) == offer.terms_hash
    agreed = dates_of(current(steps_of(milestone.contract))).agreed
    assert [paper.version for paper in agreed] == [1, 2]
    assert [paper.addition["after"] for paper in agreed] == [offer.terms_hash, agreed[0].addition_hash]
    assert all(fingerprint(paper.addition) == paper.addition_hash for paper in agreed)
    assert "よろしく" not in str(agreed[0].addition), "words are words between two people, not a part of the contract"
    assert [paper.addition["due_on_before"] for paper in agreed] == [offer.terms["due_on"], agreed[0].addition["due_on"]]


def test_there_is_no_place_for_a_reason():
    assert not [field.name for field in DateRequest._meta.fields if "reason" in field.name]


# ---- the other answers -----------------------------------------------------------------------------------------------

def test_no_leaves_everything_as_it_is_and_the_asker_hears_it():
    milestone = a_milestone()
    worker, client = sides(milestone)

    actions.keep_date(request=ask(milestone), by=client)

    assert Milestone.objects.get().due_on == milestone.due_on and notices(worker) == ["contract.date_kept"]
    ask(milestone)                                  # and they may ask again


def test_another_day_in_answer_is_a_wish_of_the_other_side():
    milestone = a_milestone()
    worker, client = sides(milestone)
    first = ask(milestone, days=14)

    second = ask(milestone, client, days=9, answers=first.pk)

    first.refresh_from_db()
    assert (first.state, second.state, second.side) == ("answered", "asked", "client")
    with pytest.raises(NotAllowed):
        actions.agree_on_date(request=first, by=client)
    actions.agree_on_date(request=second, by=worker)
    assert Milestone.objects.get().due_on == milestone.due_on + 9 * DAY


def test_a_wish_is_taken_back_by_whoever_asked_and_by_nobody_else():
    milestone = a_milestone()
    worker, client = sides(milestone)
    wish = ask(milestone)

    with pytest.raises(NotAllowed):
        actions.withdraw_date(request=wish, by=client)
    actions.withdraw_date(request=wish, by=worker)
    for answer in (actions.agree_on_date, actions.keep_date):
        with pytest.raises(NotAllowed):
            answer(request=wish, by=client)
    assert notices(client) == ["contract.date_asked", "contract.date_withdrawn"]


def test_nobody_answers_their_own_wish_and_strangers_answer_none():
    milestone = a_milestone()
    wish = ask(milestone)

    for person in (milestone.contract.worker, a_person()):
        for answer in (actions.agree_on_date, actions.keep_date):
            with pytest.raises(NotAllowed):
                answer(request=wish, by=person)
    with pytest.raises(NotAllowed):
        ask(milestone, a_person())


# ---- days that cannot be asked for -----------------------------------------------------------------------------------

@pytest.mark.parametrize("days", [0, -1, -400, 366])
def test_only_a_later_day_within_a_year_is_asked_for(days):
    milestone = a_milestone()

    with pytest.raises(DomainError):
        ask(milestone, days=days)
    assert not DateRequest.objects.exists()


def test_one_wish_at_a_time():
    milestone = a_milestone()
    worker, client = sides(milestone)
    wish = ask(milestone)

    for by, answers in ((worker, None), (worker, wish.pk), (client, None), (client, wish.pk + 1)):
        with pytest.raises(DomainError):
            ask(milestone, by, days=9, answers=answers)
    with pytest.raises(DomainError):
        ask(milestone, client, answers=wish.pk)     # the very same day: that is agreeing
    assert DateRequest.objects.count() == 1


@pytest.mark.parametrize(("late", "may"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)])
def test_a_week_after_the_due_date_one_may_still_ask_and_then_no_more(clock_stands_at, late, may):
    milestone = a_milestone()
    clock_stands_at(clock.end_of(milestone.due_on + 7 * DAY) + late)

    assert policies.can_ask_for_date(milestone.contract.worker, milestone) is may
    if may:
        actions.agree_on_date(request=ask(milestone, days=8), by=client_of(milestone.contract))
        finish(milestone)
        assert track_record(milestone.contract.worker).on_time_count == 1
    else:
        with pytest.raises(NotAllowed):
            ask(milestone, days=30)


@pytest.mark.parametrize("how", [{"delivered": True}, {"accepted": True}])
def test_after_the_first_delivery_the_day_stays(how):
    milestone = a_milestone(**how)
    with pytest.raises(NotAllowed):
        ask(milestone)

    if "delivered" in how:
        actions.ask_changes(milestone=milestone, by=client_of(milestone.contract), points="一つ")
        with pytest.raises(NotAllowed):
            ask(milestone)


def test_handing_over_ends_an_open_wish():
    milestone = a_milestone()
    wish = ask(milestone)
    actions.deliver(milestone=milestone, by=milestone.contract.worker, text="できました。", ai_note="なし")

    wish.refresh_from_db()
    assert wish.state == "lapsed"
    with pytest.raises(NotAllowed):
        actions.agree_on_date(request=wish, by=client_of(milestone.contract))


def test_a_contract_that_was_never_funded_ends_with_its_wish(clock_at):
    milestone = a_milestone(funded=False)
    wish = ask(milestone)
    clock_at(clock.now() + 8 * DAY)

    assert actions.void_unfunded() == 1
    wish.refresh_from_db()
    assert wish.state == "lapsed"


def test_a_wish_whose_day_passed_unanswered_ends_and_is_told(clock_stands_at):
    milestone = a_milestone()
    wish = ask(milestone, days=1)
    clock_stands_at(clock.end_of(wish.wished_on))
    assert actions.lapse_dates() == 0
    assert policies.can_answer_date(client_of(milestone.contract), wish, milestone)
    clock_stands_at(clock.end_of(wish.wished_on) + SECOND)

    with pytest.raises(NotAllowed):
        actions.agree_on_date(request=wish, by=client_of(milestone.contract))
    assert (actions.lapse_dates(), actions.lapse_dates()) == (1, 0)
    assert notices(milestone.contract.worker) == ["contract.date_lapsed"]


# ---- the arithmetic --------------------------------------------------------------------------------------------------

DAYS = some.integers(min_value=-25, max_value=60)


@given(moves=some.lists(some.integers(1, 40), max_size=4), delivered=DAYS, second=some.integers(0, 23 * 3600))
def test_on_time_is_the_first_delivery_against_the_newest_agreed_day_and_nothing_else(moves, delivered, second):
    """Whatever was agreed on the way: on time exactly when the Japanese day of the first delivery is not after the last agreed day."""
    agreed_on = datetime.date(2026, 12, 15)
    milestone = Milestone(due_on=agreed_on, first_delivered_at=None)
    assert milestone.was_on_time is None
    for days in moves:
        milestone.due_on = agreed_on = agreed_on + days * DAY
    day = agreed_on + delivered * DAY
    milestone.first_delivered_at = (datetime.datetime.combine(day, datetime.time(), clock.JAPAN)
                                    + datetime.timedelta(seconds=second)).astimezone(datetime.UTC)

    assert milestone.was_on_time is (delivered <= 0)


@given(due=some.dates(datetime.date(2026, 1, 1), datetime.date(2030, 12, 31)), later=some.integers(1, 365), acceptance=some.integers(3, 14))
def test_the_printed_day_of_a_moved_date_is_that_of_a_contract_made_with_it_and_never_past_day_sixty(due, later, acceptance):
    moved = pay_day(due + later * DAY, acceptance_days=acceptance)

    assert moved >= pay_day(due, acceptance_days=acceptance)
    assert due + later * DAY < moved <= due + (later + 59) * DAY
