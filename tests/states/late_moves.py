"""An account that somebody who has left named in a letter: how to bring it into each state, and every deed that moves it."""
from machi.payments import actions as payments
from machi.payments.lifecycle import ADJUSTMENT_LIFECYCLE, AdjustmentState
from machi.payments.models import LateAccount, Payout
from machi.privacy.actions import erase_account
from machi.shared import clock
from tests.people import a_person, a_staff_member
from tests.states.things import CLIENT, COLLEAGUE, DESK, FINANCE, WORKER, Deed, Thing

LETTER = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "7654321", "holder_kana": "ミナト ソラ",
          "words": "12月20日に届いた手紙"}


def late_account(paid, comes_back):
    """`paid`: a payout that arrived; `comes_back`: its bank sends it back, after its worker has left."""
    def make(state: str, _deed: str) -> LateAccount:
        payout: Payout = paid("paid", "")
        with clock.moved(to=clock.end_of(payout.paid_on)):
            erase_account(by=payout.worker)
        comes_back(payout, None)
        payout.worker.refresh_from_db()
        one = payments.ask_late_account(worker=payout.worker, by=a_staff_member("finance"), **LETTER)
        if state == "signed":
            payments.sign_late_account(late=one, by=a_staff_member("finance"))
        elif state == "refused":
            payments.refuse_late_account(late=one, by=a_staff_member("finance"))
        return one
    return Thing("account from a letter", LateAccount, AdjustmentState, ADJUSTMENT_LIFECYCLE, make,
                 lambda one: {FINANCE: one.asked_by, COLLEAGUE: a_staff_member("finance"), WORKER: a_person(),
                              CLIENT: a_staff_member("operator", "auditor")}, [
        Deed("sign it", COLLEAGUE, (("sign",),), lambda one, by: payments.sign_late_account(late=one, by=by)),
        Deed("refuse it, or take it back", DESK, (("refuse",),), lambda one, by: payments.refuse_late_account(late=one, by=by)),
    ], columns={"answered_at": {"signed", "refused"}})
