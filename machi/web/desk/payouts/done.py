"""Batches that are over: what left for the bank, and what was taken back before."""
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.notifications.words import day, moment, yen
from machi.payments.models import PayoutBatch
from machi.payments.queries.done import batches_of, past_batches
from machi.web.desk.done import Desk, Line, done_page
from machi.web.frame.desks import at_desk


@at_desk("finance")
@require_GET
def past(request):
    return done_page(request, Desk(
        title=gettext_lazy("desk.payouts.over"), back=(gettext_lazy("desk.payouts"), "desk:payouts"), rows=past_batches(), line=_line,
        days="value_on", sums=lambda amount: Q(total_yen=amount), whose=batches_of))


def _line(one: PayoutBatch) -> Line:
    return Line(_("desk.payouts.of_day") % {"day": day(one.value_on)}, reverse("desk:batch", args=[one.pk]), yen(one.total_yen),
                (one.get_state_display(), _("desk.payouts.people") % {"n": f"{one.count:,}"},
                 f"{moment(one.proposed_at)} {one.proposed_by.name}"))
