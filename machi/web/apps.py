import threading

from django.apps import AppConfig
from django.core.validators import EmailValidator, ProhibitNullCharactersValidator
from django.forms import Field
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real


class WebConfig(AppConfig):
    name = "machi.web"

    def ready(self):
        """The two commonest things that Django's and allauth's forms say, in our voice and all three languages.

        And where Django remembers which language is spoken. Its own place is made for tasks that move between threads and takes eight times
        as long to answer; a page asks it a hundred times. Here a request has one thread from its beginning to its end.
        """
        trans_real._active = threading.local()
        Field.default_error_messages["required"] = _("form.required")
        EmailValidator.message = _("signup.error_email")
        ProhibitNullCharactersValidator.message = _("form.invisible")
