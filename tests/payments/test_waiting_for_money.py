"""How long money that comes by a transfer is waited for: not past its days, and never while it may lie in what somebody has to read."""
import datetime

from machi.contracts.actions import take_up_fundings, void_unfunded
from machi.contracts.models import Contract
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import BankLine, Refund
from machi.shared import clock
from tests.conftest import broken_rules
from tests.payments import test_own_account
from tests.payments.test_own_account import SUM, asked, escrow, state, yen
from tests.people import a_contract

account = test_own_account.account                  # the same town


def test_an_offer_waits_for_the_days_of_the_bank_and_then_ends(account, clock_at):
    contract = a_contract()
    deposit = asked(contract)
    assert deposit.until_at == contract.fund_by == clock.end_of(datetime.date(2026, 12, 14))
    for moment in ("2026-12-15 09:00", "2026-12-16 23:59"):     # its line may still come with tomorrow's statement
        clock_at(moment)
        assert (void_unfunded(), actions.lapse_deposits()) == (0, 0)

    clock_at("2026-12-17 09:00")
    assert (void_unfunded(), actions.lapse_deposits()) == (0, 0)        # nobody has brought the statement of those days
    account.shows((1, "ﾘｿｸ"))
    assert (void_unfunded(), actions.lapse_deposits()) == (1, 0)        # its step has ended, so nothing is waited for

    assert (state(contract), state(deposit)) == ("void", "lapsed")


def test_money_that_came_in_time_and_is_not_placed_yet_keeps_its_contract_waiting(account, clock_at):
    contract = a_contract()
    deposit = asked(contract)
    clock_at("2026-12-14 12:00")
    (line,) = account.shows((SUM, "ﾐﾅﾄ ｼﾕﾂﾊﾟﾝ"))
    clock_at("2026-12-18 09:00")
    account.shows((1, "ﾘｿｸ"))
    assert (void_unfunded(), actions.lapse_deposits()) == (0, 0)

    actions.match_line(line=line, deposit=deposit, by=account.finance, reason="依頼人に電話で確かめた")
    take_up_fundings()
    assert (state(contract), escrow(contract)) == ("active", SUM) and broken_rules() == {}


def test_where_nobody_brings_a_statement_an_offer_ends_after_two_weeks_more(account, clock_at):
    contract = a_contract()
    asked(contract)
    clock_at("2026-12-28 09:00")
    assert void_unfunded() == 0
    clock_at("2026-12-29 09:00")
    assert (void_unfunded(), state(contract)) == (1, "void")


def test_over_the_new_year_a_client_has_five_days_of_the_bank(account, clock_at):
    clock_at("2026-12-29 10:00")
    assert asked(a_contract()).until_at == clock.end_of(datetime.date(2027, 1, 7))      # 30 December, 4, 5, 6, 7 January


def test_what_comes_too_late_goes_back_to_whoever_was_asked(account, clock_at):
    contract = a_contract()
    deposit = asked(contract)
    clock_at("2026-12-18 09:00")
    account.shows((1, "ﾘｿｸ"))
    void_unfunded()
    (line,) = account.shows((SUM, f"{deposit.code} ﾐﾅﾄ"))

    assert line.state == "owed" and Refund.objects.get().party == contract.client and yen(Kind.SUSPENSE) == [1]
    assert int(balance(Kind.CLIENT_CREDIT.of(contract.client_id))) == SUM and broken_rules() == {}


def test_what_was_matched_when_its_work_had_just_ended_goes_back(account, clock_at):
    contract = a_contract()
    deposit = asked(contract)
    account.shows((SUM, deposit.code))
    clock_at("2026-12-18 09:00")
    assert void_unfunded() == 0                         # it is here: taken up first

    contract.milestones.update(state="void")            # as if both had ended it in the seconds between
    Contract.objects.filter(pk=contract.pk).update(state="void", ended_at=clock.now(), fund_by=None)
    take_up_fundings()

    assert BankLine.objects.get().state == "owed" and state(deposit) == "lapsed" and Refund.objects.get().amount_yen == SUM
    assert yen(Kind.SUSPENSE) == [0] and broken_rules() == {}
