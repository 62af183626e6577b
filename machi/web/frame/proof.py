"""Who somebody is, shown once more before what a stranger at their open browser must not do (再認証).

Whoever has just signed in has shown it, in whatever way. Later it takes the password, a second key, or a code that is mailed: the
last for people who have no second key, because somebody who reads their mail could sign in as well (trust.md T14, T31).
"""
import time
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.models import EmailAddress
from django.conf import settings

from machi.web.frame import interrupted

# Pages of allauth that change how somebody gets in: name of the address -> the methods that need the proof.
BOTH = ("GET", "POST")
SENSITIVE = {
    "account_email": ("POST",), "account_set_password": BOTH, "usersessions_list": ("POST",),
    "mfa_activate_totp": BOTH, "mfa_deactivate_totp": BOTH, "mfa_add_webauthn": BOTH, "mfa_remove_webauthn": BOTH,
    "mfa_edit_webauthn": BOTH, "mfa_generate_recovery_codes": BOTH, "mfa_view_recovery_codes": BOTH, "mfa_download_recovery_codes": BOTH,
}


def is_proven(request) -> bool:
    """Did this session show within the last minutes who it is?"""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] > since for record in get_authentication_records(request, request.user))


def proven(*methods: str):
    """The view is answered only when somebody has just shown who they are; what they sent waits meanwhile (interrupted.py)."""
    def decorate(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            if request.method in methods and not is_proven(request):
                return led_to_proof(request)
            return view(request, *args, **kwargs)
        return door
    return decorate


def led_to_proof(request):
    """To the first way this person has, and back."""
    return interrupted.led_aside(request, get_adapter().get_reauthentication_methods(request.user)[0]["url"])


def ProvenFirst(get_response):
    """allauth asks whoever has a password or a second key. Those who have neither are asked for a code from their mail."""
    def door(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        needs = request.method in SENSITIVE.get(request.resolver_match.view_name, ())
        return led_to_proof(request) if needs and request.user.is_authenticated and not is_proven(request) else None

    door.process_view = process_view
    return door


class MailedProof(AbstractCodeVerificationProcess):
    """A code that is mailed to somebody who is signed in, and works in this session only, a few minutes long, and once."""

    KEY = "proof_by_code"

    def __init__(self, request):
        self.request = request
        state = request.session.get(self.KEY) or self.initial_state(user=request.user, email=address_of(request.user))
        super().__init__(settings.CODE_TRIES, settings.CODE_SECONDS, state, request.user)

    @property
    def is_sent(self) -> bool:
        return bool(self.code) and self.is_valid() and self.state.get("user_id") == str(self.user.pk)

    def send(self) -> None:
        """A fresh code; the one before it works no longer."""
        self.state = self.initial_state(user=self.request.user, email=address_of(self.request.user))
        self.state["code"] = get_adapter().generate_login_code()
        get_adapter().send_mail("account/email/login_code", self.state["email"], {"code": self.state["code"]})
        self.persist()

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)


def address_of(user) -> str:
    """Where a code may go: the address that was confirmed. Nobody came in without one."""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()
    return found.email if found else user.email
