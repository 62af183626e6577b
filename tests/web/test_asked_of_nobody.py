"""Nobody is asked for an age, a birth date, a sex, a nationality, a disability or a photo; none is kept, shown or searched by (F62, F74).

The one question about age is a box at the gate, 「18歳以上です」: a yes, and no number.
"""
import importlib
import pkgutil
import re

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.utils import translation

import machi.web
from tests.architecture.reading import files, name_of

NAMES = re.compile(r"(^|_)(ages?|birth\w*|born(?!e(_|$))\w*|sex|gender\w*|nationalit\w*|citizen\w*|race|ethnic\w*|disab\w*|handicap\w*"
                   r"|impair\w*"
                   r"|photos?|portrait|selfie|headshot|face|marital\w*|married|religion|pregnan\w*|illness|diagnos\w*)(_|$)", re.I)
WORDS = re.compile(r"年齢|年れい|何歳|生年月日|誕生日|生まれた日|性別|男女|国籍|人種|障害|障がい|顔写真|本人の写真|病名|持病|既婚|宗教"
                   r"|\b(age|birth\w*|sex|gender|nationality|disabilit\w*|photo of you|your photo|illness|religion)\b", re.I)
NOT_ASKED = re.compile(r"書かなくて(も)?(いい|かまいません)|need not", re.I)          # a hint that takes the question away
SENTENCE = re.compile(r"(?<=[。.])")
ALLOWED = {"is_adult"}
READ = re.compile(r"""(?:GET|POST|FILES)(?:\.get|\.getlist|\.pop)?[(\[]\s*["'](\w+)["']""")
INPUT = re.compile(r"""\bname=["']([\w-]+)["']""")


def all_forms() -> set[type[forms.BaseForm]]:
    """Every form of the town and of the libraries it uses."""
    for module in pkgutil.walk_packages(machi.web.__path__, "machi.web."):
        importlib.import_module(module.name)
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form not in found:
                found.add(form)
                waiting.append(form)
    return {form for form in found if form.__module__.startswith("machi.")}


def asked_by(form: type[forms.BaseForm]) -> list[str]:
    """The fields of a form that ask for what nobody is asked, by their name or by their words in any language."""
    found = []
    for name, field in form.base_fields.items():
        words = []
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words += [str(field.label or ""), str(field.help_text or "")]
                if not isinstance(field, forms.ModelChoiceField):       # its choices are rows: a topic is what a text is about
                    words += [str(label) for _value, label in getattr(field, "choices", ())]
        if name not in ALLOWED and (NAMES.search(name) or any(_asks(text) for text in words)):
            found.append(f"{form.__name__}.{name}")
    return found


def _asks(text: str) -> bool:
    return any(WORDS.search(sentence) and not NOT_ASKED.search(sentence) for sentence in SENTENCE.split(text))


@pytest.mark.django_db
def test_no_form_asks():
    assert len(all_forms()) > 20
    assert [one for form in sorted(all_forms(), key=lambda form: form.__qualname__) for one in asked_by(form)] == []


def test_no_column_keeps_it():
    ours = [table for table in apps.get_models() if table.__module__.startswith("machi.")]
    columns = [str(field) for table in ours for field in table._meta.local_concrete_fields]

    assert len(columns) > 150
    assert [column for column in columns if NAMES.search(column.rpartition(".")[2])] == []


def test_no_page_searches_by_it_or_sends_it():
    found = {name_of(path): [name for name in READ.findall(path.read_text()) if NAMES.search(name)] for path in files("machi/web")}
    found |= {name_of(path): [name for name in INPUT.findall(path.read_text()) if NAMES.search(name)]
              for path in files("machi/web", endings=(".html",))}

    assert len(found) > 100 and {name: asked for name, asked in found.items() if asked} == {}


@pytest.mark.parametrize("planted", [
    {"age": forms.IntegerField()}, {"birth_date": forms.DateField()}, {"about_you": forms.CharField(label="生年月日")},
    {"more": forms.ChoiceField(choices=[("f", "性別を答えない")])}, {"profile_photo": forms.ImageField()},
    {"x": forms.CharField(label="Your nationality")}, {"y": forms.CharField(help_text="障害のある方は書いてください")}])
def test_a_form_that_asks_is_found(planted):
    assert len(asked_by(type("Planted", (forms.Form,), planted))) == 1


@pytest.mark.parametrize("innocent", ["page", "message", "language", "stage", "manager", "average_days", "usage", "image", "village"])
def test_innocent_names_are_spared(innocent):
    assert asked_by(type("Planted", (forms.Form,), {innocent: forms.CharField(label="言葉")})) == []
