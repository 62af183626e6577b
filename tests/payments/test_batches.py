"""A payday by a file of the bank: set aside in time, put together by one, looked at by another, and the same bytes however often."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.activity.models import Fact
from machi.banking import checker
from machi.banking.days import bank_days_after, bank_days_before
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import Earning, Payout, PayoutBatch
from machi.payments.queries import held_back, next_payment, reward_delivered, told, waiting_batches, waiting_payouts
from machi.shared import clock
from machi.shared.errors import DomainError, IllegalMove, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.batches import AHEAD, in_a_town_with_files, morning, proposed, set_aside_on, somebody_earned
from tests.people import a_contract, a_person, a_staff_member, with_bank_account

DAY, NET = datetime.timedelta(days=1), 8_580


@pytest.fixture
def by_file(town):
    with in_a_town_with_files():
        yield


@pytest.fixture
def finance(by_file):
    return a_staff_member("finance")


def waiting() -> list[tuple[datetime.date, int, int]]:
    return [(one.value_on, one.count, one.total_yen) for one in waiting_batches(waiting_payouts(), told().rules)]


def everybody_set_aside(count: int, clock_at, **traits) -> datetime.date:
    """So many people, on the morning of their day; when it arrives."""
    (pay_on,) = {somebody_earned(**traits).pay_on for _each in range(count)}
    clock_at(set_aside_on(pay_on))
    assert actions.pay_due() == count
    return pay_on


def test_a_payday_by_file_from_the_first_look_to_the_bank(finance, clock_at):
    pay_on = somebody_earned().pay_on
    somebody_earned()
    clock_at(set_aside_on(pay_on) - datetime.timedelta(hours=10, seconds=1))
    assert (actions.pay_due(), waiting()) == (0, []), "not before"
    clock_at(set_aside_on(pay_on))
    assert (actions.pay_due(), actions.pay_due(), waiting()) == (2, 0, [(pay_on, 2, 2 * NET)]) and broken_rules() == {}

    batch = proposed(finance)
    assert waiting() == [] and broken_rules() == {}
    batch = actions.approve_batch(batch=batch, by=finance)      # below the limit one person is enough
    data = actions.take_file(batch=batch, by=finance)
    assert {payout.state for payout in Payout.objects.all()} == {"sending"} and broken_rules() == {}
    actions.give_batch(batch=PayoutBatch.objects.get(), by=finance)

    read = checker.check(data)
    assert (read.header["value_mmdd"], read.total, [int(item["customer"][:10]) for item in read.items]) == (
        f"{pay_on:%m%d}", 2 * NET, list(Payout.objects.order_by("pk").values_list("pk", flat=True)))
    assert [item["holder"] for item in read.items] == ["ﾏﾁﾀﾞ ﾀﾛｳ"] * 2
    assert (int(reward_delivered().amount), broken_rules()) == (0, {}), "told to the bank is not delivered"
    assert int(sum(balance(Kind.TRANSIT.of(payout.worker_id)) for payout in Payout.objects.all())) == 2 * NET


def test_the_file_is_the_same_to_the_byte_and_every_time_it_is_taken_is_written_down(finance, clock_at):
    everybody_set_aside(3, clock_at)
    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    first = actions.take_file(batch=batch, by=finance)
    other = a_staff_member("finance")
    clock_at(clock.now() + 40 * DAY)

    assert actions.take_file(batch=batch, by=other) == first
    taken = Fact.objects.filter(name="payout_batch.file_taken", about=batch.reference).order_by("pk")
    assert [fact.actor for fact in taken] == [finance, other] and len({fact.data["file_sha256"] for fact in taken}) == 1

    Payout.objects.filter(pk=Payout.objects.first().pk).update(bank_account="0005-001-1-7654321")
    with pytest.raises(DomainError):
        actions.take_file(batch=batch, by=other)


def test_no_file_leaves_that_the_second_reader_cannot_read(finance, clock_at, monkeypatch):
    everybody_set_aside(1, clock_at)
    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    real = actions.batching.transfer_file
    for spoil in (lambda data: data[:-1], lambda data: data.replace(b"8580", b"8581")):
        with monkeypatch.context() as bad:
            bad.setattr(actions.batching, "transfer_file", lambda *said, spoil=spoil, **named: spoil(real(*said, **named)))
            with pytest.raises(DomainError):
                actions.take_file(batch=batch, by=finance)
    assert Payout.objects.get().state == "requested" and not PayoutBatch.objects.get().has_file


def test_above_the_limit_a_second_person_looks_and_the_database_says_so_too(finance, clock_at):
    everybody_set_aside(1, clock_at, reward_yen=400_000)
    batch = proposed(finance)
    assert batch.needs_two

    with pytest.raises(NotAllowed):
        actions.approve_batch(batch=batch, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutBatch.objects.update(state="approved", approved_by=finance, approved_at=clock.now())
    with pytest.raises(IllegalMove):
        actions.take_file(batch=batch, by=finance)
    batch = actions.approve_batch(batch=batch, by=a_staff_member("finance"))
    assert actions.take_file(batch=batch, by=finance)


def test_the_limit_is_that_of_a_day_however_many_files_it_takes(finance, clock_at):
    in_time = {"due_on": clock.today() + 40 * DAY, "reward_yen": 190_000}
    one, other = (somebody_earned(**in_time) for _each in range(2))
    clock_at(set_aside_on(one.pay_on))
    actions.pay_due()
    actions.pause_payouts(worker=one.worker, code="wish", words="本人の希望です。", until_on=clock.today(), by=finance)
    actions.approve_batch(batch=proposed(finance), by=finance)
    actions.end_pause(worker=one.worker, by=finance)

    second = proposed(finance)
    assert second.needs_two and other.worker != one.worker
    with pytest.raises(NotAllowed):
        actions.approve_batch(batch=second, by=finance)
    actions.withdraw_batch(batch=second, by=finance)
    assert proposed(finance).needs_two


def test_only_finance_moves_a_batch_and_only_what_stood_on_the_screen(finance, clock_at):
    pay_on = everybody_set_aside(2, clock_at)
    said = {"value_on": pay_on, "count": 2, "total_yen": 2 * NET}
    for somebody in (a_person(), a_staff_member("operator")):
        with pytest.raises(NotAllowed):
            actions.propose_batch(**said, by=somebody)
    for other in ({"count": 1}, {"total_yen": 2 * NET - 1}, {"value_on": pay_on + DAY}):
        with pytest.raises(DomainError):
            actions.propose_batch(**(said | other), by=finance)

    batch = actions.propose_batch(**said, by=finance)
    with pytest.raises(DomainError):
        actions.propose_batch(**said, by=finance)
    for deed in (actions.approve_batch, actions.withdraw_batch, actions.take_file, actions.give_batch):
        with pytest.raises(NotAllowed):
            deed(batch=batch, by=a_staff_member("operator"))


def test_taken_back_its_payouts_wait_for_another_and_not_once_the_file_was_made(finance, clock_at):
    pay_on = everybody_set_aside(2, clock_at)
    actions.withdraw_batch(batch=proposed(finance), by=finance)
    assert waiting() == [(pay_on, 2, 2 * NET)] and broken_rules() == {}

    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    actions.take_file(batch=batch, by=finance)
    with pytest.raises(IllegalMove):
        actions.withdraw_batch(batch=batch, by=finance)


def test_too_late_for_the_bank_it_goes_on_the_next_day_that_can_be_reached(finance, clock_at):
    pay_on = everybody_set_aside(1, clock_at)
    batch = proposed(finance)
    clock_at(morning(bank_days_before(pay_on, 2), 15))  # the cut-off of the bank, two of its days before
    for deed in (actions.approve_batch, actions.take_file):
        with pytest.raises(DomainError):
            deed(batch=batch, by=finance)
    actions.withdraw_batch(batch=batch, by=finance)

    batch = proposed(finance)
    assert batch.value_on > pay_on and Payout.objects.get().value_on == batch.value_on and broken_rules() == {}
    told_later = Payout.objects.get().worker.notices.get(kind="payout.later")
    assert told_later.words == {"net_yen": NET, "date_on": batch.value_on.isoformat()}
    data = actions.take_file(batch=actions.approve_batch(batch=batch, by=finance), by=finance)
    assert checker.check(data).header["value_mmdd"] == f"{batch.value_on:%m%d}"


def test_a_person_has_one_transfer_a_day_and_what_comes_later_goes_with_the_next(finance, clock_at):
    earning = somebody_earned()
    late = Earning.objects.filter(pk=somebody_earned(worker=earning.worker).pk)
    late.update(pay_on=earning.pay_on + 30 * DAY)       # as if it were not earned yet
    clock_at(set_aside_on(earning.pay_on))
    actions.pay_due()
    late.update(pay_on=earning.pay_on)
    assert actions.pay_due() == 0

    clock_at(clock.now() + 3 * DAY)
    assert actions.pay_due() == 1
    days = list(Payout.objects.order_by("pk").values_list("value_on", flat=True))
    assert days[0] == earning.pay_on < days[1] and broken_rules() == {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.update(value_on=days[0])


def test_what_a_rest_held_back_waits_for_the_next_day_on_which_its_person_is_not_paid_already(finance, clock_at):
    first = somebody_earned()
    in_time = {"due_on": clock.today() + 40 * DAY}
    later = somebody_earned(worker=first.worker, **in_time).pay_on
    somebody_earned(**in_time)
    clock_at(set_aside_on(first.pay_on))
    actions.pay_due()
    actions.pause_payouts(worker=first.worker, code="wish", words="本人の希望です。", until_on=clock.today() + 60 * DAY, by=finance)
    clock_at(set_aside_on(later))
    actions.end_pause(worker=first.worker, by=finance)
    rested = Payout.objects.get()
    actions.pay_due()
    assert waiting() == [(bank_days_before(later, 1), 1, NET), (later, 2, 2 * NET)]

    Payout.objects.filter(pk=rested.pk).update(value_on=later - 30 * DAY)
    clock_at(morning(bank_days_before(later, 2)))       # now the first day that can be reached is that of the others
    assert waiting() == [(later, 2, 2 * NET), (bank_days_after(later, 1), 1, NET)]
    assert proposed(finance).count == 2
    assert waiting() == [(bank_days_after(later, 1), 1, NET)]
    assert proposed(finance).value_on == bank_days_after(later, 1) and broken_rules() == {}


def test_the_file_is_not_handed_out_again_once_part_of_it_was_answered(finance, clock_at):
    everybody_set_aside(2, clock_at)
    batch = actions.approve_batch(batch=proposed(finance), by=finance)
    actions.take_file(batch=batch, by=finance)
    actions.payouts.was_not_sent(Payout.objects.first(), "銀行が受け付けませんでした。")

    with pytest.raises(DomainError) as refusal:
        actions.take_file(batch=batch, by=finance)
    assert "もう結果が分かった" in str(refusal.value)


def test_a_payout_on_its_way_holds_back_no_later_payday(finance, clock_at):
    first = somebody_earned()
    later = somebody_earned(worker=first.worker, due_on=clock.today() + 90 * DAY)
    for earning in (first, later):
        clock_at(set_aside_on(earning.pay_on))
        assert actions.pay_due() == 1
    assert {payout.state for payout in Payout.objects.all()} == {"requested"} and broken_rules() == {}


def test_who_has_no_account_is_named_with_the_reason(finance, clock_at):
    contract = a_contract()
    earning = somebody_earned()
    earning.worker.bank_account.delete()
    clock_at(set_aside_on(earning.pay_on))
    assert actions.pay_due() == 0

    (held,) = held_back(at_most=9)
    assert (held.worker, int(held.amount), held.pay_on) == (earning.worker, NET, earning.pay_on) and str(held.why)
    with_bank_account(earning.worker)
    clock_at(clock.now() + 3 * DAY)
    assert actions.pay_due() == 1 and held_back(at_most=9) == [] and contract


def test_the_worker_reads_the_day_on_which_it_arrives(finance, clock_at):
    earning = somebody_earned()
    clock_at(set_aside_on(earning.pay_on))
    actions.pay_due()

    assert next_payment(earning.worker).pay_on == earning.pay_on
    assert earning.worker.notices.get(kind="payout.sending").words["date_on"] == earning.pay_on.isoformat()
    assert AHEAD == 3


def test_money_that_was_asked_for_early_is_told_with_the_day_on_which_it_arrives(finance, clock_at):
    earning = somebody_earned()
    clock_at(clock.now() + 4 * DAY)
    arrives = actions.ask_early(by=earning.worker, amount=Yen(NET)).value_on

    assert arrives < earning.pay_on and next_payment(earning.worker).pay_on == arrives


def test_what_keeps_money_here_on_its_day_is_told_and_what_ends_before_it_is_not(finance):
    earning = somebody_earned()
    worker, files = earning.worker, bank_days_before(earning.pay_on, AHEAD)
    for until_on, is_kept in ((files - DAY, False), (files, True)):
        actions.pause_payouts(worker=worker, code="wish", words="本人の希望です。", until_on=until_on, by=finance)
        assert (next_payment(worker).pay_on, bool(next_payment(worker).why)) == (earning.pay_on, is_kept)
        actions.end_pause(worker=worker, by=finance)
    with_bank_account(worker, "7654321")
    assert not next_payment(worker).why, "a new account has rested long enough by then"


def test_what_could_not_leave_on_its_day_comes_on_the_next_that_a_bank_can_reach(finance, clock_at):
    earning = somebody_earned()
    clock_at(clock.start_of(earning.pay_on))

    assert next_payment(earning.worker).pay_on == bank_days_after(earning.pay_on, AHEAD)
