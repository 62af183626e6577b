"""The last screen of joining, the way back to what somebody wrote before they had to sign in, and ending sign-ins one by one."""
from urllib.parse import urlencode

from allauth.usersessions.internal.flows import sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.profiles.actions import be_called
from machi.profiles.queries import own_names
from machi.shared.seals import Overtaken, seal
from machi.web.frame import interrupted as interruption
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import onward
from machi.web.frame.words import device
from machi.web.pages.profiles.forms import CallNameForm


@require_http_methods(["GET", "POST"])
def welcome(request):
    """Screen 3 of 3: the name that others see. Whoever says it for the first time, and was on the way to nothing, may then say what
    they wish for."""
    is_first = not request.user.display_name
    names = own_names(request.user)
    form = CallNameForm(request.POST or None, initial=names).read(seal(names))
    going = onward(request) or reverse("home")
    if not form.is_valid():
        return page(request, "account/welcome.html", {"form": form, "onward": going}, status=422 if form.is_bound else 200)
    try:
        be_called(by=request.user, seen=form.seal, **form.cleaned_data)
    except Overtaken as refusal:
        form.refuse(refusal, own_names(request.user))
        return page(request, "account/welcome.html", {"form": form, "onward": going}, status=409)
    asks = is_first and going == reverse("home")
    return redirect(f"{reverse('journey:wishes')}?{urlencode({'next': going})}" if asks else going)


@require_POST
@proven("POST")
def end_session(request, pk):
    """Another device of one's own is signed out."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    sessions.end_sessions(request, [session])
    messages.success(request, _("account.sessions.ended") % {"device": device(session.user_agent)})
    return redirect("usersessions_list")


@require_POST
@proven("POST")
def end_all_sessions(request):
    """Every device is signed out, this one too."""
    sessions.end_sessions(request, list(UserSession.objects.filter(user=request.user)))
    logout(request)
    messages.success(request, _("account.sessions.ended_all"))
    return redirect("account_login")


@require_GET
def interrupted(request):
    """What was typed before the sign-in ran out, ready to be sent now. Asking once more empties nothing."""
    kept = interruption.kept(request)
    if not kept:
        return redirect("home")
    return page(request, "account/interrupted.html", {"kept": kept, "said": "text"})
