"""Every component on one page, in each of its states. Stands only where people build or look around."""
import datetime
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.packages.queries import PackageRow
from machi.payments.fees import settlement
from machi.reviews.badges import Badge
from machi.shared import clock
from machi.shared.money import Yen
from machi.web.frame.jinja import page
from machi.web.pages.gallery.forms import ExampleForm
from machi.web.pages.guide.badges import told

STATES = ("draft", "open", "paused", "closed", "awarded", "ended", "submitted", "offered", "accepted", "not_chosen",
          "declined", "withdrawn", "expired", "pending_funding", "active", "completed", "void", "agreed", "funded", "delivered", "refunded",
          "disputed", "requested", "sending", "paid", "returned")
REASON_ICONS = {"hobby": "trophy", "strength": "clock", "career": "file-pen-line", "time": "moon"}


class ExampleJob(NamedTuple):
    """What a card shows of a post."""

    pk: int
    title: str
    category: str
    client: str
    net_yen: int
    price_yen: int
    closes_on: datetime.date
    seats: int
    newcomer_seats: int
    applicants: int
    rate_yen: int | None = None
    weekly_hours: int | None = None
    prizes: int = 0
    entries: int = 0
    is_pot_held: bool = False


@require_http_methods(["GET", "POST"])
@login_not_required
def gallery(request):
    form = ExampleForm(request.POST) if request.method == "POST" else ExampleForm(initial={"contact": "text"})
    wrong = ExampleForm({"name": "", "email": "x", "price": "3", "contact": "text"}, auto_id="wrong_%s")
    wrong.is_valid()
    status = 422 if form.is_bound and not form.is_valid() else 200
    return page(request, "gallery/gallery.html", {"form": form, "wrong": wrong, **_examples(request)}, part="form", status=status)


def _examples(request) -> dict:
    today = clock.today()
    tab = request.GET.get("tab")
    price = settlement(Yen(24_000), on=today, is_withheld=True)
    job = ExampleJob(1, _("gallery.job"), _("gallery.category"), _("gallery.client"), int(price.worker_receives), 24_000,
                     today + datetime.timedelta(days=7), 2, 1, 6)
    service = PackageRow(1, _("gallery.job"), "", "", 24_000, 14, "open")
    return {
        "service": service,
        "states": STATES, "tab": tab if tab in {"terms", "talk", "money"} else "terms", "today": today, "now": clock.now(),
        "sum": price, "pay_on": today + datetime.timedelta(days=21), "job": job, "marks": REASON_ICONS,
        "months": [(str(month), yen) for month, yen in enumerate((0, 4_300, 8_600, 19_150, 24_400, 38_300), 6)],
        "rates": [(str(1 + 5 * place), rate) for place, rate in enumerate((4, 9, 14, 22, 31, 38))],
        "spread": [("6", 14, 0.7), ("7", 6, 0.3)],
        "badges": told([Badge("on_time", 6), Badge("thanked", 3)]),
        "pages": Paginator(range(200), 20).get_page(request.GET.get("page", 4)),
    }
