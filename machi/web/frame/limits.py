"""How often something may be tried (config/limits.py), and when to try again. Counted by allauth's own counter, for all processes."""
import math
import time

from allauth.core.internal.ratelimit import Rate, consume, get_cache_key, get_rates
from django.conf import settings
from django.core.cache import cache
from django.utils.functional import lazystr

APP = "machi.web"
# Where a limit may be met: name of the address -> whose limit it is, and its name.
MET_AT = {
    "account_login": (("allauth.account", "login"), ("allauth.account", "request_login_code")),
    "account_signup": (("allauth.account", "signup"),),
    "account_request_login_code": (("allauth.account", "request_login_code"),),
    "account_reset_password": (("allauth.account", "reset_password"),),
    "account_complete_password_reset": (("allauth.account", "reset_password_from_key"),),
    "account_change_password": (("allauth.account", "change_password"),),
    "account_set_password": (("allauth.account", "change_password"),),
    "account_email": (("allauth.account", "manage_email"),),
    "account_reauthenticate": (("allauth.account", "reauthenticate"),),
    "mfa_reauthenticate": (("allauth.account", "reauthenticate"),),
    "mfa_reauthenticate_webauthn": (("allauth.account", "reauthenticate"),),
    "mfa_login_webauthn": (("allauth.mfa", "webauthn_login"),),
    "proof_by_code": (("allauth.account", "reauthenticate"), (APP, "prove_by_code")),
    "desk:people": ((APP, "find_person"),),
    "desk:adjustments": ((APP, "find_person"),),
    "portfolio:add": ((APP, "put_file"),),
    "portfolio:add_file": ((APP, "put_file"),),
    "tasks:answer": ((APP, "answer_file"),),
    "tasks:items": ((APP, "put_file"),),
    "tasks:media": ((APP, "put_file"),),
    "contests:write": ((APP, "put_file"),),
    "contests:show": ((APP, "put_file"),),
    "cv:pdf": ((APP, "set_sheet"),),
    "record:pdf": ((APP, "set_sheet"),),
    "desk:person": ((APP, "look_at_person"),),
    "desk:give_duty": ((APP, "look_at_person"),),
    "desk:end_duty": ((APP, "look_at_person"),),
}
LONGEST = 600


def is_allowed(request, action: str, *, counts_looks: bool = False) -> bool:
    """One more of ours. Forms that are sent are counted; looking at a page only where the limit says so."""
    return consume(request, app=APP, action=action, config=settings.RATE_LIMITS, limit_get=counts_looks) is not None


def minutes_to_wait(request) -> int:
    """After how many minutes the address that was refused can be used again."""
    match = request.resolver_match
    waits = [_wait(request, app, action, rate) for app, action in MET_AT.get(match.view_name if match else "", ())
             for rate in _rates(app, action)]
    return max(1, math.ceil(max(waits, default=0) / 60)) if any(waits) else LONGEST // 60


def sentence(text, action: str):
    """A text with the longest time that this limit can last, in minutes."""
    return lazystr(_Sentence(text, action))


class _Sentence:
    def __init__(self, text, action: str):
        self.text, self.action = text, action

    def __str__(self) -> str:
        longest = max((rate.duration for rate in _rates("allauth.account", self.action)), default=60)
        return str(self.text) % {"min": math.ceil(longest / 60)}


def _rates(app: str, action: str) -> list[Rate]:
    return get_rates(app=app, action=action, config=settings.RATE_LIMITS if app == APP else None)


def _wait(request, app: str, action: str, rate: Rate) -> float:
    """Seconds until one more fits; 0 where it fits already."""
    typed = request.POST.get("email") or request.POST.get("login") or ""
    if rate.per == "user" and not request.user.is_authenticated:
        return 0
    tries = cache.get(get_cache_key(request, app=app, action=action, rate=rate, key=typed.strip().lower(), user=request.user), [])
    return max(0.0, tries[-1] + rate.duration - time.time()) if len(tries) >= rate.amount else 0
