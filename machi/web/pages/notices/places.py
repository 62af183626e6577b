"""Where a notice leads: to the thing it is about, or to what can be done about it."""
from django.urls import reverse

from machi.contracts.models import Milestone
from machi.notifications.models import Notice

PAGES = {"deposit": "payments:deposit", "debt": "payments:debt", "job": "jobs:applicants", "proposal": "proposals:detail",
         "entry": "contests:entry", "dispute": "desk:dispute", "offer": "contracts:offer", "contract": "contracts:room",
         "party": "organisations:one", "stand_in": "contracts:stand_in_one", "bundle": "tasks:done", "batch": "tasks:batch"}
DEEDS = {"payout.waiting_for_account": "payments:account", "payout.returned": "payments:account",     # what mends it
         "payout.paused": "payments:earnings", "money.corrected": "payments:earnings",
         "money.corrected_back": "payments:paid", "money.debt_lost": "payments:paid",
         "deposit.goes_back": "payments:refund_account", "refund.no_card": "payments:refund_account",
         "refund.waiting_for_account": "payments:refund_account", "contract.goes_back_where": "payments:refund_account",
         "withheld.returned_where": "payments:refund_account",
         "refund.returned": "payments:refund_account",
         "account.refund_changed": "payments:refund_account",
         "withheld.arrived": "payments:paid", "account.bank_changed": "payments:account", "account.new_device": "usersessions_list",
         "organisation.removed": "organisations:list",
         "answers.paid": "tasks:bundles",
         "export.ready": "privacy:export", "export.not_made": "privacy:export"}


def place_of(notice: Notice, user) -> str:
    """The address. A thing that is gone for this person answers there, as every hidden thing does."""
    if notice.kind in DEEDS:
        return reverse(DEEDS[notice.kind])
    about, _colon, number = notice.about.partition(":")
    if notice.kind.startswith("question."):
        return reverse("jobs:questions", args=[int(number)])
    if about == "milestone":
        contract = Milestone.objects.visible_to(user).filter(pk=int(number)).values_list("contract", flat=True).first()
        return reverse("contracts:room", args=[contract]) if contract else reverse("notices:list")
    if about == "payout":
        return reverse("payments:earnings")
    return reverse(PAGES[about], args=[int(number)]) if about in PAGES else reverse("notices:list")
