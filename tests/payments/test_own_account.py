"""The month of a town with an account of its own: clients transfer, finance brings the statement, and every yen has its place."""
import datetime

import pytest

from machi.accounts.actions import give_duty, name_operator
from machi.accounts.models import User
from machi.banking.matching import code_of
from machi.contracts.actions import accept_delivery, agree_to_change, ask_for_terms, deliver, fund, take_up_fundings
from machi.contracts.models import Contract
from machi.jobs.actions import edit_job
from machi.jobs.plans import Step
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import BankLine, ExpectedDeposit, Funding, Payout, Refund
from machi.payments.queries import asked_with_its_number, fitting, lines_in_suspense, payouts_of_sum, reward_delivered, words_of
from machi.proposals.actions import open_contest, take_up_pots
from machi.shared import clock
from machi.shared.errors import DomainError, IllegalMove, NotAllowed
from machi.shared.money import Yen
from tests.banking.statements import ACCOUNT, PLAIN
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import (
    a_contest,
    a_contract,
    a_contract_in_steps,
    a_person,
    a_staff_member,
    an_hourly_contract,
    client_of,
    with_bank_account,
)

SUM, DAY = 11_000, datetime.timedelta(days=1)


@pytest.fixture
def account(town, settings, clock_at) -> Account:
    clock_at("2026-12-07 10:00")                        # a Monday
    settings.MONEY_MODE = "bank"
    return Account()


def asked(contract: Contract) -> ExpectedDeposit:
    """The client has pressed "pay in"."""
    fund(contract=contract, by=client_of(contract))
    return ExpectedDeposit.objects.get(about=contract.reference, state="waiting")


def yen(*kinds: Kind) -> list[int]:
    return [int(balance(kind.of())) for kind in kinds]


def escrow(contract: Contract) -> int:
    return int(balance(Kind.ESCROW.of(contract.pk)))


def state(thing) -> str:
    thing.refresh_from_db()
    return thing.state


def test_three_deposits_two_with_their_number_one_in_suspense_until_somebody_says_whose_it_is(account):
    first, second, third = (a_contract() for _each in range(3))
    codes = [asked(contract).code for contract in (first, second, third)]

    lines = account.shows((SUM, f"{codes[0]} ﾐﾅﾄ"), (SUM, f"フリコミ {codes[1][:3]} {codes[1][3:]}ｶ)ﾏﾁ"), (SUM, "ﾐﾅﾄ ｼﾕﾂﾊﾟﾝ"),
                          (-330, "ﾌﾘｺﾐ ﾃｽｳﾘﾖｳ"), (50_000, "ｳﾝｴｲ"))
    take_up_fundings()

    assert [line.state for line in lines] == ["matched", "matched", "open", "open", "open"]
    assert [(state(one), escrow(one)) for one in (first, second, third)] == [("active", SUM), ("active", SUM), ("pending_funding", 0)]
    assert yen(Kind.BANK, Kind.SUSPENSE) == [-account.balance, SUM - 330 + 50_000] and broken_rules() == {}

    waiting = [deposit for deposit, _reasons in fitting(lines[2]).proposed()]
    assert [deposit.about for deposit in waiting] == [third.reference]
    actions.match_line(line=lines[2], deposit=waiting[0], by=account.finance, reason="依頼人に電話で確かめた")
    actions.book_line(line=lines[3], use="fee", by=account.finance, reason="振込手数料")
    actions.book_line(line=lines[4], use="own", by=account.finance, reason="運営者の資金")
    take_up_fundings()

    assert (state(third), escrow(third)) == ("active", SUM) and not lines_in_suspense()
    assert yen(Kind.SUSPENSE, Kind.EXPENSE, Kind.OWN, Kind.BANK) == [0, -330, 150_000, -(100_000 + 3 * SUM + 50_000 - 330)]
    assert broken_rules() == {} and Funding.objects.count() == 3
    assert [notice.kind for notice in third.worker.notices.order_by("-pk")[:1]] == ["contract.escrowed"]


def test_pressed_again_it_is_the_same_number_and_the_contract_waits(account):
    contract = a_contract()
    deposit = asked(contract)
    fund(contract=contract, by=client_of(contract))

    assert ExpectedDeposit.objects.get() == deposit and state(contract) == "pending_funding"
    assert client_of(contract).notices.filter(kind="deposit.expected").count() == 1
    account.shows((SUM, deposit.code))
    with pytest.raises(DomainError):                    # here, and not taken up yet
        fund(contract=contract, by=client_of(contract))


