"""What has gone back to clients."""
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.notifications.words import day, yen
from machi.payments.models import Refund
from machi.payments.queries.done import clients_called, past_refunds
from machi.web.desk.done import Desk, Line, done_page
from machi.web.frame.desks import at_desk


@at_desk("finance")
@require_GET
def gone(request):
    return done_page(request, Desk(
        title=gettext_lazy("desk.refunds.gone"), back=(gettext_lazy("desk.refunds"), "desk:refunds"), rows=past_refunds(), line=_line,
        days="paid_on", sums=lambda amount: Q(amount_yen=amount), whose=clients_called))


def _line(one: Refund) -> Line:
    return Line(one.party, reverse("desk:refund", args=[one.pk]), yen(one.amount_yen),
                (one.title, one.why, f"{_('desk.refunds.number') % {'n': one.party_id}} {day(one.paid_on)}"))
