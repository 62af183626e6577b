"""allauth speaks with our voice: its messages, its mails and what it refuses are catalogue ids, gathered here."""
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as calling
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from machi.accounts import actions
from machi.notifications import actions as notifications
from machi.privacy.actions import come_back
from machi.shared import clock
from machi.web.frame import devices, limits
from machi.web.frame.proof import is_proven
from machi.web.frame.words import device

MESSAGES = {
    "account/messages/cannot_delete_primary_email.txt": _("account.message.cannot_delete_primary_email"),
    "account/messages/email_confirmation_failed.txt": _("account.message.email_confirmation_failed"),
    "account/messages/email_confirmation_sent.txt": _("account.message.email_confirmation_sent"),
    "account/messages/email_confirmed.txt": _("account.message.email_confirmed"),
    "account/messages/email_deleted.txt": _("account.message.email_deleted"),
    "account/messages/logged_in.txt": _("account.message.logged_in"),
    "account/messages/logged_out.txt": _("account.message.logged_out"),
    "account/messages/login_code_sent.txt": _("account.message.login_code_sent"),
    "account/messages/password_changed.txt": _("account.message.password_changed"),
    "account/messages/password_set.txt": _("account.message.password_set"),
    "account/messages/primary_email_set.txt": _("account.message.primary_email_set"),
    "account/messages/unverified_primary_email.txt": _("account.message.unverified_primary_email"),
    "mfa/messages/recovery_codes_generated.txt": _("account.message.recovery_codes_generated"),
    "mfa/messages/totp_activated.txt": _("account.message.totp_activated"),
    "mfa/messages/totp_deactivated.txt": _("account.message.totp_deactivated"),
    "mfa/messages/webauthn_added.txt": _("account.message.webauthn_added"),
    "mfa/messages/webauthn_removed.txt": _("account.message.webauthn_removed"),
    "usersessions/messages/sessions_logged_out.txt": _("account.message.sessions_logged_out"),
}
QUIET = {"account/messages/email_confirmation_sent.txt", "account/messages/login_code_sent.txt"}     # the page itself says it
GREETINGS = {"account/messages/logged_in.txt", "account/messages/email_confirmed.txt"}     # not for who is here for the first time
CODE = (_("mail.code.subject"), _("mail.code.body"))
SAFETY = _("mail.safety.subject")
MAILS = {   # what allauth calls it: subject, text. A subject never holds a code.
    "account/email/account_already_exists": (_("mail.already_registered.subject"), _("mail.already_registered.body")),
    "account/email/email_changed": (SAFETY, _("mail.email_changed.body")),
    "account/email/email_confirm": (SAFETY, _("mail.email_confirmed.body")),
    "account/email/email_confirmation": CODE,
    "account/email/email_confirmation_signup": CODE,
    "account/email/email_deleted": (SAFETY, _("mail.email_deleted.body")),
    "account/email/login_code": CODE,
    "account/email/password_changed": (SAFETY, _("mail.password_changed.body")),
    "account/email/password_reset": (SAFETY, _("mail.password_changed.body")),
    "account/email/password_reset_code": CODE,
    "account/email/password_set": (SAFETY, _("mail.password_changed.body")),
    "account/email/unknown_account": (_("mail.unknown_account.subject"), _("mail.unknown_account.body")),
    "mfa/email/recovery_codes_generated": (SAFETY, _("mail.recovery_codes_generated.body")),
    "mfa/email/totp_activated": (SAFETY, _("mail.totp_activated.body")),
    "mfa/email/totp_deactivated": (SAFETY, _("mail.totp_deactivated.body")),
    "mfa/email/webauthn_added": (SAFETY, _("mail.webauthn_added.body")),
    "mfa/email/webauthn_removed": (SAFETY, _("mail.webauthn_removed.body")),
}
LONGEST_ADDRESS = 254                               # RFC 5321, and the column
LINKS = {   # the one address a mail of this kind leads to
    "account/email/account_already_exists": "account_request_login_code",
    "account/email/unknown_account": "account_signup",
}


