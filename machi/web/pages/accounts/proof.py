"""A code by mail, for whoever has neither password nor second key and must show once more who they are."""
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from machi.web.frame import limits, problems
from machi.web.frame.jinja import page
from machi.web.frame.proof import MailedProof


class ProofByCode(BaseReauthenticateView):
    """First the button that sends a code, then the field for it."""

    @cached_property
    def mailed(self) -> MailedProof:
        return MailedProof(self.request)

    @property
    def wants_code(self) -> bool:
        return self.request.method == "POST" and "send" in self.request.POST

    def get_form_class(self):
        return forms.Form if self.wants_code else ConfirmLoginCodeForm

    def get_form_kwargs(self) -> dict:
        expected = {} if self.wants_code else {"code": self.mailed.code if self.mailed.is_sent else ""}
        return super().get_form_kwargs() | expected

    def form_valid(self, form) -> HttpResponse:
        if self.wants_code:
            if not limits.is_allowed(self.request, "prove_by_code"):
                return problems.too_many(self.request)
            self.mailed.send()
            return redirect(self.passthrough_next_url(self.request.path))
        if not self.mailed.is_sent:
            return self.form_invalid(form)
        self.mailed.abort()
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return super().form_valid(form)

    def form_invalid(self, form) -> HttpResponse:
        if self.mailed.is_sent and self.mailed.record_invalid_attempt():
            return super().form_invalid(form)
        get_adapter().add_message(self.request, messages.WARNING, message=get_adapter().error_messages["code_is_over"])
        return redirect(self.passthrough_next_url(self.request.path))

    def render_to_response(self, context, **options) -> HttpResponse:
        context |= {"is_sent": self.mailed.is_sent, "email": self.mailed.state.get("email", "")}
        return page(self.request, "account/proof_by_code.html", context, status=422 if context["form"].errors else 200)
