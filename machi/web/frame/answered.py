"""An answer to a micro-task in words; of files the way to them."""
from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from machi.files.kinds import PICTURES
from machi.tasks import forms
from machi.web.frame.words import size


def said_in(values: Mapping | None, form: forms.Form, way: Callable[[str], str] | None = None) -> list[tuple[str, str]]:
    """(label, answer) of every block that has one. `way`: from the key of a file to its address, where it is another than that of both
    sides.
    """
    return [(block.label, _links(values[block.name], way) if block in form.files else forms.plain_of(values[block.name], block))
            for block in form.blocks if values and block.name in values]


def _links(value, way: Callable[[str], str] | None) -> str:
    return format_html_join(" ", "{}", ((_link(one, way),) for one in forms.files_of(value)))


def _link(one: forms.Given, way: Callable[[str], str] | None) -> str:
    """Its name and how large it is; what a picture shows stands before them."""
    to = way(one.key) if way else reverse("tasks:file", args=[one.key])
    shown = format_html('<img src="{}" alt="" loading="lazy">', reverse("tasks:small", args=[one.key])) if (
        one.kind in PICTURES and way is None) else ""
    return format_html('<span class="given-file">{}<a href="{}" download dir="auto">{}</a> <span class="muted">{}</span></span>',
                       shown, to, one.name, size(one.size))
