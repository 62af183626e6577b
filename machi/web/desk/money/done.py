"""The lines of the town's account that have their place: by day, by sum, and by whose they were."""
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from machi.notifications.words import day, yen
from machi.payments.models import BankLine
from machi.payments.queries import words_of
from machi.payments.queries.done import lines_of, placed_lines
from machi.web.desk.done import Desk, Line, done_page
from machi.web.frame.desks import at_desk


@at_desk("finance")
@require_GET
def placed(request):
    return done_page(request, Desk(
        title=_("desk.placed"), back=(_("desk.bank"), "desk:bank"), rows=placed_lines(), line=_line, days="row__booked_on",
        sums=lambda amount: Q(amount_yen__in=(amount, -amount)), whose=lines_of))


def _line(one: BankLine) -> Line:
    return Line(words_of(one) or _("desk.line.no_words"), reverse("desk:bank_line", args=[one.pk]), yen(one.amount_yen),
                (one.get_use_display(), f"{day(one.row.booked_on)} {one.decided_by.name if one.decided_by else ''}"))
