"""A deposit that is waited for, and a line of the town's own account: how to bring each into its states, and what moves it."""
from functools import wraps

from django.test import override_settings

from machi.contracts import actions as contracts
from machi.payments import actions as payments
from machi.payments.lifecycle import DEPOSIT_LIFECYCLE, LINE_LIFECYCLE, DepositState, LineState
from machi.payments.models import BankLine, ExpectedDeposit
from machi.shared import clock
from tests.payments.statements import Account
from tests.people import a_contract, a_person, a_staff_member, client_of
from tests.states.things import CLIENT, COLLEAGUE, DAY, DESK, FINANCE, TOWN, WORKER, Deed, Thing

SUM, WHY = 11_000, "確かめました。"


def bank_mode(act):
    """In a town with an account of its own."""
    @wraps(act)
    def there(*values):
        with override_settings(MONEY_MODE="bank"):
            return act(*values)
    return there


@bank_mode
def _deposit(state: str, _deed: str) -> ExpectedDeposit:
    contract = a_contract()
    contracts.fund(contract=contract, by=client_of(contract))
    deposit = ExpectedDeposit.objects.get()
    if state == "matched":
        Account().shows((SUM, deposit.code))
    elif state == "lapsed":
        payments.forget_deposit(place=deposit.place)
    return ExpectedDeposit.objects.get()


@bank_mode
def _shows_its_number(deposit: ExpectedDeposit, _by):
    Account().shows((SUM, deposit.code))


@bank_mode
def _lapse(_deposit: ExpectedDeposit, _by):
    with clock.moved(by=30 * DAY):
        payments.lapse_deposits()


@bank_mode
def _back(deposit: ExpectedDeposit, _by):
    payments.give_back(place=deposit.place, about="contract:1")


DEPOSIT = Thing("deposit", ExpectedDeposit, DepositState, DEPOSIT_LIFECYCLE, _deposit,
                lambda deposit: {CLIENT: deposit.asked_by, WORKER: a_person()}, [
    Deed("its number stands on the statement", TOWN, (("match",),), _shows_its_number, is_round=True, leaves_traces=True),
    Deed("nothing comes", TOWN, (("lapse",),), _lapse, is_round=True),
    Deed("its work has ended", TOWN, (("give_back",),), _back),
], columns={"ended_at": {"matched", "lapsed"}})


@bank_mode
def _line(state: str, _deed: str) -> BankLine:
    """Somebody paid in without the number, while a deposit of this sum is waited for."""
    deposit, account = _deposit("waiting", ""), Account()
    (line,) = account.shows((SUM, "ﾐﾅﾄ"))
    said = {"line": line, "by": account.finance, "reason": WHY}
    if state == "matched":
        payments.match_line(deposit=deposit, **said)
    elif state == "booked":
        payments.book_line(use="own", **said)
    elif state == "owed":
        payments.give_line_back(party=deposit.party, **said)
    elif state in ("returning", "returned"):
        payments.give_line_back(**said)
    if state == "returned":
        _left(line, account.finance)
    return BankLine.objects.get(pk=line.pk)


@bank_mode
def _left(line: BankLine, by):
    (left,) = Account().shows((-SUM, "ｸﾐﾓﾄﾞｼ"))
    payments.answer_line(line=left, back=line, by=by, reason=WHY)


@bank_mode
def _match(line: BankLine, by):
    payments.match_line(line=line, deposit=ExpectedDeposit.objects.get(), by=by, reason=WHY)


@bank_mode
def _owe(_line: BankLine, _by):
    _back(ExpectedDeposit.objects.get(), None)


LINE = Thing("line of the bank", BankLine, LineState, LINE_LIFECYCLE, _line,
             lambda line: {FINANCE: a_staff_member("finance"), COLLEAGUE: a_staff_member("finance"), WORKER: a_person(),
                          CLIENT: ExpectedDeposit.objects.get().asked_by}, [
    Deed("it is that deposit", DESK, (("match",),), _match),
    Deed("it is the bank's own", DESK, (("book",),), lambda line, by: payments.book_line(line=line, use="fee", by=by, reason=WHY)),
    Deed("it goes back to a client", DESK, (("give_back",),), lambda line, by: payments.give_line_back(
        line=line, party=ExpectedDeposit.objects.get().party, by=by, reason=WHY)),
    Deed("the bank sends it back", DESK, (("send_back",),), lambda line, by: payments.give_line_back(line=line, by=by, reason=WHY)),
    Deed("it stands on the statement that it left", DESK, (("leave",),), _left, leaves_traces=True),
    Deed("its work has ended", TOWN, (("owe",),), _owe),
], columns={"decided_at": {"matched", "booked", "owed", "returning", "returned"}})
