"""The kinds of papers, who gives each to whom, and who may read it."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """A paper is between a worker and a client, or between the town and one of them."""

    ORDER = "order", _("document.kind.order")                   # 発注書, client to worker
    DELIVERY = "delivery", _("document.kind.delivery")          # 納品書, worker to client
    ACCEPTANCE = "acceptance", _("document.kind.acceptance")    # 検収書, client to worker
    SETTLED = "settled", _("document.kind.settled")             # 精算書, the town to both: the work ended without acceptance
    INVOICE = "invoice", _("document.kind.invoice")             # 請求書 兼 領収書, worker to client
    PAYMENT = "payment", _("document.kind.payment")             # 支払明細書, the town to the worker
    FEE = "fee", _("document.kind.fee")                         # 利用料の請求書 兼 領収書, the town to the client
    TASKS = "tasks", _("document.kind.tasks")                   # タスクの合計請求書 兼 領収書, to the client: all batches of a month
    TASK_PAY = "task_pay", _("document.kind.task_pay")          # タスクの支払明細書, the town to the worker, the same
    MONTH = "month", _("document.kind.month")                   # 合計請求書, the invoices of a client's month together
    YEAR = "year", _("document.kind.year")                      # 年間支払明細書, a worker's year


ONLY_WORKER = (Kind.PAYMENT, Kind.TASK_PAY, Kind.YEAR)
ONLY_CLIENT = (Kind.FEE, Kind.TASKS, Kind.MONTH)                # all others are both sides'
TOWN = "town"


def code_of(issuer: str) -> str:
    """How the numbers of an issuer begin: W12 (a worker), C3 (a client), M (the town)."""
    kind, _colon, number = issuer.partition(":")
    return {"worker": "W", "party": "C", TOWN: "M"}[kind] + number
