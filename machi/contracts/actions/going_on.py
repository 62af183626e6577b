"""The same work every month goes on (続ける): either side asks for some months more on the same terms, and the other signs with one press.
Two weeks before the last month is over both are told so, once. Locks: contract, its steps, the wish (signing.py).
"""
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.contracts import policies
from machi.contracts.actions.locking import locked_contract, steps_of
from machi.contracts.actions.signing import ask_for_steps
from machi.contracts.actions.telling import both_sides, tell
from machi.contracts.lifecycle import CONTRACT_LIFECYCLE, MilestoneState, WishState
from machi.contracts.models import ChangeOrder, Contract, EndNotice, Milestone
from machi.contracts.retainers import TOLD_BEFORE, last_month_of, months_to_come
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.rows import each


@deed
def ask_to_go_on(*, contract: Contract, by, months: int, words: str = "", answers: int | None = None) -> ChangeOrder:
    """Either side asks for so many months more on the same terms; each is paid in before its work begins, as the others were. The wish
    lives on while the month that is under way is handed over, accepted or paid in: none of that touches the months to come.
    """
    contract = locked_contract(contract.pk)
    added = months_to_come(contract, steps_of(contract))
    if not policies.can_go_on(by, contract) or not 1 <= months <= len(added):
        raise NotAllowed(_("go_on.refused"))
    return ask_for_steps(contract, by, added[:months], words, answers, months_count=months)


def tell_of_last_months() -> int:
    """Two weeks before the last month is over both sides hear that they may go on, once; return of how many contracts. Not where somebody
    has asked already, nor where the end was said.
    """
    last = Milestone.objects.filter(contract=OuterRef("pk")).exclude(state=MilestoneState.VOID).order_by("-number")
    due = _going().annotate(last=Subquery(last.values("number")[:1]), until=Subquery(last.values("due_on")[:1])).filter(
        Q(told_of_last=None) | ~Q(told_of_last=F("last")), until__range=(clock.today(), clock.today() + TOLD_BEFORE))
    return each(due.order_by("pk")[:500], _tell)


def _going():
    """Work of every month that nobody has said anything about."""
    return Contract.objects.filter(is_monthly=True, state__in=CONTRACT_LIFECYCLE.states_for("fund")).exclude(
        pk__in=EndNotice.objects.values("contract")).exclude(
        pk__in=ChangeOrder.objects.filter(state=WishState.ASKED).values("contract"))


def _tell(contract: Contract) -> bool:
    contract = locked_contract(contract.pk)
    last = last_month_of(steps_of(contract))
    if last is None or contract.told_of_last == last[0] or not _going().filter(pk=contract.pk).exists():
        return False
    contract.told_of_last = last[0]
    contract.save(update_fields=["told_of_last"])
    tell(contract, both_sides(contract), "contract.last_month", last_on=last[1])
    return True
