"""Components are macros in templates/components/*.html, reached as `ui.button(...)` from every template and every block.

A card, and whatever else depends on nothing but its values, is kept by them: its values are the key, so it is never old and
never somebody else's.
"""
from datetime import date, datetime
from time import monotonic

from django.db.models import Model
from jinja2.runtime import Macro
from markupsafe import Markup

#: Besides the cards: what stands on pages again and again. None of it may look at a request, a form or the time.
KEPT = {"avatar", "breadcrumb", "bubble", "button", "facts", "heard", "houses", "look_buttons", "named", "nav_link", "outside",
        "review", "search", "state_badge", "steps", "tag", "terms", "thanks"}
AT_MOST = 2_000                                     # of one component; then it begins anew
PLAIN = frozenset({str, Markup, bool, int, type(None), date, datetime})     # whose equality, beside their type, says all


class Components:
    """`ui.field` is the macro `field` of whichever file in templates/components/ defines it; loading two is an error."""

    def __init__(self, env):
        self._env, self._looked = env, 0.0

    def __getattr__(self, name):
        """Only until they are loaded; while somebody works on the templates, each time."""
        if name.startswith("_"):
            raise AttributeError(name)
        if not self._looked or self._env.auto_reload and self._looked < monotonic() - 1:
            self._macros, self._looked = self._load(), monotonic()
            if not self._env.auto_reload:
                vars(self).update(self._macros)
        if name not in self._macros:
            raise AttributeError(f"no component is called {name}")
        return self._macros[name]

    def _load(self):
        macros = {}
        for path in self._env.list_templates(filter_func=lambda p: p.startswith("components/")):
            for name, macro in vars(self._env.get_template(path).module).items():
                if isinstance(macro, Macro) and not name.startswith("_"):
                    if name in macros:
                        raise RuntimeError(f"two components are called {name}")
                    macros[name] = kept(macro) if path == "components/cards.html" or name in KEPT else macro
        return macros


def kept(macro):
    """The macro, which is drawn once for the same values. What stands inside a `{% call %}` is not a value."""
    drawn = {}

    def component(*values, **named):
        if "caller" in named:
            return macro(*values, **named)
        key = values, tuple(named.items()), tuple(map(type, values)), tuple(map(type, named.values()))
        if not (PLAIN.issuperset(key[2]) and PLAIN.issuperset(key[3])):
            key = _key(values), _key(tuple(named.items()))
        if (known := drawn.get(key)) is None:
            if len(drawn) >= AT_MOST:
                drawn.clear()
            known = drawn[key] = macro(*values, **named)
        return known

    return component


def _key(value):
    """The value and its type: text that is still to be escaped is another than text that is not.

    A row of the database equals itself after it changed, so it may not be a part of a key.
    """
    if isinstance(value, (tuple, list)):
        return tuple(map(_key, value))
    if isinstance(value, Model):
        raise TypeError("a card is kept by its values: give it a named tuple, not a model")
    if isinstance(value, dict):
        return _key(tuple(value.items()))
    return type(value), value