def test_the_same_file_and_one_that_overlaps_bring_each_line_once(account):
    deposit = asked(a_contract())
    file = account.file((SUM, deposit.code))
    for _twice in range(2):
        file.seek(0)
        actions.take_in_statement(file=file, account=ACCOUNT, layout=PLAIN, profile="plain", by=account.finance)

    assert BankLine.objects.count() == 1 and yen(Kind.BANK, Kind.SUSPENSE) == [-SUM - 100_000, SUM]


def test_another_sum_waits_for_a_person_and_can_only_go_back(account):
    contract = a_contract()
    deposit = asked(contract)
    (line,) = account.shows((SUM - 330, f"{deposit.code} ﾐﾅﾄ"))

    assert line.state == "open" and [one for one, _why in fitting(line).proposed()] == [deposit]
    with pytest.raises(DomainError):
        actions.match_line(line=line, deposit=deposit, by=account.finance, reason="手数料が引かれた")
    actions.give_line_back(line=line, by=account.finance, reason="金額がちがう", party=contract.client)

    refund = Refund.objects.get()
    assert (refund.amount_yen, refund.state, refund.title) == (SUM - 330, "owed", contract.title) and state(deposit) == "waiting"
    assert int(balance(Kind.CLIENT_CREDIT.of(contract.client_id))) == SUM - 330 and broken_rules() == {}
    assert client_of(contract).notices.filter(kind="deposit.goes_back").count() == 1


def test_what_goes_back_to_a_client_leaves_when_the_statement_shows_it(account):
    contract = a_contract()
    (line,) = account.shows((500, "ﾀﾞﾚｶ"))
    actions.give_line_back(line=line, by=account.finance, reason="おぼえがない", party=contract.client)
    (left,) = account.shows((-500, "ﾐﾅﾄ"))

    actions.answer_line(line=left, refund=Refund.objects.get(), by=account.finance, reason="お返しした")

    assert Refund.objects.get().state == "paid" and yen(Kind.SUSPENSE, Kind.BANK) == [0, -100_000] and broken_rules() == {}
    assert client_of(contract).notices.filter(kind="refund.arrived").count() == 1


def test_money_of_nobody_known_goes_back_through_the_bank(account):
    (line,) = account.shows((700, "ｼﾗﾅｲ ﾋﾄ"))
    assert asked_with_its_number(line) is None and words_of(line) == "ｼﾗﾅｲ ﾋﾄ"
    actions.give_line_back(line=line, by=account.finance, reason="組戻しを頼んだ")
    assert [one.state for one in lines_in_suspense()] == ["returning"] and broken_rules() == {}

    (left,) = account.shows((-700, "ｸﾐﾓﾄﾞｼ"))
    actions.answer_line(line=left, back=line, by=account.finance, reason="組戻しが済んだ")

    assert state(line) == "returned" and not lines_in_suspense() and yen(Kind.SUSPENSE, Kind.BANK) == [0, -100_000] and broken_rules() == {}


def test_nobody_of_the_desk_places_money_of_their_own(account):
    """As the client who waits for it, or as one of the client's people; somebody else of the desk may."""
    contract = a_contract()
    give_duty(person=client_of(contract), kind="finance", by=name_operator(email=a_person("運営の人").email).person)
    both = User.objects.get(pk=client_of(contract).pk)
    deposit, (line, other) = asked(contract), account.shows((SUM, "ﾐﾅﾄ"), (700, "ﾀﾞﾚｶ"))

    with pytest.raises(NotAllowed, match="ご自分か、ご自分の団体のお金です"):
        actions.match_line(line=line, deposit=deposit, by=both, reason="私のです")
    with pytest.raises(NotAllowed, match="ご自分か、ご自分の団体のお金です"):
        actions.give_line_back(line=other, party=contract.client, by=both, reason="私のです")
    assert (state(line), state(other)) == ("open", "open")
    actions.match_line(line=line, deposit=deposit, by=account.finance, reason="電話で確かめた")


