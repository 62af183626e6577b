"""Icons: found in the templates, gathered into one sprite. An unknown one is an error, not an empty square."""
import re

import jinja2
import lucide
import pytest
from django.contrib.staticfiles import finders
from django.template import engines

from machi.web.frame import icons


def test_every_icon_that_is_named_exists():
    for name in sorted(icons.used()):
        lucide._load_icon(name)


def test_the_sprite_holds_what_the_templates_name():
    sprite = icons.sprite()

    assert {"bell", "menu", "languages", "shield-check", "sprout", "trophy", "handshake"} <= icons.used()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icons.used() and "<script" not in sprite


def test_the_sprite_lies_among_the_static_files():
    with open(finders.find("icons.svg")) as file:
        assert file.read() == icons.sprite()


def test_icons_are_found_wherever_a_template_can_name_them():
    places = {"icon": ["icon_name"], "button": ["text", "href", "kind", "icon_name"]}
    text = ('{{ ui.icon("a" if x else "b") }}{{ ui.button("t", none, "solid", "c") }}{{ icon(icon_name="d") }}{{ ui.button("e", "f") }}'
            '{% set state_icons = {"g": "h"} %}{{ other("i") }}')

    assert set(icons._in_template(jinja2.Environment().parse(text), places)) == {"a", "b", "c", "d", "h"}


def test_an_unknown_icon_is_an_error():
    with pytest.raises(LookupError, match="no-such-icon"):
        engines["jinja2"].env.from_string('{{ ui.icon(name) }}').render(name="no-such-icon")
