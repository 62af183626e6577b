"""A small town in which something of every kind has happened, for the rules to be damaged in."""
from machi.accounts.models import User
from machi.contracts.actions import accept_delivery, deliver
from machi.payments import actions as payments
from machi.payments.fakebank import UNKNOWN_ACCOUNT
from machi.shared import clock
from tests.people import a_contract, a_contract_in_steps, a_member, an_entry, an_organisation, payday, with_bank_account
from tests.states import adjustment_moves, bonus_moves, contest_moves, contract_moves, dispute_moves, task_moves, week_moves
from tests.states.moves import _send_in_vain


def a_town_where_much_happened() -> None:
    an_entry(contest_moves._contest("open", ""))
    for state in ("awarded", "ended"):
        contest_moves._contest(state, "")
    contract_moves._contract("void", "")
    for state in ("funded", "delivered", "disputed", "accepted", "settled", "refunded", "passed_on"):
        contract_moves._milestone(state, "")
    for state in ("heard", "mediation", "drafted"):
        dispute_moves.a_difference(state)
    dispute_moves.ruled()
    adjustment_moves.signed_for_two()
    dispute_moves.agreed()
    week_moves._week("funded", "write hours")
    week_moves._week("accepted", "")
    for make in (contract_moves._order, contract_moves._wish):
        for state in ("agreed", "asked"):
            make(state, "")
    contract_moves._stand_in("ready", "")
    for state in ("paid", "asked"):
        bonus_moves._bonus(state, "")
    task_moves.a_batch_in_which_much_happened()
    a_member(an_organisation(), "payer")
    a_contract(accepted=True, is_withholding_agent=True)
    steps = a_contract_in_steps(funded=True)
    step = steps.milestones.get(number=1)
    deliver(milestone=step, by=steps.worker, text="できました。", ai_note="なし")
    accept_delivery(milestone=step, by=steps.client.person)
    a_contract(accepted=True, worker=None)
    _money_leaves()


def _money_leaves() -> None:
    """Of five people three are paid, one has an account the bank does not know, and of one the bank says nothing."""
    workers = list(User.objects.filter(earnings__isnull=False).distinct().order_by("pk"))
    for place, worker in enumerate(workers[:-1]):
        with_bank_account(worker, UNKNOWN_ACCOUNT if place == 0 else f"{1234567 + place}")
    with clock.moved(by=40 * contract_moves.DAY):
        payday()
        payments.send_refunds()
        with_bank_account(workers[-1], "7654321")
        payments.pay_due()
        _send_in_vain()
        payments.count_delivered()
    with clock.moved(by=45 * contract_moves.DAY):
        payments.count_delivered()
    with clock.moved(by=80 * contract_moves.DAY):
        payments.give_back_withheld()
        payments.send_refunds()
