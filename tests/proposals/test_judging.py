"""Judging a contest: several winners, nobody who judges, and every yen of the pot."""
import datetime

import pytest
from django.utils.translation import gettext as _
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.accounts.powers import Power
from machi.jobs.actions import close_overdue, edit_job
from machi.jobs.contests import Contest, judged_by, money_of, pot_of
from machi.jobs.models import Job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import lift_clean_stop, stop_money
from machi.payments.models import Earning, Refund
from machi.proposals import actions
from machi.proposals.entries import Entry
from machi.proposals.judging import equal_share
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.people import (
    a_client,
    a_contest,
    a_job,
    a_member,
    a_person,
    an_entry,
    an_organisation,
    balance_of,
    client_of,
    closed_contest,
)
from tests.proposals.test_contests import pot, state_of

DAY, HOUR, SECOND = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(seconds=1)


# ---- judging -------------------------------------------------------------------------------------------------------

def test_two_winners_are_paid_and_nobody_else(town):
    job = a_contest()
    first, second, third = an_entry(job), an_entry(job), an_entry(job)

    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={1: second.number, 2: first.number})
    assert [state_of(entry) for entry in (first, second, third)] == ["awarded", "awarded", "not_chosen"]
    assert (balance_of(second.worker), balance_of(first.worker), balance_of(third.worker), pot(job)) == (25_740, 8_580, 0, 0)
    assert set(Earning.objects.values_list("reference", "about")) == {
        (first.reference, job.reference), (second.reference, job.reference)}
    assert third.worker.notices.filter(kind="entry.not_chosen").count() == 1


def test_after_money_stood_still_a_client_has_a_day_to_judge(town):
    job = a_contest()
    entry = an_entry(job)
    with closed_contest(job), clock.moved(to=judged_by(job.closes_on) - DAY):
        stop = stop_money(why="確かめます。")
        with clock.moved(by=2 * DAY):
            lift_clean_stop(stop=stop)
            with clock.moved(by=23 * HOUR):
                actions.award(job=job, by=client_of(job), winners={1: entry.number})
    assert state_of(entry) == "awarded"


def test_a_prize_that_is_not_awarded_goes_back(town):
    job = a_contest()
    entry = an_entry(job)

    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={2: entry.number})
    assert (balance_of(entry.worker), Refund.objects.get().amount_yen, pot(job)) == (8_580, 33_000, 0)


@pytest.mark.parametrize("winners", [{}, {1: 1, 2: 1}, {3: 1}, {1: 9}, {0: 1}])
def test_a_choice_that_cannot_be_is_refused(town, winners):
    job = a_contest()
    an_entry(job)

    with closed_contest(job), pytest.raises(DomainError):
        actions.award(job=job, by=client_of(job), winners=winners)
    assert pot(job) == 44_000


@pytest.mark.parametrize(("prizes", "withheld"), [((50_000,), 0), ((50_001,), 5_105), ((30_000, 30_000), 6_126), ((10_000, 10_000), 0)])
def test_of_a_small_prize_nothing_is_withheld_counted_by_what_one_person_gets_at_once(town, prizes, withheld):
    job, maker = a_contest(a_client(is_withholding_agent=True), prizes=prizes), a_person()
    entries = [an_entry(job, maker) for _prize in prizes]

    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={at + 1: entry.number for at, entry in enumerate(entries)})
    assert balance(Kind.WITHHELD.of(job.client_id)) == withheld


def test_nobody_chooses_and_the_town_splits(town):
    job = a_contest()
    entries = [an_entry(job) for _number in range(3)]

    with clock.moved(to=judged_by(job.closes_on) + SECOND):
        close_overdue()
        assert actions.settle_contests() == 1
        assert actions.settle_contests() == 0
    assert {state_of(entry) for entry in entries} == {"shared"}
    assert [balance_of(entry.worker) for entry in entries] == [11_440] * 3           # 13,333 with tax 14,666, fee 2,933 and its tax 293
    assert Refund.objects.get().amount_yen == 44_000 - 3 * 14_666
    assert Job.objects.get().state == "ended"


def test_the_client_may_choose_until_the_last_second_and_then_the_town_does(town, clock_stands_at):
    until = {}
    for late in (-SECOND, 0 * SECOND, SECOND):
        job = a_contest()
        entry = an_entry(job)
        with closed_contest(job):
            pass
        until[late] = (job, entry, judged_by(job.closes_on))
    for late, (job, entry, moment) in until.items():
        clock_stands_at(moment + late)
        if late > 0 * SECOND:
            with pytest.raises(NotAllowed):
                actions.award(job=job, by=client_of(job), winners={1: entry.number})
            actions.settle_contests()
            assert state_of(entry) == "shared"
        else:
            actions.settle_contests()
            actions.award(job=job, by=client_of(job), winners={1: entry.number})


def test_a_client_is_reminded_when_it_closes_at_half_time_and_on_the_last_day_once_each(town):
    job = a_contest()
    an_entry(job)

    with closed_contest(job):
        for days in (0, 1, 7, 8, 13, 13):
            with clock.moved(by=days * DAY):
                actions.remind_of_judging()
    assert client_of(job).notices.filter(kind="contest.judge").count() == 3


def test_however_many_contests_wait_for_their_choice_it_is_asked_once_who_was_reminded(town, django_assert_num_queries):
    jobs = [a_contest() for _number in range(3)]
    for job in jobs:
        an_entry(job)
    with closed_contest(jobs[0]):
        assert actions.remind_of_judging() == 3
        with django_assert_num_queries(2):
            assert actions.remind_of_judging() == 0


