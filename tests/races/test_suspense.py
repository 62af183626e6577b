"""Two people of the finance desk, the clock and a second file at one line of the bank: it is placed once, and no yen is in two places."""
import datetime
from functools import partial

import pytest

from machi.contracts.actions import fund, take_up_fundings, void_unfunded
from machi.contracts.models import Contract
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions
from machi.payments.models import BankLine, ExpectedDeposit, Refund
from machi.shared import clock
from tests.banking.statements import ACCOUNT, PLAIN
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import a_contract, a_staff_member, client_of
from tests.races.outcomes import ROUNDS, WON, outcomes

SUM = 11_000


@pytest.fixture
def account(race, settings) -> Account:
    settings.MONEY_MODE = "bank"
    return Account()


def asked() -> tuple[Contract, ExpectedDeposit]:
    contract = a_contract()
    fund(contract=contract, by=client_of(contract))
    return contract, ExpectedDeposit.objects.get(about=contract.reference)


def test_two_people_at_one_line_place_it_once(race, account):
    other = a_staff_member("finance")
    for _round in ROUNDS:
        contract, deposit = asked()
        (line,) = account.shows((SUM, "ﾐﾅﾄ"))
        said = {"line": line, "reason": "確かめた"}

        answers = race(partial(actions.match_line, deposit=deposit, by=account.finance, **said),
                       partial(actions.give_line_back, party=contract.client, by=other, **said),
                       partial(actions.give_line_back, by=other, **said),
                       partial(actions.book_line, use="own", by=account.finance, **said),
                       partial(actions.match_line, deposit=deposit, by=other, **said))
        assert outcomes(answers)[WON] == 1
        take_up_fundings()
        line.refresh_from_db()
        held, credit = balance(Kind.ESCROW.of(contract.pk)), balance(Kind.CLIENT_CREDIT.of(contract.client_id))
        assert (int(held), int(credit)) == {"matched": (SUM, 0), "owed": (0, SUM)}.get(line.state, (0, 0))
    assert broken_rules() == {}


def test_one_deposit_for_two_lines_of_its_sum_is_one_of_them(race, account):
    for _round in ROUNDS:
        _contract, deposit = asked()
        lines = account.shows((SUM, "ﾐﾅﾄ"), (SUM, "ﾏﾁ"))
        said = {"deposit": deposit, "by": account.finance, "reason": "確かめた"}
        answers = race(*(partial(actions.match_line, line=line, **said) for line in lines * 2))
        assert outcomes(answers)[WON] == 1
    assert BankLine.objects.filter(state="matched").count() == len(ROUNDS) and broken_rules() == {}


def test_its_time_is_over_and_its_line_is_read_at_the_same_moment(race, account):
    """Either the work begins, or the money goes back: never neither, never both."""
    for _round in ROUNDS:
        contract, deposit = asked()
        file = account.file((SUM, deposit.code))
        with clock.moved(to=contract.fund_by + datetime.timedelta(days=5)):
            race(void_unfunded, actions.lapse_deposits,
                 partial(actions.take_in_statement, file=file, account=ACCOUNT, layout=PLAIN, profile="plain", by=account.finance),
                 take_up_fundings)
            take_up_fundings()
        contract.refresh_from_db()
        held, refunds = int(balance(Kind.ESCROW.of(contract.pk))), Refund.objects.filter(about=contract.reference).count()
        assert (contract.state, held, refunds) in [("active", SUM, 0), ("void", 0, 1)]
    assert broken_rules() == {}


def test_the_same_file_from_two_desks_is_read_once(race, account):
    for _round in ROUNDS:
        _contract, deposit = asked()
        files = [account.file((SUM, deposit.code)) for _desk in range(4)]
        race(*(partial(actions.take_in_statement, file=file, account=ACCOUNT, layout=PLAIN, profile="plain", by=account.finance)
               for file in files))
    assert BankLine.objects.filter(state="matched").count() == BankLine.objects.count() == len(ROUNDS) and broken_rules() == {}
