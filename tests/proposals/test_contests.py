"""A contest from its pot to its entries: the prizes are held first, nobody's work is taken. How it is judged: test_judging.py."""
import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.files.storing import path_of, store_all
from machi.jobs.actions import edit_job
from machi.jobs.contests import Contest
from machi.jobs.models import Job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import read_statement, send_refunds
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, Funding, Refund
from machi.payments.queries import DEPOSIT, pot_place
from machi.proposals import actions
from machi.proposals.entries import Entry, EntryFile
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.files.drawn import encoded, looked_at, two_halves
from tests.people import (
    a_contest,
    a_person,
    an_entry,
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
