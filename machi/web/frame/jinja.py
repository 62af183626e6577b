"""The Jinja2 environments, and `page()`: a whole page, or one named block of it when htmx asks.

Components (frame/components.py) are reached as `ui.button(...)` from every template and every block: no page imports
anything, so a block renders alone as well as inside its page.

There is one environment per language, and what cannot change is settled when a template is compiled: `_("job.apply")`,
`static("app.css")`, `url("jobs:list")` and `ui.icon("bell")` become plain text in the compiled template. Drawing a page asks
no catalogue.
"""
import re
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from types import FunctionType

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template import engines
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.jinja import htmx_script
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from jinja2_fragments import render_block
from markupsafe import Markup, escape

from machi.notifications import words as town
from machi.portfolio.links import place_of
from machi.taxes import rates as taxes
from machi.web.frame import acting, icons, look, phrases, words
from machi.web.frame.components import Components

HTMX_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


@lru_cache(10_000)
def url(name: str, *args, **kwargs) -> Markup:
    """The address of a page, as it stands in a page; there is one, whatever language is spoken."""
    return escape(reverse(name, args=args, kwargs=kwargs))


@lru_cache(1_000)
def way(name: str, *args) -> str:
    """The address of a page, or nothing where that page does not exist in this town."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def kept_query(request, *without: str) -> str:
    """What the address asks besides these names, ready to go on: "q=記事&" becomes "?q=記事&page=2"."""
    asked = request.GET.copy()
    for name in without:
        asked.pop(name, None)
    return f"{asked.urlencode()}&" if asked else ""


class Settled(NodeTransformer):
    """Calls whose answer is known when a template is compiled become text, and a part that always stands there is a part of the page."""

    def __init__(self, env: jinja2.Environment):
        self._env = env

    known = {"_": translation.gettext, "static": static, "url": url, "icon": icons.drawn}

    def visit_Call(self, call):
        self.generic_visit(call)
        match call:
            case nodes.Call(node=nodes.Name(name=name) | nodes.Getattr(node=nodes.Name(name="ui"), attr="icon" as name),
                            args=[nodes.Const(value=str(word))], dyn_args=None, dyn_kwargs=None) if name in self.known:
                values = {pair.key: pair.value for pair in call.kwargs}
                texts = re.split(r"%\((\w+)\)s", self.known[name](word).replace("%%", "%"))      # text, name, text, name, text
                pieces = [values[t] if i % 2 else nodes.TemplateData(t) for i, t in enumerate(texts) if i % 2 or t]
                return nodes.Concat(pieces) if values else nodes.TemplateData(texts[0])
        return call

    def visit_Include(self, include):
        """Its own scope: what it sets stays there. While somebody works on the templates it is fetched each time."""
        if self._env.auto_reload or not isinstance(include.template, nodes.Const) or include.ignore_missing:
            return include
        source, filename, _is_fresh = self._env.loader.get_source(self._env, include.template.value)
        part = self._env._parse(source, include.template.value, filename)
        if part.find((nodes.Extends, nodes.Block)):
            return include
        return nodes.Scope(part.body, lineno=include.lineno)

    def visit_Output(self, output):
        self.generic_visit(output)
        output.nodes = [piece for node in output.nodes for piece in (node.nodes if isinstance(node, nodes.Concat) else [node])]
        return output


PLAIN = {FunctionType, type(url)}                   # a function, and one that remembers


class Writer(CodeGenerator):
    """Where a value is written into a page, `escape` is asked only about what is not safe already: half of it is."""

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            return super()._output_child_pre(node, frame, finalize)
        self.write(f"environment.written({finalize.src or ''}")


class Context(jinja2.runtime.Context):
    """Jinja looks at whatever is called for what it wants of the context. A macro and a plain function are most of it, and known."""

    def call(self, thing, /, *values, **named):
        if type(thing) is Macro:
            values = self.eval_ctx, *values
        elif type(thing) not in PLAIN or hasattr(thing, "jinja_pass_arg"):
            return super().call(thing, *values, **named)
        if "_loop_vars" in named:
            del named["_loop_vars"]
        if "_block_vars" in named:
            del named["_block_vars"]
        return thing(*values, **named)


class Environment(jinja2.Environment):
    code_generator_class, context_class = Writer, Context

    @staticmethod
    def written(value) -> str:
        """The value as it stands in a page."""
        return value if type(value) is Markup or type(value) is str and value.isalnum() else escape(value)

    def _parse(self, source, name, filename):
        return Settled(self).visit(super()._parse(source, name, filename))


class Voices:
    """What Django takes for its environment: the environment of the language that is spoken now."""

    def __init__(self, **options):
        self._speak = cache(lambda language: environment(language, **options))

    def __getattr__(self, name):
        return getattr(self._speak(translation.get_language() or settings.LANGUAGE_CODE), name)


def environment(language: str, **options) -> Environment:
    """The environment that speaks this language."""
    options["undefined"] = jinja2.StrictUndefined if settings.STRICT_TEMPLATES else jinja2.ChainableUndefined
    options["autoescape"] = jinja2.select_autoescape(["html", "svg"], default=False, default_for_string=True)
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    options |= {"trim_blocks": True, "lstrip_blocks": True, "cache_size": -1}       # there are few templates: none ever leaves
    env, kept = Environment(**options), lru_cache(10_000)     # each environment keeps what it said in its own language
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)
    env.filters |= dict(
        phrases=phrases.phrases if language.startswith("ja") else escape, paragraphs=words.paragraphs, size=words.size,
        number=kept(words.number), yen=kept(words.yen), day=words.day, month=words.month, moment=words.moment, days_left=words.days_left,
        until=words.until, hours=words.hours, called=town.called, initial=words.initial, device=words.device, is_phone=words.is_phone,
        withheld_name=taxes.withheld_name,
    )
    env.globals |= dict(
        url=url, way=way, kept_query=kept_query, static=static, htmx_script=cache(htmx_script),
        drawn_icon=cache(icons.drawn), ui=Components(env),
        look=look.chosen, acting=acting.acting, unread=look.unread, languages=settings.LANGUAGES, town=settings, get_messages=get_messages,
        place_of=kept(place_of),
    )
    return env


class Late:
    """A text that is made when it is first written, and only then."""

    def __init__(self, make: Callable[[], str]):
        self._make = make

    @cached_property
    def _text(self) -> str:
        return escape(self._make())

    def __html__(self) -> str:
        return self._text

    __str__ = __html__


def wants_part(request) -> bool:
    """True when htmx will swap a part. Going back in history and boosted links want the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def lead(request, address: str) -> HttpResponse:
    """On to another page, also when a part of this one was waiting for an answer."""
    return HttpResponseClientRedirect(address) if wants_part(request) else redirect(address)


def page(request, template: str, context: dict | None = None, *, part: str | None = None, status: int = 200) -> HttpResponse:
    """The one way to answer with HTML. `part` names the block sent to htmx; everybody else gets the whole page."""
    context = {                                     # a token is made once, however many forms there are, and only for a form
        **(context or {}), "request": request,
        "csrf_input": Late(lambda: csrf_input(request)), "csrf_token": Late(lambda: get_token(request)),
    }
    env = engines["jinja2"].env
    if part and wants_part(request):
        body = render_block(env, template, part, context)
    else:
        body = env.get_template(template).render(context)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, HTMX_HEADERS)
    return response
