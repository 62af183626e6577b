"""The desks of the town's own people (/desk/...): for whoever holds the duty, and has used their second key in this session.

    @at_desk("finance", "auditor")
    @require_GET
    def payouts(request): ...

A visitor is led to the door. For a person without the duty the desk does not exist: the very 404 of a missing page. Whoever
holds it without a second key (二つめのかぎ) is led to make one, or to use the one they have (trust.md T34).
"""
import time
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.accounts import roles
from machi.accounts.queries import duties_of
from machi.web.frame import interrupted

SECONDS = 8 * 3600                                  # how long a second key opens the desks
VISITING = "visits_the_demo_town"                   # this session began with one click in a demo town
KEYS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def at_desk(*duties: str):
    """The view is for whoever holds one of these duties. Stands outermost: what does not exist has no wrong method either."""
    if unknown := set(duties) - roles.DUTIES.keys():
        raise ValueError(f"no duty is called {unknown}")

    def decorate(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            if not duties_of(request.user) & set(duties):
                raise Http404
            if not has_used_second_key(request):
                return _led_to_second_key(request)
            return view(request, *args, **kwargs)
        door.duties = duties
        return door
    return decorate


def has_used_second_key(request) -> bool:
    """Within the last hours, in this very session. In a demo town the one click of an invented person counts as it."""
    if settings.DEMO_TOWN and request.session.get(VISITING):
        return True
    since = time.time() - SECONDS
    return any(record.get("method") == "mfa" and record["at"] > since for record in get_authentication_records(request, request.user))


def _led_to_second_key(request) -> HttpResponse:
    """To use it, and back; or to make one. What was typed waits."""
    if not is_mfa_enabled(request.user, KEYS):
        messages.info(request, _("desk.key.make"))
        return redirect("mfa_index")
    ways = [way for way in get_adapter().get_reauthentication_methods(request.user) if way["id"].startswith("mfa")]
    messages.info(request, _("desk.key.use"))
    return interrupted.led_aside(request, ways[0]["url"])
