"""Beside every field of my page stands its コツ: what is typed has an example too, in every language (F15)."""
import inspect
import pkgutil
import re
from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from machi.web.pages.portfolio import forms as portfolio
from machi.web.pages.profiles import forms as profiles
from machi.web.pages.profiles.lines import KINDS, LINES
from tests.people import a_person
from tests.web.journey.test_wishes import main_of

MODULES = [portfolio, *(import_module(f"{profiles.__name__}.{one.name}") for one in pkgutil.iter_modules(profiles.__path__))]
FORMS = [form for module in MODULES for _name, form in inspect.getmembers(module, inspect.isclass)
         if issubclass(form, forms.Form) and form.__module__ == module.__name__]
TIP, EXAMPLE = re.compile("コツ：|Tip: "), re.compile("例：.|Example: .")
CHOSEN = (forms.RadioSelect, forms.CheckboxInput)           # a tip is enough: the choices are the examples
EXPLAINED = ("me.pay.seen.label", "piece.shown")            # だれが見るか: the answers say all there is to say
READ_ONCE = re.compile(r"(statement|evidence|hand_me)_[23]")                # the same three fields stand above, with their tips
PAGES = [*(reverse("profiles:line", args=[line]) for line in LINES), *(reverse("profiles:add", args=[kind]) for kind in KINDS),
         *(reverse("profiles:question", args=[step]) for step in ("name", "strength", "heart")), reverse("profiles:expert"),
         reverse("portfolio:add")]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_field_has_its_tip_and_what_is_typed_an_example(db, language):
    missing = []
    with translation.override(language):
        explained = {gettext(label) for label in EXPLAINED}
        for form in FORMS:
            for name, field in form().fields.items():
                tip, needs_none = str(field.help_text), str(field.label) in explained or READ_ONCE.fullmatch(name)
                has_all = TIP.match(tip) and (isinstance(field.widget, CHOSEN) or EXAMPLE.search(tip))
                if tip if needs_none else not has_all:
                    missing.append(f"{form.__name__}.{name}: {tip}")
    assert len(FORMS) > 20 and not missing


@pytest.mark.parametrize("address", PAGES)
def test_the_tips_stand_on_the_page(db, browser, address):
    browser.force_login(a_person("みどり"))

    page = main_of(browser.get(address))

    fields = set(re.findall(r'<(?:input|textarea|select)\b(?![^>]*type="hidden")[^>]*\bname="(\w+)"', page))
    bare = {name for name in fields if not re.search(rf'id="id_{name}_helptext">コツ：', page) and not READ_ONCE.fullmatch(name)}
    assert fields and bare <= {"is_public", "shown"}