def test_what_was_not_chosen_is_gone_from_the_client_after_thirty_days(town):
    job = a_contest()
    won, other = an_entry(job), an_entry(job)
    client = client_of(job)
    with closed_contest(job):
        actions.award(job=job, by=client, winners={1: won.number})
        assert Entry.objects.for_client(client).count() == 2
        with clock.moved(by=31 * DAY):
            assert Entry.objects.for_client(client).get() == won
            assert Entry.objects.visible_to(other.worker).get() == other


def test_a_contest_is_no_post_to_apply_to_and_its_prizes_do_not_change(town):
    job = a_contest()

    with pytest.raises(NotAllowed):
        actions.submit(job=job, by=a_person(), message="応募します")
    with pytest.raises(NotAllowed):
        edit_job(job=job, by=client_of(job), prizes_yen=[2_000])
    assert a_job().state == "open"


# ---- to the yen ----------------------------------------------------------------------------------------------------

@settings(max_examples=300)
@given(st.lists(st.integers(1_000, 400_000), min_size=1, max_size=10), st.integers(1, 5_000))
def test_a_split_never_gives_more_than_the_pot_and_keeps_less_than_one_more_yen_each(prizes, count):
    contest = Contest(prizes_yen=sorted(prizes, reverse=True), opened_on=datetime.date(2026, 11, 26))
    contest.pot_yen = int(pot_of(contest))
    count = min(count, contest.most_entries)

    share = equal_share(contest, count)
    money = money_of(contest, share)
    assert share >= 100
    assert money.client_pays * count <= contest.pot_yen < money_of(contest, share + 1).client_pays * count + len(prizes) + count
    assert money.worker_receives + money.fee + money.fee_tax + money.withheld == money.client_pays


@settings(max_examples=8)
@given(st.lists(st.integers(1_200, 70_000), min_size=1, max_size=4), st.integers(1, 6), st.data())
def test_a_pot_is_given_out_to_the_yen_whoever_is_chosen(town, prizes, count, data):
    job = a_contest(a_client(is_withholding_agent=data.draw(st.booleans())), prizes=prizes)
    people = [a_person() for _number in range(3)]
    entries = [an_entry(job, people[number % 3]) for number in range(count)]
    numbers = data.draw(st.permutations([entry.number for entry in entries]))
    winners = dict(zip(range(1, len(prizes) + 1), numbers[:data.draw(st.integers(0, count))], strict=False))

    with closed_contest(job), clock.moved(by=(0 if winners else 15) * DAY):
        if winners:
            actions.award(job=job, by=client_of(job), winners=winners)
        else:
            actions.settle_contests()
    given_out = sum(one.price_yen + one.tax_yen for one in Earning.objects.filter(about=job.reference))
    back = sum(refund.amount_yen for refund in Refund.objects.filter(reference=job.reference))
    assert (pot(job), given_out + back) == (0, Contest.objects.get(job=job).pot_yen)
    if winners:
        assert Earning.objects.filter(about=job.reference).count() == len(winners)


# ---- what must not be --------------------------------------------------------------------------------------------------

def test_what_was_taken_back_wins_nothing_and_has_no_share(town):
    job = a_contest()
    back, draft, stays = an_entry(job), actions.begin_entry(job=job, by=a_person()), an_entry(job)
    actions.take_back_entry(entry=back, by=back.worker)
    actions.save_entry(entry=draft, by=draft.worker, title="途中", text="まだ出していない、十分に長い文章です。")

    with closed_contest(job):
        with pytest.raises(DomainError):
            actions.award(job=job, by=client_of(job), winners={1: back.number})
        assert pot(job) == 44_000
    with closed_contest(job), clock.moved(by=15 * DAY):
        actions.settle_contests()
    assert [state_of(entry) for entry in (back, draft, stays)] == ["withdrawn", "draft", "shared"]
    assert [earning.worker for earning in Earning.objects.order_by("pk")] == [stays.worker]


def test_one_entry_wins_one_prize_whatever_is_sent(town):
    job = a_contest()
    one, other = an_entry(job), an_entry(job)

    with closed_contest(job):
        with pytest.raises(DomainError, match=str(_("contest.award_twice"))):
            actions.award(job=job, by=client_of(job), winners={1: one.number, 2: one.number})
        assert (pot(job), state_of(one), Earning.objects.count()) == (44_000, "submitted", 0)
        actions.award(job=job, by=client_of(job), winners={1: one.number, 2: other.number})
    assert Earning.objects.count() == 2


def test_an_entry_of_another_contest_wins_nothing_here(town):
    job, elsewhere = a_contest(), a_contest()
    an_entry(job)
    strange = [an_entry(elsewhere) for _number in range(3)][-1]

    with closed_contest(job), pytest.raises(DomainError):
        actions.award(job=job, by=client_of(job), winners={1: strange.number})
    assert (pot(job), pot(elsewhere)) == (44_000, 44_000)


def test_whoever_has_come_to_act_for_the_client_wins_nothing(town):
    keeper = a_client()
    party = an_organisation(keeper)
    job = a_contest(keeper, party=party)
    entry = an_entry(job)
    a_member(party, Power.MEMBER, user=entry.worker)

    with closed_contest(job), pytest.raises(NotAllowed):
        actions.award(job=job, by=keeper, winners={1: entry.number})
    assert pot(job) == 44_000
