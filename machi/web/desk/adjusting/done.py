"""Corrections that were signed or refused."""
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.notifications.words import moment, yen
from machi.payments.models import Adjustment
from machi.payments.queries.done import concerned_called, past_adjustments
from machi.web.desk.done import Desk, Line, done_page
from machi.web.frame.desks import at_desk


@at_desk("finance")
@require_GET
def answered(request):
    return done_page(request, Desk(
        title=gettext_lazy("adjust.past"), back=(gettext_lazy("desk.adjust"), "desk:adjustments"), rows=past_adjustments(), line=_line,
        days="answered_at", is_moment=True, sums=lambda amount: Q(amount_yen=amount), whose=concerned_called))


def _line(one: Adjustment) -> Line:
    asked = _("adjust.asked_by") % {"name": one.asked_by.name, "at": moment(one.asked_at)}
    return Line(one.get_what_display(), reverse("desk:adjustment", args=[one.pk]), yen(one.amount_yen),
                (one.of_whom, one.get_state_display(), asked))
