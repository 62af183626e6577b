"""Answers to what went wrong. They are drawn even when nobody is known: no person, no session."""
import functools
import logging
import secrets

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.template import engines

from machi.web.frame import interrupted, limits
from machi.web.frame.jinja import page

log = logging.getLogger(__name__)


def csrf_failure(request, reason=""):
    """The form was too old. What a page of ours sent is shown again and goes on with one press and a fresh token, never by itself;
    what came from elsewhere is not shown.
    """
    is_ours = interrupted.is_from_here(request)
    if request.headers.get("HX-Request") == "true":
        if is_ours and interrupted.is_closed(request):
            return interrupted.led_aside(request, "" if request.user.is_authenticated else resolve_url(settings.LOGIN_URL))
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    if is_ours and (sent := interrupted.sent(request)).fields:
        return page(request, "account/interrupted.html", {"kept": [sent], "said": "late"}, status=403)
    return page(request, "403_csrf.html", status=403)


def too_many(request):
    """Something came too often in a short time (config/limits.py): when to try again, in words and for programs."""
    minutes = limits.minutes_to_wait(request)
    answer = page(request, "429.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def limited(action: str, *, counts_looks: bool = False):
    """Sending a form to this view counts, and looking at it where the limit says so; beyond it, the answer is when to try again."""
    def decorate(view):
        @functools.wraps(view)
        def door(request, *args, **kwargs):
            is_allowed = limits.is_allowed(request, action, counts_looks=counts_looks)
            return view(request, *args, **kwargs) if is_allowed else too_many(request)
        return door
    return decorate


def server_error(request):
    """The town's own fault: a page that needs nothing, with a number under which the log knows more."""
    reference = secrets.token_hex(4)
    log.error("%s: the page %s could not be drawn", reference, request.path)
    body = engines["jinja2"].env.get_template("500.html").render({"reference": reference})
    return HttpResponse(body, status=500)
