"""The demo pages open only in a demo town, and only for whoever sits at the machine itself. For everybody else they do not exist."""
import ipaddress
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.http.request import split_domain_port

PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")      # somebody stands in between


def demo_only(view):
    """One-click sign-in and a clock that moves are for a town of invented people on one's own machine."""
    @wraps(view)
    def door(request, *args, **kwargs):
        if not (settings.DEMO_TOWN and is_from_here(request)):
            raise Http404
        return view(request, *args, **kwargs)
    return login_not_required(door)


def is_from_here(request) -> bool:
    """Does the request come from this machine, to a name of this machine, through nobody else's hands?"""
    host, _port = split_domain_port(request.get_host())
    return (_is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host.strip("[]")))
            and not any(name in request.headers for name in PASSED_ON))


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback
