"""Answers to what went wrong. They are drawn even when nobody is known: no person, no session."""
import functools
import logging
import secrets

from django.http import HttpResponse
from django.template import engines

from machi.web.frame import limits
from machi.web.frame.jinja import page

log = logging.getLogger(__name__)


def csrf_failure(request, reason=""):
    """The form was too old. Inside a swap the page loads itself anew, instead of showing a page in a box."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
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
    log.error("a page could not be drawn", extra={"reference": reference, "path": request.path})
    body = engines["jinja2"].env.get_template("500.html").render({"reference": reference})
    return HttpResponse(body, status=500)
