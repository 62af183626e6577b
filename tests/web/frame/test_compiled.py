"""What the environment of the templates does for speed changes nothing that anybody reads."""
import threading

import jinja2
import pytest
from django.utils import translation
from markupsafe import Markup

from machi.web.frame.jinja import environment

PARTS = {
    "page.html": '{% set name = "外" %}{% for word in words %}{% include "part.html" %}{% endfor %}{{ name }}|{{ told is defined }}',
    "part.html": '{% set name = "内" %}{% macro told() %}{{ word }}{% endmacro %}[{{ name }}{{ told() }}{{ more|default("") }}]',
    "flat.html": '{% set name = "外" %}{% include "part.html" %}{{ name }}',
    "child.html": '{% set more = "!" %}{% include "part.html" %}',
    "block.html": '{% include "own.html" %}', "own.html": "{% block it %}{{ 1 }}{% endblock %}",
}


@pytest.fixture(params=[False, True], ids=["compiled in", "fetched each time"])
def env(request):
    made = environment("ja", auto_reload=request.param, loader=jinja2.DictLoader(PARTS))
    made.globals["word"] = "街"
    return made


def test_a_part_sees_what_stands_around_it_and_keeps_what_it_sets(env):
    assert env.get_template("page.html").render(words=["あ", "い"]) == "[内あ][内い]外|False"
    assert env.get_template("flat.html").render() == "[内街]外"
    assert env.get_template("child.html").render() == "[内街!]"
    assert env.get_template("block.html").render() == "1"


@pytest.mark.parametrize(("value", "written"), [
    ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"), (Markup("<b>"), "<b>"), ("街9", "街9"), ("", ""), (7, "7"), (None, "None"),
    (["<"], "[&#39;&lt;&#39;]")])
def test_every_value_is_escaped_that_is_not_safe_already(env, value, written):
    assert env.from_string("{{ value }}").render(value=value) == written
    assert env.from_string("{% set x %}{{ value }}{% endset %}{{ x }}").render(value=value) == written
    assert env.from_string("{% macro m(v) %}{{ v }}{% endmacro %}{{ m(value) }}").render(value=value) == written


def test_two_requests_at_once_speak_their_own_languages():
    said, both = {}, threading.Barrier(2, timeout=10)

    def speak(language: str):
        translation.activate(language)
        both.wait()
        said[language] = translation.get_language(), translation.gettext("frame.town")

    threads = [threading.Thread(target=speak, args=[language]) for language in ("ja", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said["ja"][0] == "ja" and said["en"][0] == "en" and said["ja"][1] != said["en"][1]
