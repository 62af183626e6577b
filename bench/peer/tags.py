"""Small tags and filters, as a Django project has them: words with gaps, numbers and days as people read them, icons."""
from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext

from machi.notifications import words as town
from machi.portfolio.links import place_of
from machi.taxes import rates as taxes
from machi.web.frame import phrases, words

register = template.Library()
for name in ("yen", "day", "moment", "until", "paragraphs", "initial", "number"):
    register.filter(name, getattr(words, name), is_safe=name == "paragraphs")
register.filter("called", town.called)
register.filter("place_of", place_of)
register.filter("withheld_name", taxes.withheld_name)
register.filter("phrases", phrases.phrases, is_safe=True)

_SHAPES = {
    "draft": "pencil-line", "open": "door-open", "closed": "lock", "awarded": "users-round", "ended": "circle-stop",
    "submitted": "send", "shortlisted": "star", "offered": "mail-open", "pending_funding": "hourglass", "active": "play",
    "completed": "award", "ending": "hourglass", "void": "circle-off", "agreed": "handshake", "funded": "shield-check",
    "delivered": "package-check", "accepted": "circle-check-big", "refunded": "undo-2", "disputed": "circle-alert", "paid": "landmark",
    "settled": "circle-check-big", "requested": "hourglass", "sending": "arrow-right-left", "returned": "undo-2"}
_TONES = {
    "key": {"open", "submitted", "shortlisted", "active", "agreed", "funded", "sending"},
    "sun": {"offered", "delivered", "pending_funding", "requested", "ending"},
    "solid": {"accepted", "completed", "paid", "settled", "awarded"}, "bad": {"disputed"}}


@register.simple_tag
def said(word: str, **gaps):
    """{% said "home.hello" name=person.name %}: our words are named by ids, so blocktranslate does not see their gaps."""
    return mark_safe(gettext(word) % {name: conditional_escape(value) for name, value in gaps.items()})


@register.simple_tag
def counted(word: str, n: int, **gaps):
    """{% counted "count.people" 3 %}"""
    return mark_safe(ngettext(word, word, n) % {"num": n, **{name: conditional_escape(value) for name, value in gaps.items()}})


@register.simple_tag
def icon(name: str):
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name)


@register.filter
def shape(state: str) -> str:
    return _SHAPES.get(state, "circle-dot")


@register.filter
def tone(state: str) -> str:
    return next((tone for tone, states in _TONES.items() if state in states), "calm")


@register.filter
def after(there, here) -> int:
    """Days from one day to another."""
    return (there - here).days


@register.filter
def negative(amount):
    return 0 - amount


@register.filter
def size(count: int) -> str:
    """1.2 MB, 340 KB"""
    return f"{round(count / 1_000_000, 1)} MB" if count >= 1_000_000 else f"{words.number(-(-count // 1000))} KB"


@register.filter
def points(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@register.simple_tag
def widget(bound):
    """A field without its label, described by its hint and its error."""
    described = " ".join(f"{bound.auto_id}_{end}" for end, is_there in (("helptext", bound.help_text), ("error", bound.errors)) if is_there)
    return bound.as_widget(attrs={"placeholder": ""} | ({"aria-describedby": described} if described else {}))


@register.filter
def read_as(name: str, reading: str):
    """A name with its reading above it."""
    return format_html("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", name, reading) if reading and reading != name else name


@register.filter
def waits_on(availability, day) -> bool:
    return availability.waits_on(day)
