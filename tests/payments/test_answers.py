"""What the bank answers to a file: each line ends its payout, one sum ends a whole file, and what comes back is its worker's again."""
import dataclasses
import datetime
from unittest.mock import patch

import pytest

from machi.accounts.actions import give_duty, name_operator
from machi.accounts.models import User
from machi.activity.models import Fact
from machi.banking.days import bank_days_after
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import BankAccount, BankLine, DeliveredUntil, Earning, Payout
from machi.payments.queries import (
    batches_that_left,
    came_back,
    lines_in_suspense,
    payouts_of_sum,
    payouts_that_left,
    reward_delivered,
    surely_not_sent,
)
from machi.shared import clock
from machi.shared.errors import DomainError, IllegalMove, NotAllowed
from tests.conftest import broken_rules
from tests.payments.batches import OURS, in_a_town_with_files, morning, proposed, set_aside_on, somebody_earned
from tests.payments.statements import Account
from tests.people import a_person, a_staff_member, balance_of, with_bank_account

DAY, NET = datetime.timedelta(days=1), 8_580


@pytest.fixture
def account(town) -> Account:
    with in_a_town_with_files():
        yield Account()


def at_the_bank(account: Account, clock_at, *names: str, **traits) -> list[Payout]:
    """A file with one payout for each name is at the bank, and it is the day on which they arrive."""
    earned = [somebody_earned(**traits) for _name in names]
    for earning, name in zip(earned, names, strict=True):
        BankAccount.objects.filter(worker=earning.worker_id).update(holder_kana=name)
    clock_at(set_aside_on(earned[0].pay_on))
    actions.pay_due()
    actions.take_file(batch=actions.approve_batch(batch=proposed(account.finance), by=account.finance), by=account.finance)
    clock_at(morning(earned[0].pay_on))
    return list(Payout.objects.order_by("pk"))


def states() -> list[str]:
    return list(Payout.objects.order_by("pk").values_list("state", flat=True))


def test_a_line_with_the_sum_and_the_name_of_one_payout_is_that_payout(account, clock_at):
    first, _second = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")

    account.shows((-NET, "ﾌﾘｺﾐ ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"))

    assert states() == ["paid", "paid"] and not lines_in_suspense() and broken_rules() == {}
    assert (int(reward_delivered().amount), first.worker.notices.filter(kind="payout.first").count()) == (2 * NET, 1)


def test_two_of_one_name_and_sum_wait_for_a_person_and_so_does_another_sum(account, clock_at):
    first, second, _third = at_the_bank(account, clock_at, "マチダ ハナ", "マチダ ハナ", "ミナト ソラ")

    one, two, _three = account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET - 1, "ﾐﾅﾄ ｿﾗ"))
    assert states() == ["sending"] * 3, "a state is never guessed"
    for line, payout in ((one, first), (two, second)):
        actions.answer_line(line=line, payout=payout, by=account.finance, reason="受付番号で確かめた")
    assert states() == ["paid", "paid", "sending"] and lines_in_suspense().count() == 1 and broken_rules() == {}


