"""Django's own templates, set up as its documentation says: the cached loader, and what most pages need as builtins."""
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.backends.django import DjangoTemplates

from machi.notifications.models import Notice
from machi.notifications.queries import COUNTED
from machi.web.frame.acting import acting
from machi.web.frame.look import chosen

HERE = Path(__file__).resolve().parent


def page(request, template: str, context: dict) -> HttpResponse:
    return HttpResponse(ENGINE.get_template(template).render(context, request))


def frame(request) -> dict:
    """What the frame of every page shows."""
    new = Notice.objects.filter(user=request.user, read_at=None)[:COUNTED].count()
    return {"chosen": chosen(request), "town": settings, "person": request.user, "new": new, "acting": acting(request.user)}


ENGINE = DjangoTemplates({"NAME": "peer", "DIRS": [HERE / "templates"], "APP_DIRS": False, "OPTIONS": {
    "debug": False,
    "libraries": {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static", "l10n": "django.templatetags.l10n",
                  "django_htmx": "django_htmx.templatetags.django_htmx", "peer": "bench.peer.tags"},
    "builtins": ["django.templatetags.i18n", "django.templatetags.static", "django.templatetags.l10n",
                 "django_htmx.templatetags.django_htmx", "bench.peer.tags"],
    "context_processors": ["django.template.context_processors.request", "django.template.context_processors.i18n",
                           "django.contrib.messages.context_processors.messages", "bench.peer.engine.frame"]}})
