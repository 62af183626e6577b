"""Who may stop money, and let it move again."""
from machi.accounts.queries import duties_of
from machi.payments.lifecycle import STOP_LIFECYCLE
from machi.payments.models import MoneyStop


def can_stop_money(user) -> bool:
    return "finance" in duties_of(user)


def can_move_stop(user, stop: MoneyStop, move: str) -> bool:
    """Somebody of the finance desk. To lift what is not clean takes two: whoever asked for it cannot agree with themselves."""
    return can_stop_money(user) and STOP_LIFECYCLE.allows(stop.state, move) and not (move == "agree" and user.pk == stop.asked_by_id)
