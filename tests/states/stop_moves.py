"""A stop of all money: how to bring one into each state, and every deed that moves it."""
from machi.payments import actions as payments
from machi.payments.lifecycle import STOP_LIFECYCLE, StopState
from machi.payments.models import MoneyStop
from tests.people import a_person, a_staff_member
from tests.states.things import CLIENT, COLLEAGUE, DESK, FINANCE, WORKER, Deed, Thing


def _stop(state: str, _deed: str) -> MoneyStop:
    """Raised by the check, for a rule; where somebody asks to lift it, it is the one who is FINANCE below."""
    stop, asks = payments.stop_money(rule="a rule", rows=[7]), a_staff_member("finance")
    if state == "raised":
        return stop
    stop = payments.ask_to_lift(stop=stop, by=asks, reason="銀行に確かめました。")
    return payments.agree_to_lift(stop=stop, by=a_staff_member("finance")) if state == "lifted" else stop


def _sides(stop: MoneyStop) -> dict:
    """Neither a worker nor a client may do anything here."""
    return {FINANCE: stop.asked_by or a_staff_member("finance"), COLLEAGUE: a_staff_member("finance"),
            WORKER: a_person(), CLIENT: a_staff_member("operator", "auditor")}


STOP = Thing("stop of money", MoneyStop, StopState, STOP_LIFECYCLE, _stop, _sides, [
    Deed("lift it, clean", DESK, (("lift",),), lambda stop, by: payments.lift_clean_stop(stop=stop, by=by)),
    Deed("ask to lift it", DESK, (("ask",),), lambda stop, by: payments.ask_to_lift(stop=stop, by=by, reason="理由")),
    Deed("agree to lift it", COLLEAGUE, (("agree",),), lambda stop, by: payments.agree_to_lift(stop=stop, by=by)),
    Deed("keep it", DESK, (("keep",),), lambda stop, by: payments.keep_stop(stop=stop, by=by)),
], columns={"lifted_at": {"lifted"}})
