"""Earnings as a file for one's own books: UTF-8 with the mark by which spreadsheets know it, cells that are never formulas."""
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.payments.models import Earning
from machi.payments.queries import earnings_of, settlement_of
from machi.shared import clock
from machi.shared.formulas import defused


@require_GET
def export(request):
    """Everything somebody earned, newest first, while it is read."""
    heads = [_("csv.earned_on"), _("csv.title"), _("csv.client"), _("money.price"), _("money.tax"), _("money.fee"), _("money.fee_tax"),
             _("money.withheld"), _("money.net"), _("money.pay_on"), _("csv.arrived_on")]
    rows = (_row(earning) for earning in earnings_of(request.user).iterator(chunk_size=500))
    name = f"machi-earnings-{clock.today().isoformat()}.csv"
    return StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"})


def _row(earning: Earning) -> list:
    money, payout = settlement_of(earning), earning.payout
    return [clock.day_of(earning.earned_at).isoformat(), earning.title, str(earning.party or _("adjust.by_town")),
            *(int(part) for part in (money.price, money.tax, money.fee, money.fee_tax, money.withheld, money.worker_receives)),
            earning.pay_on.isoformat(), payout.paid_on.isoformat() if payout and payout.paid_on else ""]


def lines(heads: list, rows: Iterable[list]) -> Iterator[bytes]:
    """Line by line, as the rows are read."""
    yield "\ufeff".encode()
    for row in chain([heads], rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow([defused(cell) for cell in row])
        yield line.getvalue().encode()