def test_a_bank_that_prints_one_sum_for_the_file_ends_all_of_it(account, clock_at):
    payouts = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    (line,) = account.shows((-3 * NET, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert line.state == "open"

    actions.settle_batch(line=line, batch=payouts[0].batch, by=account.finance, reason="総合振込の合計")
    assert states() == ["paid"] * 3 and broken_rules() == {}
    (again,) = account.shows((-3 * NET, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    with pytest.raises(DomainError):
        actions.settle_batch(line=again, batch=payouts[0].batch, by=account.finance, reason="もう一度")


def test_a_file_that_left_in_one_sum_with_the_banks_fee_is_that_file_and_the_fee_the_operators(account, clock_at):
    payouts = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    (line,) = account.shows((-3 * NET - 990, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert batches_that_left(3 * NET + 990) == [(payouts[0].batch, None)] and batches_that_left(3 * NET + 2_641) == []

    actions.settle_batch(line=line, batch=payouts[0].batch, by=account.finance, reason="手数料こみの合計")

    assert states() == ["paid"] * 3 and int(balance(Kind.EXPENSE.of())) == -990 and not lines_in_suspense() and broken_rules() == {}


def test_a_file_that_left_without_one_person_leaves_them_on_their_way_until_the_statement_is_sure(account, clock_at):
    first, second, third = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    (line,) = account.shows((-2 * NET, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert [left_out for _batch, left_out in batches_that_left(2 * NET)] == [first, second, third]

    actions.settle_batch(line=line, batch=first.batch, left_out=second, by=account.finance, reason="銀行の受付結果で確かめた")
    assert states() == ["paid", "sending", "paid"] and broken_rules() == {}

    clock_at(morning(bank_days_after(first.value_on, 3)))
    account.shows((1, "ﾘｿｸ"))
    actions.say_not_sent(payout=second, by=account.finance, reason="銀行が送りませんでした。")
    assert states() == ["paid", "returned", "paid"] and balance_of(second.worker) == NET and broken_rules() == {}


@pytest.mark.parametrize("use", ["own", "fee"])
@pytest.mark.parametrize("amount", [-3 * NET - 9_000, -2 * NET])
def test_money_that_left_in_those_days_and_was_called_something_else_keeps_anybody_from_being_paid_twice(account, clock_at, use, amount):
    first, *_others = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    (line,) = account.shows((amount, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    actions.book_line(line=line, use=use, by=account.finance, reason="運営者の引き出し")
    clock_at(morning(bank_days_after(first.value_on, 4)))
    account.shows((1, "ﾘｿｸ"))

    with pytest.raises(DomainError):
        actions.say_not_sent(payout=first, by=account.finance, reason="届いていません。")
    assert states() == ["sending"] * 3


def test_among_many_of_one_sum_whose_name_the_bank_wrote_is_proposed_first(account, clock_at, monkeypatch):
    monkeypatch.setattr("machi.payments.queries.lines.MOST", 2)
    first, second, third = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    assert payouts_of_sum(NET, left_on=clock.today(), words="ﾌﾘｺﾐ ｶﾜ ﾐﾁ") == [third, first]
    account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"), (-NET, "ｶﾜ ﾐﾁ"))

    assert payouts_that_left(NET, "ｸﾐﾓﾄﾞｼ ﾏﾁﾀﾞ ﾊﾅ") == [first, third] and payouts_that_left(NET) == [third, second]


def test_nobody_of_the_desk_says_of_their_own_payout_that_it_came_back(account, clock_at):
    payout, _other = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"))
    (back,) = account.shows((NET, "ｸﾐﾓﾄﾞｼ"))
    give_duty(person=payout.worker, kind="finance", by=name_operator(email=a_person("運営の人").email).person)

    with pytest.raises(NotAllowed, match="ご自分か、ご自分の団体のお金です"):
        actions.take_payout_back(line=back, payout=payout, by=User.objects.get(pk=payout.worker_id), reason="口座がない")
    assert states() == ["paid", "paid"]
    actions.take_payout_back(line=back, payout=payout, by=account.finance, reason="口座がない")


def test_what_comes_back_days_later_is_the_workers_again_and_leaves_after_the_account_is_mended(account, clock_at):
    payout, other = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"))
    clock_at(clock.now() + 4 * DAY)
    assert actions.count_delivered() and DeliveredUntil.objects.get().people_count == 2

    (back,) = account.shows((NET, "ｸﾐﾓﾄﾞｼ ﾏﾁﾀﾞ ﾊﾅ"))
    actions.take_payout_back(line=back, payout=payout, by=account.finance, reason="該当する口座がない")

    payout.refresh_from_db()
    assert (payout.state, payout.paid_on, balance_of(payout.worker), came_back(payout.worker).reason) == (
        "returned", None, NET, "該当する口座がない")
    assert (int(reward_delivered().amount), int(balance(Kind.SUSPENSE.of())), broken_rules()) == (NET, 0, {})
    assert payout.worker.notices.get(kind="payout.returned").words["reason"] == "該当する口座がない"
    assert actions.pay_due() == 0 and actions.count_delivered() and DeliveredUntil.objects.get().people_count == 1

    with_bank_account(payout.worker, "7654321")
    assert actions.pay_due() == 0, "a new account rests first"
    clock_at(clock.now() + 3 * DAY)
    assert actions.pay_due() == 1 and broken_rules() == {}
    assert Payout.objects.filter(worker=payout.worker).order_by("pk").last().bank_account.endswith("7654321")
    with pytest.raises(IllegalMove):
        actions.take_payout_back(line=back, payout=other, by=account.finance, reason="もう一度")


def test_only_what_left_comes_back_and_only_to_the_yen(account, clock_at):
    (payout,) = at_the_bank(account, clock_at, "マチダ ハナ")
    back, less = account.shows((NET, "ｸﾐﾓﾄﾞｼ"), (NET - 660, "ｸﾐﾓﾄﾞｼ"))
    for line in (back, less):
        with pytest.raises(DomainError):
            actions.take_payout_back(line=line, payout=payout, by=account.finance, reason="口座がない")
    assert states() == ["sending"] and {line.state for line in BankLine.objects.all()} == {"open"}


def test_a_line_from_before_is_neither_that_file_nor_that_payout_coming_back(account, clock_at):
    before = clock.now()
    out, back = account.shows((-NET * 2, "ﾌﾘｺﾐ"), (NET, "ﾌﾘｺﾐ"))
    payouts = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    with pytest.raises(DomainError):
        actions.settle_batch(line=out, batch=payouts[0].batch, by=account.finance, reason="合計")
    assert states() == ["sending"] * 2 and before < clock.now()

    account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"))
    with pytest.raises(DomainError):
        actions.take_payout_back(line=back, payout=payouts[0], by=account.finance, reason="口座がない")
    assert states() == ["paid"] * 2


@pytest.mark.parametrize("amount", [-NET - 330, -2 * NET + 1])
def test_a_line_that_could_hold_it_with_a_fee_or_with_others_keeps_anybody_from_calling_it_unsent(account, clock_at, amount):
    first, _second, _third = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ", "カワ ミチ")
    clock_at(morning(bank_days_after(first.value_on, 3)))
    account.shows((amount, "ｿｳｺﾞｳﾌﾘｺﾐ"))
    with pytest.raises(DomainError):
        actions.say_not_sent(payout=first, by=account.finance, reason="届いていません。")
    assert states() == ["sending"] * 3


def test_a_town_that_has_changed_its_bank_reads_the_statement_of_the_account_its_file_named(account, clock_at):
    (first,) = at_the_bank(account, clock_at, "マチダ ハナ")
    clock_at(morning(bank_days_after(first.value_on, 3)))
    account.shows((-330, "ﾃｽｳﾘﾖｳ"))
    today, other = clock.today(), dataclasses.replace(OURS, number="7654321")
    for named, is_sure in ((lambda on=None: other if on in (None, today) else OURS, True),
                           (lambda on=None: OURS if on in (None, today) else other, False)):
        with patch("machi.payments.queries.batches.town_account", side_effect=named):
            assert bool(surely_not_sent([first])) == is_sure


def test_a_person_whose_later_payout_arrives_first_is_counted_once(account, clock_at):
    first = somebody_earned()
    later = somebody_earned(worker=first.worker, due_on=clock.today() + 40 * DAY)
    for earning in (first, later):
        clock_at(set_aside_on(earning.pay_on))
        actions.pay_due()
        actions.take_file(batch=actions.approve_batch(batch=proposed(account.finance), by=account.finance), by=account.finance)
    one, two = Payout.objects.order_by("pk")
    for payout in (two, one):
        clock_at(clock.now() + 4 * DAY)
        (line,) = account.shows((-payout.amount_yen, "ｼﾖﾘ"))
        actions.answer_line(line=line, payout=payout, by=account.finance, reason="確かめた")
        clock_at(clock.now() + 3 * DAY)
        assert actions.count_delivered()
    assert DeliveredUntil.objects.order_by("-day").first().people_count == 1 and broken_rules() == {}
    assert OURS and Earning.objects.filter(payout__state="paid").count() == 2


def test_what_the_bank_never_carried_is_the_workers_again_once_the_statement_shows_it(account, clock_at):
    first, _second = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    said = {"payout": first, "by": account.finance, "reason": "銀行がファイルを受け付けませんでした。"}
    with pytest.raises(DomainError):                    # no statement yet
        actions.say_not_sent(**said)
    last_day = bank_days_after(first.value_on, 2)
    clock_at(morning(last_day))
    account.shows((-330, "ﾃｽｳﾘﾖｳ"))
    with pytest.raises(DomainError):                    # its line may still come on that day
        actions.say_not_sent(**said)

    clock_at(morning(bank_days_after(last_day, 1)))
    (line,) = account.shows((-NET, "ﾌﾘｺﾐ"))
    with pytest.raises(DomainError):                    # this line may be it
        actions.say_not_sent(**said)
    actions.book_line(line=line, use="own", by=account.finance, reason="運営者の引き出し")
    for somebody in (a_staff_member("operator"), first.worker):
        with pytest.raises(NotAllowed):
            actions.say_not_sent(**said | {"by": somebody})
    actions.say_not_sent(**said)

    assert states() == ["returned", "sending"] and balance_of(first.worker) == NET and first.worker.bank_account
    assert first.worker.notices.filter(kind="payout.not_sent").count() == 1
    assert Payout.objects.get(pk=first.pk).reason == said["reason"]
    assert said["reason"] not in str(list(Fact.objects.values_list("data", flat=True))), "a fact stays when its person has left"
    with pytest.raises(DomainError):
        actions.say_not_sent(**said)
    assert actions.pay_due() == 1 and states() == ["returned", "sending", "requested"]
    account.shows((330, "ｳﾝｴｲ"), (NET, "ｳﾝｴｲ"))
    assert broken_rules() == {}


def told(payout) -> list[str]:
    """What its worker heard of how it ended, in order."""
    heard = payout.worker.notices.filter(about=payout.bank_key).exclude(kind="payout.sending")
    return list(heard.order_by("pk").values_list("kind", flat=True))


def test_what_arrives_and_comes_back_on_one_statement_is_told_once_as_it_is(account, clock_at):
    payout, other = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    *_out, back = account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (-NET, "ﾐﾅﾄ ｿﾗ"), (NET, "ｸﾐﾓﾄﾞｼ"))
    assert states() == ["paid", "paid"] and actions.tell_what_arrived() == 0
    assert told(payout) == told(other) == []

    actions.take_payout_back(line=back, payout=payout, by=account.finance, reason="該当する口座がない")
    assert actions.tell_what_arrived() == 1 and actions.tell_what_arrived() == 0
    assert (told(payout), told(other)) == (["payout.returned"], ["payout.first"]) and broken_rules() == {}


def test_money_in_that_was_somebody_elses_delays_the_good_news_until_it_is_placed(account, clock_at):
    payout, _other = at_the_bank(account, clock_at, "マチダ ハナ", "ミナト ソラ")
    _out, line = account.shows((-NET, "ﾏﾁﾀﾞ ﾊﾅ"), (NET, "ｳﾝｴｲ"))
    assert told(payout) == []
    actions.book_line(line=line, use="own", by=account.finance, reason="運営者の資金")

    assert actions.tell_what_arrived() == 1 and told(payout) == ["payout.first"]
