"""Django's own templates, set up as its documentation says: the cached loader, and what most pages need as builtins."""
from pathlib import Path

from django.conf import settings
from django.forms import renderers
from django.http import HttpResponse
from django.template.backends.django import DjangoTemplates

from machi.web.frame.acting import acting
from machi.web.frame.look import chosen, unread

HERE = Path(__file__).resolve().parent
FIELDS = renderers.DjangoTemplates()                # what a form is drawn with unless somebody says otherwise


def page(request, template: str, context: dict) -> HttpResponse:
    return HttpResponse(ENGINE.get_template(template).render(context, request))


def frame(request) -> dict:
    """What the frame of every page shows."""
    user = request.user
    return {"chosen": chosen(request), "town": settings, "person": user, "new": unread(user), "acting": acting(user)}


ENGINE = DjangoTemplates({"NAME": "peer", "DIRS": [HERE / "templates"], "APP_DIRS": False, "OPTIONS": {
    "debug": False,
    "builtins": ["django.templatetags.i18n", "django.templatetags.static", "django.templatetags.l10n",
                 "django_htmx.templatetags.django_htmx", "bench.peer.tags"],
    "context_processors": ["django.template.context_processors.request", "django.template.context_processors.i18n",
                           "django.contrib.messages.context_processors.messages", "bench.peer.engine.frame"]}})
