"""Icons: those that the templates name, gathered from lucide (ISC) into one sprite, icons.svg, when static files are collected.

An icon is named in a template as `ui.icon("bell")`, as the `icon_name` of any component, or in a `{% set icons = {...} %}`;
in Python in a dictionary whose name ends in ICONS.
"""
import ast
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import jinja2
import lucide
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.templatetags.static import static
from jinja2 import nodes
from markupsafe import Markup

WEB = Path(__file__).resolve().parent.parent
_parse = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse


def known(name: str) -> str:
    """The name of an icon. One that is not in the sprite would be an empty square: an error where templates are strict."""
    if settings.STRICT_TEMPLATES and name not in used():
        raise LookupError(f"no template names the icon {name!r} where it can be found (machi/web/frame/icons.py)")
    return name


def drawn(name: str) -> Markup:
    """The icon itself: a place in the sprite."""
    place = f"{static('icons.svg')}#{known(name)}"
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>').format(place)


@cache
def used() -> frozenset[str]:
    """The names of all icons that pages show."""
    trees = [_parse(path.read_text()) for path in sorted((WEB / "templates").rglob("*.html"))]
    places = {macro.name: [argument.name for argument in macro.args] for tree in trees for macro in tree.find_all(nodes.Macro)}
    names = {name for tree in trees for name in _in_template(tree, places)}
    for text in map(Path.read_text, WEB.rglob("*.py")):
        if "ICONS" in text:                             # reading all of Python's files takes longer than all of the rest
            names |= set(_in_python(ast.parse(text)))
    return frozenset(names)


def _in_template(tree, places):
    for call in tree.find_all(nodes.Call):
        macro = getattr(call.node, "attr", None) or getattr(call.node, "name", None)
        arguments = dict(zip(places.get(macro, []), call.args, strict=False)) | {pair.key: pair.value for pair in call.kwargs}
        if shown := arguments.get("icon_name"):
            yield from _texts(shown)
    for assignment in tree.find_all(nodes.Assign):
        if getattr(assignment.target, "name", "").endswith("icons"):
            yield from (pair.value.value for pair in assignment.node.items)


def _texts(node):
    """The names an expression may come to: the name itself, or each side of `a if x else b`."""
    match node:
        case nodes.Const(value=str(name)) if name:
            yield name
        case nodes.CondExpr(expr1=one, expr2=other):
            yield from _texts(one)
            yield from _texts(other)


def _in_python(tree):
    for assignment in ast.walk(tree):
        if isinstance(assignment, ast.Assign) and getattr(assignment.targets[0], "id", "").endswith("ICONS"):
            yield from (value.value for value in assignment.value.values)


@cache
def sprite() -> str:
    """One SVG file with a symbol for every icon in use. An unknown name is an error here, not an empty square later."""
    symbols = []
    for name in sorted(used()):
        svg = lucide._load_icon(name)
        shapes = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in svg)
        symbols.append(f'<symbol id="{name}" viewBox="{svg.attrib["viewBox"]}">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


class SpriteFinder(BaseFinder):
    """Gives Django's collector the sprite, as if it lay among the static files."""

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(settings.MACHI_HOME / "sprite")

    def check(self, **kwargs):
        return []

    def list(self, ignore_patterns):
        self._write()
        yield "icons.svg", self.storage

    def find(self, path, find_all=False, **kwargs):
        if path != "icons.svg":
            return []
        self._write()
        return [self.storage.path(path)] if find_all or kwargs.get("all") else self.storage.path(path)

    def _write(self):
        file = Path(self.storage.path("icons.svg"))
        if not file.exists() or file.read_text() != sprite():
            file.parent.mkdir(parents=True, exist_ok=True)
            new = file.with_suffix(".new")
            new.write_text(sprite())
            new.replace(file)