class AccountAdapter(DefaultAccountAdapter):
    """Joining goes through the action of the accounts room; everything that is said is ours."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("account.inactive"),
        "cannot_remove_primary_email": _("account.message.cannot_delete_primary_email"),
        "duplicate_email": _("account.error.email_taken"),
        "email_password_mismatch": _("account.error.mismatch"),
        "email_taken": _("account.error.email_taken"),
        "enter_current_password": _("account.error.current_password"),
        "incorrect_code": _("signup.error_code"),
        "incorrect_password": _("account.error.current_password"),
        "code_is_over": _("account.again.over"),
        "invalid_or_expired_key": _("signup.error_expired"),
        "invalid_login": _("account.error.mismatch"),
        "invalid_password_reset": _("signup.error_expired"),
        "rate_limited": limits.sentence(_("account.error.too_many"), "confirm_email"),
        "same_as_current": _("account.error.same"),
        "too_many_login_attempts": limits.sentence(_("account.error.too_many_tries"), "login_failed"),
        "unverified_primary_email": _("account.message.unverified_primary_email"),
    }

    def clean_email(self, email):
        if len(email) > LONGEST_ADDRESS:
            raise ValidationError(_("signup.error_email"))
        return email

    def save_user(self, request, user, form, commit=True):
        user.email = form.cleaned_data["email"]
        user.set_unusable_password()                # a code signs in; a password can be chosen later
        return actions.join(user=user, versions=form.cleaned_data["papers"])

    def login(self, request, user):
        """Whoever has been here before is told by mail of a browser that the town does not know."""
        is_first_time = user.last_login is None
        super().login(request, user)
        if not is_first_time and not devices.is_known(request, user):
            name = device(request.headers.get("User-Agent", ""))
            actions.note_new_device(person=user, device=name)
            notifications.queue(to=user, kind="account.new_device", about=f"user:{user.pk}", device=name, when_at=clock.now())

    def post_login(self, request, user, **more):
        """Whoever closed their account finds it as it was. Whoever has no name yet says it first, and then goes on to where
        they wanted to go."""
        was_away = come_back(person=user)
        response = super().post_login(request, user, **more)
        if was_away:
            super().add_message(request, messages.SUCCESS, message=str(_("leave.came_back")))
        if not user.display_name:
            response = redirect(f"{reverse('welcome')}?{urlencode({'next': response.url})}")
        devices.remember(request, response, user)
        return response

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """The address that was somebody's first until now is told so; for some days it hears of their money, too."""
        super().send_notification_mail(template_prefix, user, context, email)
        is_given_up = template_prefix == "account/email/email_changed" and email
        if is_given_up and EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists():
            actions.note_address_given_up(person=user, email=email)

    def is_reauthentication_required(self, *, app, **more):
        """Whoever has just signed in has shown who they are, whichever way they took."""
        return super().is_reauthentication_required(app=app, **more) and not is_proven(calling.request)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        if message_template in QUIET or message_template in GREETINGS and not getattr(request.user, "display_name", ""):
            return
        message = message or MESSAGES[message_template]      # a KeyError in tests, never a silent nothing
        super().add_message(request, level, message=str(message) % (message_context or {}), extra_tags=extra_tags)

    def render_mail(self, template_prefix, email, context, headers=None):
        subject, text = MAILS[template_prefix]
        gaps = {"code": context.get("code"), "min": settings.CODE_SECONDS // 60,
                "url": self.request.build_absolute_uri(reverse(LINKS[template_prefix])) if template_prefix in LINKS else ""}
        body = render_to_string("mail/account.txt", {"text": str(text) % gaps})
        return EmailMessage(str(subject), body, self.get_from_email(), [email] if isinstance(email, str) else email, headers=headers)

    def get_reauthentication_methods(self, user):
        names = {"reauthenticate": _("account.use.password"), "mfa_reauthenticate": _("account.use.code"),
                 "mfa_reauthenticate:webauthn": _("account.use.passkey")}
        ways = super().get_reauthentication_methods(user)
        ways.sort(key=lambda way: not way["id"].endswith("webauthn"))       # a touch before typing
        if not any(way["id"].startswith("mfa") for way in ways):            # a mailed code never stands in for a second key
            ways.append({"id": "code", "description": _("account.use.mail"), "url": reverse("proof_by_code")})
        return [{**way, "description": str(names.get(way["id"], way["description"]))} for way in ways]


class MFAAdapter(DefaultMFAAdapter):
    """A second key (二つめのかぎ), named after the device it was made on."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("account.error.app_code")}

    def generate_authenticator_name(self, user, type):
        return device(calling.request.headers.get("User-Agent", ""))
