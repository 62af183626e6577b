"""What clients owed the town and owe no more: repaid, given up, or won back."""
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from machi.notifications.words import moment, yen
from machi.payments.models import Debt
from machi.payments.queries.done import clients_called, past_debts
from machi.web.desk.done import Desk, Line, done_page
from machi.web.frame.desks import at_desk


@at_desk("finance")
@require_GET
def debts(request):
    return done_page(request, Desk(
        title=gettext_lazy("desk.cards.debts.over"), back=(gettext_lazy("desk.cards"), "desk:cards"), rows=past_debts(), line=_line,
        days="since_at", is_moment=True, sums=lambda amount: Q(amount_yen=amount), whose=clients_called))


def _line(one: Debt) -> Line:
    parts = ((one.repaid_yen, _("desk.cards.over.repaid")), (one.lost_yen, _("desk.cards.over.lost")),
             (one.back_yen, _("desk.cards.over.back")))
    return Line(one.party, "", yen(one.amount_yen),
                (*(words % {"sum": yen(amount)} for amount, words in parts if amount),
                 f"{_('desk.cards.debts.number') % {'number': one.party_id}} {moment(one.since_at)}"))
