from django.apps import AppConfig
from django.core.validators import EmailValidator, ProhibitNullCharactersValidator
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "machi.web"

    def ready(self):
        """The two commonest things that Django's and allauth's forms say, in our voice and all three languages."""
        Field.default_error_messages["required"] = _("form.required")
        EmailValidator.message = _("signup.error_email")
        ProhibitNullCharactersValidator.message = _("form.invisible")
