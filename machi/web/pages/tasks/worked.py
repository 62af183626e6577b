"""Bundles and answers as their worker reads them."""
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django import forms as fields
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.shared.money import Yen
from machi.tasks import doing, forms, policies
from machi.tasks.doing import Standing
from machi.tasks.models import Answer, Bundle
from machi.tasks.queries import cells_of
from machi.taxes.queries import is_company
from machi.web.frame.answered import said_in
from machi.web.frame.fields import CleanText
from machi.web.pages.tasks.offered import lasting

LONGEST = 1000                                      # letters of an appeal


class AppealForm(fields.Form):
    words = CleanText(lines=True, rows=5, label=gettext_lazy("tasks.appeal.words"), max_length=LONGEST,
                      help_text=gettext_lazy("tasks.appeal.words.hint"))


class Line(NamedTuple):
    """A bundle in a list."""

    bundle: Bundle
    standing: Standing
    net: Yen
    time: str


class Said(NamedTuple):
    """An answer beside its item: (label, text) of what was shown, and of what was answered; of a gold what is right, and why."""

    answer: Answer
    shown: list[tuple[str, str]]
    said: list[tuple[str, str]]
    truth: str
    can_appeal: bool


def lines(bundles: Sequence[Bundle], is_firm: bool) -> list[Line]:
    found = doing.standings(bundles)
    return [Line(bundle, found[bundle.pk], doing.net_so_far(bundle, found[bundle.pk], is_company=is_firm), lasting(bundle.seconds))
            for bundle in bundles]


def under(bundle: Bundle, user) -> dict:
    """How far it is, and what it brings so far."""
    standing = doing.standing_of(bundle)
    return {"bundle": bundle, "batch": bundle.batch, "standing": standing, "time": lasting(bundle.seconds),
            "net": doing.net_so_far(bundle, standing, is_company=is_company(user))}


def refusal_lines(bundle: Bundle, answers: Iterable[Answer]) -> list[Said]:
    return [said_of(bundle, answer) for answer in answers]


def said_of(bundle: Bundle, answer: Answer) -> Said:
    form = forms.parse(bundle.form.parts)
    cells, values = cells_of(answer.item, bundle.batch), answer.values or {}
    shown = [(part.label or column, cells.get(column, "")) for part in form.shown for column in part.columns[:1] if cells.get(column)]
    said = [(label, text) for label, text in said_in(values, form) if text]
    return Said(answer, shown, said or [(_("tasks.said.none"), "")], answer.item.truth["text"] if answer.item.is_gold else "",
                policies.can_appeal(bundle.worker, answer))
