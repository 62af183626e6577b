"""A contest from its pot to its prizes: what is paid in is given out to the yen, nobody's work is taken, nobody waits for ever."""
import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.accounts.powers import Power
from machi.files.storing import path_of, store_all
from machi.jobs.actions import close_overdue, edit_job
from machi.jobs.contests import Contest, judged_by, money_of, pot_of
from machi.jobs.models import Job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import read_statement, send_refunds
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, Funding, Refund
from machi.payments.queries import DEPOSIT, pot_place
from machi.proposals import actions
from machi.proposals.entries import Entry, EntryFile
from machi.proposals.judging import equal_share
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.files.drawn import encoded, looked_at, two_halves
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

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def pot(job: Job) -> Yen:
    return balance(Kind.POT.of(job.pk))


def kept(name: str, content: bytes):
    return store_all([SimpleUploadedFile(name, content)])


def state_of(entry: Entry) -> str:
    return Entry.objects.get(pk=entry.pk).state


# ---- the pot -------------------------------------------------------------------------------------------------------

def test_a_contest_opens_only_with_its_pot(town):
    job = a_contest()

    assert (job.state, pot(job)) == ("open", 44_000)
    assert Funding.objects.get(reference=job.reference).amount_yen == 44_000
    assert (job.reward_yen, job.seats_count, job.due_on) == (30_000, 2, job.closes_on + 14 * DAY)


def test_whoever_saw_another_sum_pays_nothing(town):
    job = a_contest(opened=False)

    with pytest.raises(DomainError):
        actions.open_contest(job=job, by=client_of(job), pot=Yen(1))
    assert (Job.objects.get().state, FakeBank().statement()) == ("draft", [])


def test_a_deposit_whose_deed_broke_off_opens_the_contest_all_the_same(town):
    job = a_contest(opened=False)
    FakeBank().deposit(key=f"{DEPOSIT}{pot_place(job.pk, job.version)}", amount_yen=44_000, payer="x")

    read_statement()
    actions.take_up_pots()
    assert (Job.objects.get().state, pot(job)) == ("open", 44_000)


def test_a_deposit_for_prizes_that_changed_meanwhile_goes_back_and_is_paid_in_anew(town):
    job = a_contest(opened=False)
    FakeBank().deposit(key=f"{DEPOSIT}{pot_place(job.pk, job.version)}", amount_yen=44_000, payer="x")
    job = edit_job(job=job, by=client_of(job), prizes_yen=[50_000])

    read_statement()
    actions.take_up_pots()
    assert (Job.objects.get().state, pot(job)) == ("draft", 0)
    assert [line.amount_yen for line in FakeBank().statement()] == [44_000, -44_000]
    actions.open_contest(job=job, by=client_of(job), pot=Yen(55_000))
    assert pot(job) == 55_000


def test_a_deposit_that_went_back_is_no_deposit_of_the_next_try(town):
    job = a_contest(opened=False, closes_on=clock.today())
    FakeBank().deposit(key=f"{DEPOSIT}{pot_place(job.pk, job.version)}", amount_yen=44_000, payer="x")
    with clock.moved(by=2 * DAY):
        read_statement()
        actions.take_up_pots()                      # its closing day is over: it cannot open
        assert [line.amount_yen for line in FakeBank().statement()] == [44_000, -44_000]
        job.refresh_from_db()
        job = edit_job(job=job, by=client_of(job), closes_on=clock.today() + 3 * DAY)
        actions.open_contest(job=job, by=client_of(job), pot=Yen(44_000))
    assert (pot(job), len(FakeBank().statement())) == (44_000, 3)


def test_nothing_handed_in_the_whole_pot_goes_back(town):
    job = a_contest()

    with closed_contest(job):
        actions.settle_contests()
        send_refunds()
    assert (Job.objects.get().state, pot(job), Refund.objects.get().amount_yen) == ("ended", 0, 44_000)
    assert balance(Kind.CLIENT_CREDIT.of(job.client_id)) == 0


def test_a_client_calls_off_while_nobody_has_handed_in(town):
    job, other = a_contest(), a_contest()
    an_entry(other)

    actions.call_off(job=job, by=client_of(job))
    assert (Job.objects.get(pk=job.pk).state, pot(job)) == ("ended", 0)
    with pytest.raises(NotAllowed):
        actions.call_off(job=Job.objects.get(pk=other.pk), by=client_of(other))


# ---- entries -------------------------------------------------------------------------------------------------------

def test_no_other_maker_sees_an_entry_and_the_client_sees_it_once_it_is_handed_in(town):
    job, maker = a_contest(), a_person()
    draft = actions.begin_entry(job=job, by=maker)
    an_entry(job)

    assert Entry.objects.visible_to(maker).get() == draft
    assert Entry.objects.visible_to(client_of(job)).count() == 1
    assert not Entry.objects.visible_to(a_person()).exists()
    assert Contest.objects.get().entries_count == 1


def test_somebody_hands_in_three_and_no_fourth(town):
    job, maker = a_contest(), a_person()
    first = an_entry(job, maker)
    an_entry(job, maker), an_entry(job, maker)

    with pytest.raises(DomainError):
        actions.begin_entry(job=job, by=maker)
    actions.take_back_entry(entry=first, by=maker)
    assert an_entry(job, maker).number == 4


def test_two_presses_begin_one_entry_and_hand_it_in_once(town):
    job, maker = a_contest(), a_person()
    assert actions.begin_entry(job=job, by=maker) == actions.begin_entry(job=job, by=maker)

    entry = an_entry(job, maker)
    again = actions.hand_in(entry=entry, by=maker, title="灯台", text=entry.text, ai_note="使っていません", version=1)
    assert (again.version, again.number, Contest.objects.get().entries_count) == (entry.version, 1, 1)


