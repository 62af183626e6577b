"""People and their duties (人と役目): found one at a time by whoever is an operator; given, and ended."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.accounts import actions, roles
from machi.accounts.models import Duty, User
from machi.accounts.policies import can_give_duty
from machi.accounts.queries import duties_in_force, past_and_present_duties
from machi.shared.errors import DomainError
from machi.web.desk.people.forms import FindForm, GiveForm
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.problems import limited
from machi.web.frame.sent import sent

LOOKED = gettext_noop("looked.duties")
PER_PAGE = 50


@at_desk("operator")
@limited("find_person")
@require_http_methods(["GET", "POST"])
def people(request):
    """Who holds which duty; and the way to one person."""
    form = FindForm(sent(request))
    if form.is_valid():
        return redirect("desk:person", form.person.pk)
    pages = Paginator(duties_in_force(), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "desk/people.html", {"form": form, "pages": pages}, status=422 if form.is_bound else 200)


@at_desk("operator")
@limited("look_at_person", counts_looks=True)
@require_GET
def person(request, pk):
    """Somebody's address and duties."""
    return _person(request, get_object_or_404(User, pk=pk))


@at_desk("operator")
@limited("look_at_person", counts_looks=True)
@require_POST
def give(request, pk):
    found = get_object_or_404(User, pk=pk)
    form = GiveForm(request.POST, held=_held(found))
    if not form.is_valid():
        return _person(request, found, form, status=422)
    try:
        duty = actions.give_duty(person=found, kind=form.cleaned_data["kind"], by=request.user)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _person(request, found, form, status=409)
    messages.success(request, _("desk.duty.given") % {"name": found.name, "duty": duty})
    return redirect("desk:person", pk)


@at_desk("operator")
@limited("look_at_person", counts_looks=True)
@require_POST
def end(request, pk):
    duty = get_object_or_404(Duty.objects.select_related("person"), pk=pk)
    try:
        actions.end_duty(duty=duty, by=request.user)
    except DomainError as refusal:
        return _person(request, duty.person, refusal=str(refusal), status=409)
    messages.success(request, _("desk.duty.ended") % {"name": duty.person.name, "duty": duty})
    return redirect("desk:person", duty.person_id)


def _held(person: User) -> set[str]:
    return set(Duty.objects.filter(person=person, ended_at=None).values_list("kind", flat=True))


def _person(request, found: User, form: GiveForm | None = None, *, refusal: str = "", status: int = 200):
    """Whichever way the page is reached, the person can see later that an operator looked."""
    actions.note_look(by=request.user, person=found, what=LOOKED)
    duties = list(past_and_present_duties(found))
    return page(request, "desk/person.html", {
        "found": found, "form": form or GiveForm(held=_held(found)), "refusal": refusal, "roles": roles.DUTIES.values(),
        "held": [duty for duty in duties if duty.ended_at is None], "over": [duty for duty in duties if duty.ended_at],
        "may_give": can_give_duty(request.user, found)}, status=status)
