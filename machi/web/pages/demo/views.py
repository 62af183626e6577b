"""Walking through the demo town: be somebody, read the mails that were sent, let time pass."""
import datetime
import logging

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.accounts.actions import visit_as
from machi.accounts.models import User
from machi.notifications.words import moment
from machi.payments.queries import next_pay_day
from machi.shared import clock
from machi.simulation.queries import worth_being
from machi.web.frame.desks import VISITING
from machi.web.frame.jinja import page, way
from machi.web.frame.sent import onward
from machi.web.pages.demo.guard import demo_only
from machi.web.pages.demo.mailbox import mails

log = logging.getLogger(__name__)
HOME = "@demo.machi.example"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MAILS_SHOWN = 20


@require_GET
@demo_only
def people(request):
    """Everybody one can be, with one click; first those with something waiting for them."""
    worth = worth_being()
    first = {somebody.user.pk for somebody in worth}
    others = [user for user in demo_people() if user.pk not in first]
    return page(request, "demo/people.html", {"worth": worth, "others": others})


def demo_people():
    """The invented people, with the line from their page, in the order in which they came."""
    return User.objects.filter(email__endswith=HOME, is_active=True, closed_at=None).select_related("profile").order_by("pk")


@require_POST
@demo_only
def become(request, pk: int):
    """Sign in as an invented person, perhaps to go where a mail to them leads. A real person, should one live here, cannot be had."""
    person = get_object_or_404(demo_people(), pk=pk)
    visit_as(person=person)
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="demo")
    request.session[VISITING] = True                # for the town's own people it counts as their second key
    log.info("somebody looks around the demo town as person %s", person.pk)
    messages.success(request, _("demo.now_you_are") % {"name": person.name})
    return redirect(onward(request) or way("home") or way("contracts:list"))


@require_GET
@demo_only
def mail(request):
    """What the town has mailed, newest first; everybody's, or one person's."""
    to = request.GET.get("to", "").strip().lower()[:254]
    pages = Paginator(list(mails(to)), MAILS_SHOWN).get_page(request.GET.get("page"))
    everybody = list(demo_people())
    names = {person.email: person for person in everybody}
    return page(request, "demo/mail.html", {"pages": pages, "to": to, "people": everybody, "names": names})


@require_http_methods(["GET", "POST"])
@demo_only
def move_clock(request):
    """Let time pass: a day, a week, or until money leaves next. Sent twice from the same page, it passes once."""
    if request.method == "GET":
        return _clock_page(request)
    by = _until(request.POST.get("step"))
    if by is None:
        return _clock_page(request, _("demo.clock.choose"), status=422)
    if request.POST.get("today") != clock.today().isoformat():
        return _clock_page(request, _("demo.clock.moved_already"), status=409)
    clock.move_town(by)
    messages.success(request, _("demo.clock.moved") % {"now": moment(clock.now())})
    return redirect("demo:clock")


def _until(step: str | None) -> datetime.timedelta | None:
    """How far a step goes; none for a step that does not exist."""
    if step == "payday":
        morning = datetime.datetime.combine(next_pay_day(clock.today()), datetime.time(9), clock.JAPAN)
        return morning - clock.now()
    return {"day": datetime.timedelta(days=1), "week": datetime.timedelta(weeks=1)}.get(step or "")


def _clock_page(request, refusal: str = "", status: int = 200) -> HttpResponse:
    today = clock.today()
    context = {"now": clock.now(), "today": today.isoformat(), "payday": next_pay_day(today), "refusal": refusal}
    return page(request, "demo/clock.html", context, status=status)