@pytest.mark.parametrize(("takes", "text", "files"), [
    ("files", "十分に長い文章だけが、ここにあります。", ()), ("text", "短い", ()), ("either", "短い", ()), ("files", "", ("空", b"x"))])
def test_an_entry_with_nearly_nothing_in_it_hears_what_is_missing(town, takes, text, files):
    job, maker = a_contest(takes=takes), a_person()
    entry = actions.begin_entry(job=job, by=maker)

    with pytest.raises(DomainError, match="してください|書いてください"):
        actions.hand_in(entry=entry, by=maker, title="", text=text, ai_note="なし", files=kept(*files) if files else ())
    assert state_of(entry) == "draft"


def test_a_pot_takes_as_many_entries_as_it_can_pay_a_hundred_yen_each(town):
    job = a_contest(prizes=(1_200,))
    assert Contest.objects.get().most_entries == 12
    for _number in range(12):
        an_entry(job)

    late = actions.begin_entry(job=job, by=a_person())
    with pytest.raises(DomainError, match="12件"):
        actions.hand_in(entry=late, by=late.worker, title="", text="十分に長い文章が、ここにあります。", ai_note="なし")


def test_entries_are_taken_until_the_last_second_of_the_closing_day(town, clock_stands_at):
    job = a_contest()
    entry = actions.begin_entry(job=job, by=a_person())
    words = {"by": entry.worker, "title": "", "ai_note": "なし"}
    end = clock.end_of(job.closes_on)
    for moment in (end - SECOND, end):
        clock_stands_at(moment)
        actions.hand_in(entry=entry, text=f"{moment:%H:%M:%S}に出した、十分に長い文章", **words)
    clock_stands_at(end + SECOND)

    with pytest.raises(NotAllowed):
        actions.hand_in(entry=entry, text="一秒あとに出した、十分に長い文章", **words)
    with pytest.raises(NotAllowed):
        actions.take_back_entry(entry=entry, by=entry.worker)


def test_whoever_acts_for_the_client_does_not_enter(town):
    job = a_contest()

    with pytest.raises(NotAllowed):
        actions.begin_entry(job=job, by=client_of(job))


# ---- previews ------------------------------------------------------------------------------------------------------

def test_a_preview_is_smaller_carries_a_mark_and_leaves_the_original_alone(town):
    content = encoded(two_halves(size=(1200, 900)), "PNG")
    entry = an_entry(a_contest(), files=kept("絵.png", content))
    one = EntryFile.objects.get()
    assert one.preview == "waiting"

    assert actions.make_previews() == 1
    one = EntryFile.objects.select_related("file").get()
    large = looked_at(path_of(one.file.stored_as, "large").read_bytes())
    assert (one.preview, max(large.size), one.file.width) == ("made", 800, large.width)
    assert path_of(one.file.stored_as).read_bytes() == content
    assert len(large.crop((20, 20, 380, 580)).getcolors(100_000)) > 50, "a plain half has words across it"
    assert entry.number == 1


def test_a_picture_that_cannot_be_opened_is_told_to_its_maker_and_gets_no_share(town):
    broken = encoded(two_halves(), "PNG")[:200]
    job = a_contest(takes="files")
    entry = an_entry(job, text="", files=kept("壊れた.png", broken))

    actions.make_previews()
    assert EntryFile.objects.get().preview == "broken"
    assert entry.worker.notices.filter(kind="entry.broken_file").exists()
    with closed_contest(job):
        actions.settle_contests()
    assert (state_of(entry), pot(job), Refund.objects.get().amount_yen) == ("not_chosen", 0, 44_000)


def test_a_letter_beside_a_broken_picture_makes_no_share_of_it(town):
    """Nobody chose: the pot is split among those who handed in something that can be looked at, and nobody else."""
    broken = encoded(two_halves(), "PNG")[:200]
    job = a_contest(takes="either")
    whole, letter = an_entry(job), an_entry(job, text="あ", files=kept("壊れた.png", broken))
    actions.make_previews()

    with closed_contest(job):
        assert list(Entry.objects.valid()) == [whole]
        with clock.moved(by=15 * DAY):
            actions.settle_contests()

    assert (state_of(whole), state_of(letter)) == ("shared", "not_chosen") and broken_rules() == {}
    assert (balance_of(letter.worker), pot(job)) == (0, 0) and Earning.objects.get().price_yen == 40_000


def test_where_pictures_are_asked_for_a_text_is_no_entry(town):
    broken = encoded(two_halves(), "PNG")[:200]
    job = a_contest(takes="files")
    entry = an_entry(job, text="港に立つ灯台を、一筆で描きました。", files=kept("壊れた.png", broken))
    actions.make_previews()

    with closed_contest(job):
        actions.settle_contests()

    assert (state_of(entry), pot(job), Refund.objects.get().amount_yen) == ("not_chosen", 0, 44_000) and broken_rules() == {}


def test_of_a_text_the_beginning_is_shown(town):
    an_entry(a_contest(), files=kept("話.txt", ("港の" * 900).encode()))

    actions.make_previews()
    assert EntryFile.objects.get().head == "港の" * 200


def test_a_file_that_is_lost_holds_up_no_other_preview(town):
    lost, sound = (an_entry(a_contest(), files=kept("絵.png", encoded(two_halves(), "PNG"))) for _number in range(2))
    path_of(lost.files.get().file.stored_as).unlink()

    assert [actions.make_previews(at_most=1) for _turn in range(2)] == [1, 0]
    assert (lost.files.get().preview, sound.files.get().preview) == ("waiting", "made")


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
