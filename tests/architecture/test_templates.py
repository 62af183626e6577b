"""A template that names what nobody gave it fails in tests, instead of showing a blank."""
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
