"""Who may stop money and let it move again, who says what a line of the bank is, who sends a file to it, and who corrects the books."""
from machi.accounts.powers import EVERY_POWER, Power
from machi.accounts.queries import duties_of, has_power
from machi.payments.figures import is_paid_by_card
from machi.payments.lifecycle import ADJUSTMENT_LIFECYCLE, BATCH_LIFECYCLE, LINE_LIFECYCLE, STOP_LIFECYCLE
from machi.payments.models import Adjustment, BankLine, Debt, ExpectedDeposit, MoneyStop, PayoutBatch
from machi.shared import clock


def can_stop_money(user) -> bool:
    return "finance" in duties_of(user)


def can_move_stop(user, stop: MoneyStop, move: str) -> bool:
    """Somebody of the finance desk. To lift what is not clean takes two: whoever asked for it cannot agree with themselves."""
    return can_stop_money(user) and STOP_LIFECYCLE.allows(stop.state, move) and not (move == "agree" and user.pk == stop.asked_by_id)


def can_place_line(user, line: BankLine, move: str) -> bool:
    """Somebody of the finance desk says what a line of the bank is; what was said stays."""
    return "finance" in duties_of(user) and LINE_LIFECYCLE.allows(line.state, move)


def is_own_money(user, *, worker: int | None = None, party: int | None = None) -> bool:
    """Theirs, or that of an organisation they are in. Somebody else of the desk says what becomes of it."""
    return worker is not None and user.pk == worker or party is not None and has_power(user, party, *EVERY_POWER)


def can_name_refund_account(user, party) -> bool:
    """Whoever looks after the client's money."""
    return has_power(user, party.pk, Power.PAYER)


def can_send_refund(user) -> bool:
    """Somebody of the finance desk transfers what no card takes back."""
    return "finance" in duties_of(user)


def can_pay_by_card(user, deposit: ExpectedDeposit) -> bool:
    """Whoever looks after the client's money, while it is waited for."""
    return is_paid_by_card() and deposit.is_waiting and deposit.until_at >= clock.now() and has_power(user, deposit.party_id, Power.PAYER)


def can_repay(user, debt: Debt) -> bool:
    """Whoever looks after the client's money, while something of it is open."""
    return debt.is_open and has_power(user, debt.party_id, Power.PAYER)


def can_send_late(user, worker) -> bool:
    """Somebody of the finance desk says where money goes that came back to whoever has left; nobody for whom that person worked."""
    paid_by = set(worker.earnings.exclude(party=None).order_by("party").values_list("party", flat=True).distinct())
    return "finance" in duties_of(user) and worker.erased_at is not None and not any(is_own_money(user, party=party) for party in paid_by)


def can_propose_batch(user) -> bool:
    return "finance" in duties_of(user)


def can_move_batch(user, batch: PayoutBatch, move: str) -> bool:
    """Somebody of the finance desk. Whoever put together more than one person may send cannot agree with themselves."""
    is_own = move == "approve" and batch.needs_two and user.pk == batch.proposed_by_id
    return can_propose_batch(user) and BATCH_LIFECYCLE.allows(batch.state, move) and not is_own


def can_ask_adjustment(user, adjustment: Adjustment) -> bool:
    """Somebody of the finance desk, and never about their own money, nor that of their organisation."""
    return "finance" in duties_of(user) and not is_own_money(user, worker=adjustment.worker_id, party=adjustment.party_id)


def can_answer_adjustment(user, adjustment: Adjustment, move: str) -> bool:
    """To sign takes somebody else than whoever asked; to refuse, or take back, anybody of the desk."""
    is_own = move == "sign" and user.pk == adjustment.asked_by_id
    return can_ask_adjustment(user, adjustment) and ADJUSTMENT_LIFECYCLE.allows(adjustment.state, move) and not is_own