def test_a_contest_opens_when_its_prizes_have_come(account):
    contest = a_contest(opened=False)
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))
    deposit = ExpectedDeposit.objects.get()
    assert (state(contest), deposit.place, deposit.amount_yen) == ("draft", f"job:{contest.pk}:{contest.version}", 44_000)

    account.shows((44_000, deposit.code))
    take_up_pots()

    assert state(contest) == "open" and int(balance(Kind.POT.of(contest.pk))) == 44_000 and broken_rules() == {}


def test_pressed_again_on_another_day_the_number_stays_because_money_may_be_on_its_way(account, clock_at):
    contest = a_contest(opened=False)
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))
    first = ExpectedDeposit.objects.get()
    clock_at("2026-12-09 10:00")
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))

    again = ExpectedDeposit.objects.get()
    assert (again.code, again.until_at > first.until_at) == (first.code, True)


def test_prizes_for_a_post_that_was_written_anew_go_back(account):
    contest = a_contest(opened=False)
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))
    deposit = ExpectedDeposit.objects.get()
    edit_job(job=contest, by=client_of(contest), title="別の題")
    account.shows((44_000, deposit.code))
    take_up_pots()

    assert state(contest) == "draft" and Refund.objects.get().amount_yen == 44_000 and broken_rules() == {}


def test_whoever_asks_once_more_after_writing_has_one_number_and_money_with_the_old_one_goes_back(account):
    contest = a_contest(opened=False)
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))
    old = ExpectedDeposit.objects.get()
    contest = edit_job(job=contest, by=client_of(contest), title="別の題")
    open_contest(job=contest, by=client_of(contest), pot=Yen(44_000))
    new = ExpectedDeposit.objects.get(state="waiting")

    account.shows((44_000, old.code), (44_000, new.code))
    take_up_pots()

    assert (state(old), state(new), state(contest)) == ("lapsed", "matched", "open")
    assert Refund.objects.get().amount_yen == 44_000 and broken_rules() == {}


def test_when_both_sign_another_sum_the_old_number_is_waited_for_no_longer(account):
    contract = a_contract_in_steps()
    old = asked(contract)
    order = ask_for_terms(contract=contract, by=contract.worker, words="調べることがふえました。", steps=[
        Step(step.title, Yen(step.price_yen + 1_000), step.due_on) for step in contract.milestones.order_by("number")])
    agree_to_change(order=order, by=client_of(contract))
    new = asked(contract)

    assert (state(old), new.amount_yen) == ("lapsed", old.amount_yen + 1_100)
    account.shows((old.amount_yen, old.code), (new.amount_yen, new.code))
    take_up_fundings()
    assert (state(contract), escrow(contract), Refund.objects.get().amount_yen) == ("active", new.amount_yen, old.amount_yen)
    assert broken_rules() == {}


def test_weeks_by_the_hour_and_steps_are_paid_in_one_after_the_other(account):
    by_hour, steps = an_hourly_contract(), a_contract_in_steps()
    for contract in (by_hour, steps):
        deposit = asked(contract)
        account.shows((deposit.amount_yen, deposit.code))
    take_up_fundings()

    assert [state(by_hour), state(steps)] == ["active", "active"]
    second = asked(by_hour)                             # the next week, while the first one runs
    assert second.place != ExpectedDeposit.objects.filter(about=by_hour.reference).first().place and broken_rules() == {}


DEEDS = {
    "match": lambda line, deposit, **said: actions.match_line(line=line, deposit=deposit, **said),
    "fee": lambda line, deposit, **said: actions.book_line(line=line, use="fee", **said),
    "own": lambda line, deposit, **said: actions.book_line(line=line, use="own", **said),
    "back": lambda line, deposit, **said: actions.give_line_back(line=line, **said),
    "to a client": lambda line, deposit, **said: actions.give_line_back(line=line, party=deposit.party, **said)}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_said_of_a_line_stays_and_only_finance_says_it_with_a_reason(account, deed):
    contract = a_contract()
    deposit = asked(contract)
    (line,) = account.shows((SUM, "ﾐﾅﾄ"))

    for somebody in (a_person(), client_of(contract), a_staff_member("operator")):
        with pytest.raises(NotAllowed):
            DEEDS[deed](line, deposit, by=somebody, reason="なんとなく")
    with pytest.raises(DomainError):
        DEEDS[deed](line, deposit, by=account.finance, reason=" ")
    DEEDS[deed](line, deposit, by=account.finance, reason="確かめた")
    for again in DEEDS.values():
        with pytest.raises(IllegalMove):
            again(line, deposit, by=account.finance, reason="もう一度")
    assert broken_rules() == {}


