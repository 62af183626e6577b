"""What both sides see in the room of what was given beside the price."""
from machi.accounts.powers import Power
from machi.contracts import policies
from machi.contracts.between import Between
from machi.contracts.models import Bonus
from machi.payments.models import ExpectedDeposit
from machi.payments.queries import deposit_of, has_own_account
from machi.web.pages.contracts.standing import WORKER, Seen


def bonus_context(user, seen: Seen, now: Between) -> dict:
    """What was given. What is still waited for is only for those who pay; the words are for the two who work together."""
    can_pay, can_read = Power.PAYER in seen.powers, policies.can_read_work(user, seen.contract)
    given = [one for one in now.bonuses if one.is_paid or can_pay]
    for one in given:
        one.words = one.words if can_read or one.given_by_id == user.pk else ""
    return {"bonuses": given, "bonus_to_transfer": _to_transfer(given) if seen.side != WORKER else None,
            "can_give_bonus": policies.can_give_bonus(user, seen.contract, seen.steps)}


def _to_transfer(given: list[Bonus]) -> ExpectedDeposit | None:
    waiting = next((one for one in given if one.is_waited_for), None)
    return deposit_of(waiting.reference) if waiting and has_own_account() else None
