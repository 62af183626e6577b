"""A correction of money: how to bring one into each state, and every deed that moves it."""
from machi.payments import actions as payments
from machi.payments.lifecycle import ADJUSTMENT_LIFECYCLE, AdjustmentState
from machi.payments.models import Adjustment
from machi.shared.money import Yen
from tests.people import a_contract, a_person, a_staff_member
from tests.states.things import CLIENT, COLLEAGUE, DESK, FINANCE, WORKER, Deed, Thing


def _adjustment(state: str, _deed: str) -> Adjustment:
    """Asked by the one who is FINANCE below."""
    one = payments.ask_adjustment(by=a_staff_member("finance"), what="was_fee", amount=Yen(500), reason="placed", words="手数料でした。")
    if state == "signed":
        return payments.sign_adjustment(adjustment=one, by=a_staff_member("finance"))
    return one if state == "asked" else payments.refuse_adjustment(adjustment=one, by=a_staff_member("finance"), words="違います。")


def signed_for_two() -> None:
    """A worker and a client get something of the town's own money."""
    for whom in ({"what": "to_worker", "worker": a_person()}, {"what": "to_client", "party": a_contract(funded=True).client}):
        one = payments.ask_adjustment(by=a_staff_member("finance"), amount=Yen(100), reason="mistake", words="街のまちがいでした。", **whom)
        payments.sign_adjustment(adjustment=one, by=a_staff_member("finance"))


ADJUSTMENT = Thing("correction of money", Adjustment, AdjustmentState, ADJUSTMENT_LIFECYCLE, _adjustment,
                   lambda one: {FINANCE: one.asked_by, COLLEAGUE: a_staff_member("finance"), WORKER: a_person(),
                                CLIENT: a_staff_member("operator", "auditor")}, [
    Deed("sign it", COLLEAGUE, (("sign",),), lambda one, by: payments.sign_adjustment(adjustment=one, by=by)),
    Deed("refuse it, or take it back", DESK, (("refuse",),),
         lambda one, by: payments.refuse_adjustment(adjustment=one, by=by, words="いいえ。")),
], columns={"answered_at": {"signed", "refused"}})