def test_a_number_of_somebody_who_was_never_asked_waits_in_suspense(account):
    (line,) = account.shows((SUM, code_of(123_456)))
    assert line.state == "open" and not fitting(line).proposed()


def test_a_fee_of_the_bank_is_the_operators_and_stops_money_only_where_it_would_be_a_clients(account):
    """Rule 26: what lay on the account before is the operator's own, and pays for it."""
    contract = a_contract()
    _deposit, fee = account.shows((SUM, asked(contract).code), (-330, "ﾃｽｳﾘﾖｳ"))
    take_up_fundings()
    actions.book_line(line=fee, use="fee", by=account.finance, reason="手数料")
    assert broken_rules() == {}

    (taken,) = account.shows((-100_000, "ｳﾝｴｲ"))        # and now the operator takes out all of it
    actions.book_line(line=taken, use="own", by=account.finance, reason="引き出した")

    assert [rows for name, rows in broken_rules().items() if "owes people" in name] == [[SUM]]
    account.shows((330, "ｳﾝｴｲ"))
    assert broken_rules() == {}


def test_a_payout_that_stands_on_the_statement_is_reward_delivered(account, clock_at):
    contract = a_contract()
    with_bank_account(contract.worker)
    account.shows((SUM, asked(contract).code))
    take_up_fundings()
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    clock_at(clock.end_of(contract.milestones.get().pay_on))
    assert (actions.pay_due(), actions.send_payouts(), int(reward_delivered().amount)) == (1, 0, 0) and broken_rules() == {}

    payout = Payout.objects.get()
    (taken,) = account.shows((-100_000, "ｳﾝｴｲ"))
    actions.book_line(line=taken, use="own", by=account.finance, reason="引き出した")
    other, left = account.shows((-100, "ﾍﾞﾂ"), (-payout.amount_yen, "ﾏﾁﾀﾞ"))
    assert broken_rules() == {}, "what has left and is not placed yet is no money that is missing"
    with clock.moved(by=DAY), pytest.raises(DomainError):      # a payout that is set aside only now cannot have left before
        Payout.objects.filter(pk=payout.pk).update(requested_at=clock.now())
        assert payouts_of_sum(payout.amount_yen, left_on=left.row.booked_on) == []
        actions.answer_line(line=left, payout=Payout.objects.get(), by=account.finance, reason="出金")
    Payout.objects.filter(pk=payout.pk).update(requested_at=payout.requested_at)
    with pytest.raises(DomainError):                    # another sum
        actions.answer_line(line=other, payout=payout, by=account.finance, reason="出金")
    actions.answer_line(line=left, payout=payout, by=account.finance, reason="出金")

    assert (state(payout), int(reward_delivered().amount)) == ("paid", payout.amount_yen) and broken_rules() == {}
    (again,) = account.shows((-payout.amount_yen, "ﾏﾁﾀﾞ"))
    with pytest.raises(DomainError):
        actions.answer_line(line=again, payout=payout, by=account.finance, reason="出金")
    assert contract.worker.notices.filter(kind="payout.first").count() == 1


def test_withheld_tax_goes_back_by_a_transfer_too(account, clock_at):
    contract = a_contract(is_withholding_agent=True)
    with_bank_account(contract.worker)
    account.shows((SUM, asked(contract).code))
    take_up_fundings()
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    clock_at(clock.end_of(contract.milestones.get().pay_on))
    actions.pay_due()
    (left,) = account.shows((-Payout.objects.get().amount_yen, "ﾏﾁﾀﾞ"))
    actions.answer_line(line=left, payout=Payout.objects.get(), by=account.finance, reason="出金")
    assert int(balance(Kind.WITHHELD.of(contract.client_id))) == 1_021

    clock_at(clock.end_of(contract.milestones.get().pay_on + 40 * DAY))
    actions.give_back_withheld()
    (left,) = account.shows((-1_021, "ﾐﾅﾄ"))
    actions.answer_line(line=left, refund=Refund.objects.get(), by=account.finance, reason="源泉徴収のお返し")

    assert [int(balance(kind.of(contract.client_id))) for kind in (Kind.WITHHELD, Kind.CLIENT_CREDIT)] == [0, 0] and broken_rules() == {}
