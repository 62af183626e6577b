"""The forms at the gate: joining (登録) asks for an address, one box 「18歳以上です」 and agreement; coming in asks for an address."""
from allauth.account.forms import LoginForm, SignupForm
from allauth.account.internal.stagekit import unstash_login
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from machi.accounts import actions
from machi.web.frame import papers


class EnterForm(LoginForm):
    """Most people have no password: without one, a code goes to the address."""

    def _setup_password_field(self):
        self.fields["password"].required = False


class JoinForm(SignupForm):
    """The first of three screens."""

    is_adult = forms.BooleanField(label=_("signup.adult"), error_messages={"required": _("signup.adult.required")})
    agrees = forms.BooleanField(label=_("signup.agrees"), error_messages={"required": _("signup.agrees.required")})
    papers = forms.Field(required=False, widget=forms.HiddenInput, initial=papers.shown)
    field_order = ["email", "is_adult", "agrees", "papers"]

    def clean_papers(self) -> dict[str, str]:
        """The versions that were shown, which are what is agreed to. When others hold by now, they are read first."""
        if self.cleaned_data["papers"] != papers.shown():
            self.data = self.data.copy()
            self.data["papers"] = papers.shown()
            self.data.pop("agrees", None)
            self.add_error("agrees", _("signup.agrees.renewed"))
        return papers.versions()

    def try_save(self, request):
        """A second click of the same person leads to the same code; two people with one address never meet."""
        email = self.cleaned_data["email"]
        waiting = unstash_login(request, peek=True)
        if waiting and waiting.signup and (waiting.email or getattr(waiting.user, "email", None)) == email:
            return None, HttpResponseRedirect(reverse("account_email_verification_sent"))
        try:
            if not self.account_already_exists:
                with transaction.atomic():
                    return super().try_save(request)
        except IntegrityError:                      # the same address joined in this very moment, in another window
            self.account_already_exists = True
        actions.note_joining_again(email=email, versions=self.cleaned_data["papers"])
        return super().try_save(request)
