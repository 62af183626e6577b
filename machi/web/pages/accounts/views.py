"""The last screen of joining, and the way back to what somebody wrote before they had to sign in."""
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from machi.accounts import actions
from machi.web.frame import interrupted as interruption
from machi.web.frame.jinja import page
from machi.web.pages.accounts.forms import IntroduceForm


@require_http_methods(["GET", "POST"])
def welcome(request):
    """Screen 3 of 3: the name that others see."""
    form = IntroduceForm(request.POST or None, initial={"display_name": request.user.display_name})
    if not form.is_valid():
        return page(request, "account/welcome.html", {"form": form}, status=422 if form.is_bound else 200)
    actions.introduce(by=request.user, display_name=form.cleaned_data["display_name"])
    return redirect("home")


@require_GET
def interrupted(request):
    """What was typed before the sign-in ran out, ready to be sent now. Asking once more empties nothing."""
    kept = interruption.kept(request)
    if kept is None:
        return redirect("home")
    return page(request, "account/interrupted.html", {"kept": kept})
