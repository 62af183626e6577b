"""A template that names what nobody gave it fails in tests, instead of showing a blank."""
import re

import jinja2
import pytest
from django.template import engines


@pytest.mark.parametrize("planted", [
    "{{ nobody }}", "{{ job.nobody }}", "{% if nobody %}{% endif %}", "{% for one in nobody %}{% endfor %}",
    "{{ ui.icon(nobody) }}",
])
def test_an_unknown_name_is_an_error(planted):
    with pytest.raises(jinja2.UndefinedError, match="nobody"):
        engines["jinja2"].env.from_string(planted).render({"job": object()})


def test_an_unknown_component_is_an_error():
    with pytest.raises(jinja2.UndefinedError, match="hologram"):
        engines["jinja2"].env.from_string("{{ ui.hologram() }}").render()


def test_every_template_can_be_read():
    env = engines["jinja2"].env
    names = env.list_templates(extensions=["html", "txt", "svg"])

    assert len(names) > 40
    for name in names:
        env.get_template(name)


HEADING = re.compile(r"<(h[1-4])\b[^>]*>(.*?)</\1>", re.S)


def unbroken(template: str) -> list[str]:
    """Words of a heading that have no place to break: in large letters they would stick out of a phone."""
    return [said for _level, heading in HEADING.findall(template) for said in re.findall(r"\{\{(.*?)\}\}", heading)
            if re.search(r"\b(_|ngettext)\(", said) and "|phrases" not in said and not said.strip().startswith("ui.")]


def test_every_heading_has_places_to_break():
    env = engines["jinja2"].env

    assert unbroken('<h2 id="pay">{{ _("home.payment") }}</h2>') and not unbroken('<h2>{{ _("home.payment")|phrases }}</h2>')
    assert not {name: found for name in env.list_templates(extensions=["html"])
                if (found := unbroken(env.loader.get_source(env, name)[0]))}
