"""A goal for a month beside what reached the person (F71): when is it steady enough to change how one works? The person decides."""
from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from machi.journey import actions
from machi.journey.planning import Outlook, outlook
from machi.journey.queries import target_of
from machi.notifications.words import short_month, yen
from machi.payments.queries import reached_by_month
from machi.web.frame.fields import YenField
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.jobs.fields import CountField

MONTHS, DRAWN = 26, 6               # looked at: the longest row anybody may wish for, and the two months before it; drawn


class TargetForm(forms.Form):
    """A goal for a month, and what makes it steady."""

    monthly = YenField(label=gettext_lazy("target.monthly"), help_text=gettext_lazy("target.monthly.hint"))
    months = CountField(label=gettext_lazy("target.months"), help_text=gettext_lazy("target.months.hint"), at_least=1, at_most=24)
    aside_percent = CountField(label=gettext_lazy("target.aside"), help_text=gettext_lazy("target.aside.hint"), at_least=0, at_most=60,
                               required=False)
    savings = YenField(label=gettext_lazy("target.savings"), help_text=gettext_lazy("target.savings.hint"), at_least=0, required=False)

    def values(self) -> dict:
        return self.cleaned_data | {"aside_percent": self.cleaned_data["aside_percent"] or 0}


@require_http_methods(["GET", "POST"])
def plan(request):
    """The goal, what reached the person month by month, and what the two say of each other."""
    target = target_of(request.user)
    form = TargetForm(sent(request), initial={"months": 6} if target is None else {
        "monthly": target.monthly_yen, "months": target.months_count, "aside_percent": target.aside_percent, "savings": target.savings_yen})
    if form.is_valid():
        actions.set_target(by=request.user, **form.values())
        messages.success(request, _("target.saved"))
        return redirect("journey:plan")
    reached = reached_by_month(request.user, months=MONTHS)
    view = outlook([amount for _first, amount in reached], target) if target else None
    return page(request, "journey/plan.html", {
        "form": form, "target": target, "said": _said(view, target) if view else (), "outlook": view,
        "points": [(short_month(first), int(amount)) for first, amount in reached[-DRAWN:]],
        "has_reached": any(amount for _first, amount in reached)}, status=422 if form.is_bound else 200)


@require_POST
def forget(request):
    """Delete the goal."""
    actions.forget_target(by=request.user)
    messages.success(request, _("target.forgotten"))
    return redirect("journey:plan")


def _said(view: Outlook, target) -> list[str]:
    """What the months say of the goal, in sentences."""
    told = [_("target.average") % {"sum": yen(view.average), "share": view.percent} if not target.aside_percent else
            _("target.average.aside") % {"sum": yen(view.average), "aside": target.aside_percent, "rest": yen(view.usable),
                                       "share": view.percent}]
    if not view.months_in_a_row:
        told.append(_("target.row.none"))
    else:
        told.append((_("target.row.there") if view.is_there else _("target.row")) % {"n": view.months_in_a_row, "left": view.months_left})
    if view.savings_in_tenths is not None:
        told.append(_("target.savings.last") % {"n": f"{view.savings_in_tenths // 10}.{view.savings_in_tenths % 10}"})
    return told
