"""The canaries themselves: a life touches every table in which something of a person can stand, nothing packed hides a word, and each
step of the erasing that is left out is told."""
import base64
import datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError

from machi.notifications.models import Notice
from machi.privacy import actions
from machi.privacy.actions import erasing, leaving
from machi.privacy.belongings import belongings
from machi.privacy.models import Key
from machi.shared import clock
from tests.people import a_contract, a_person, payday, with_bank_account
from tests.privacy.canaries import CANARY, KANA, NETWORK, NUMBER, Life, where

# What somebody cannot have who lives such a life, and why.
NOT_OF = {
    "account.EmailConfirmation": "the town mails a code, not a link, and nothing of it is kept in a table",
    "accounts.FormerAddress": "no deed here leads to a second address (tests/web/frame/test_addresses.py)",
    "accounts.Duty": "who works for the town has a life of its own (tests/web/desk)",
    "banking.Import": "who works for the town has a life of its own (tests/banking)",
    **dict.fromkeys(("payments.BankLine", "payments.ExpectedDeposit", "payments.RefundAccount"),
                    "only in a town with a bank account of its own (tests/payments/test_own_account.py)"),
    **dict.fromkeys(("cards.Intent", "cards.CardRefund", "cards.Chargeback", "cards.Quarantine", "payments.Taken", "payments.Debt",
                     "payments.Repayment"),
                    "only in a town that takes cards, and without a word that somebody typed (tests/cards)"),
    "payments.PayoutBatch": "who works for the town has a life of its own (tests/payments/test_batches.py)",
    "payments.PayoutPause": "only the finance desk lets payouts rest (tests/payments/test_holds.py)",
    "payments.LateAccount": "written only after somebody has left (tests/payments/test_back_after_leaving.py)",
    "payments.MoneyStop": "only the finance desk stops money (tests/payments/test_stopping.py)",
}
NOT_OF_THE_WORKER = {
    "jobs.Job": "gives no work", "contracts.RevisionRequest": "has nothing to check", "payments.Funding": "pays nobody",
    "reviews.Thanks": "was thanked", "contracts.Bonus": "was given more",
    "messaging.Thread": "is nobody's client", "payments.Refund": "pays nobody",
    "jobs.Contest": "gives no work", "jobs.JobChange": "gives no work", "jobs.JobLook": "gives no work",
    **dict.fromkeys(("tasks.Batch", "tasks.BatchForm", "tasks.Closing", "tasks.Import", "tasks.Item", "tasks.Parcel", "tasks.Piece",
                     "tasks.Slots"), "gives no work"),
    "proposals.EntryMark": "judges nothing", "contracts.EndNotice": "the law lets the client give it",
}
NOT_OF_THE_CLIENT = {
    "contracts.Delivery": "delivers nothing", "contracts.DeliveryFile": "delivers nothing", "proposals.Proposal": "applies for nothing",
    "payments.BankAccount": "is paid by nobody", "payments.Payout": "is paid by nobody",
    "reviews.IssuedRecord": "a record is of work that was done", "contracts.TimeEntry": "writes no hours",
    "contracts.CheckIn": "is asked nothing", "contracts.StandIn": "names nobody who would go on with the work",
    "packages.Package": "offers nothing", "proposals.Entry": "hands nothing in", "proposals.EntryFile": "hands nothing in",
    "tasks.Bundle": "answers nothing", "tasks.Answer": "answers nothing", "tasks.AnswerFile": "answers nothing",
}


@pytest.mark.parametrize(("of", "more"), [("worker", NOT_OF_THE_WORKER), ("client", NOT_OF_THE_CLIENT)], ids=["worker", "client"])
def test_whoever_leaves_has_a_row_in_every_table_that_can_be_somebodys(town, of, more):
    """A table that is added later is lived in here, or stands above with its reason."""
    life = Life(of)

    without = {label for label, one in belongings().items() if one.own and not one.owned_by(life.leaver).exists()}

    assert without - {"privacy.Key", "privacy.Paper"} == {*NOT_OF, *more}       # papers are sealed when somebody leaves


@pytest.mark.parametrize("sign", [CANARY, KANA, NUMBER, NETWORK])
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_no_packing_hides_a_word(town, before, sign):
    """Planted: in a session, which is packed and signed, and in a text of base64 as in a signed record."""
    session = SessionStore()
    session["typed"] = "long " * 200 + sign
    session.save()
    assert [place.partition(":")[0] for place in where()] == ["django_session"]
    session.delete()

    packed = base64.urlsafe_b64encode(f"{before}{sign}-x".encode()).decode()
    Notice.objects.create(user=a_person(), kind="x", created_at=clock.now(), about=packed)
    assert [place.partition(":")[0] for place in where()] == ["notifications_notice"]


@pytest.mark.parametrize("step", [
    (erasing, "_forget_in_notices"), (erasing, "_forget_in_terms"), (erasing, "_forget_invitations"), (erasing, "_forget_what_was_said"),
    (erasing, "seal_documents"),
    (erasing, "_by_fate"), (erasing, "_leave_a_number"), (erasing.letterbox, "forget"), (erasing.taxonomy, "forget_unnamed"),
    (leaving, "end_sessions"), (leaving, "drop_exports_of")], ids=lambda step: step[1])
def test_each_step_is_needed(town, settings, monkeypatch, step):
    """Planted: one step of the erasing is left out, and the canaries tell."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    life = Life("worker")
    monkeypatch.setattr(*step, lambda *values: None)

    try:
        actions.erase_account(by=life.leaver)
    except IntegrityError:                          # the database saw it first
        return
    assert where() != []


def test_without_its_step_the_key_to_what_they_could_open_would_stay(town, monkeypatch):
    contract = a_contract(accepted=True)
    actions.erase_account(by=contract.client.person)
    with_bank_account(contract.worker)
    with clock.moved(to=datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10), clock.JAPAN)):
        payday()
    monkeypatch.setattr(erasing, "destroy_living_keys", lambda *values: None)

    actions.erase_account(by=contract.worker)

    assert Key.objects.filter(destroy_on=None, destroyed_at=None).exists(), "and tests/privacy/test_erasing.py would see it"
