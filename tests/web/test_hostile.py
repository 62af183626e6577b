"""Whatever is typed into a form of the first story: it is taken as text, or it is said what is wrong and nothing is lost. Never a 500."""
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from machi.shared.japanese import cleaned
from tests import rows as written
from tests.web.contracts.walking import signed_in
from tests.web.hostile import FIRST_STORY, FORMS, NOT_TYPED, Form, a_town
from tests.web.matrix import rows

MISSING, SEEN = None, ("𠮷", "👩🏽‍🌾", "%(x)s{{1}}", "&lt;script&gt;alert(1)&lt;/script&gt;")
MEAN = "<script>alert(1)</script>𠮷👩🏽‍🌾\u202e%(x)s{{1}}\x00\x08"           # forty letters when it is cleaned: fits everywhere
WORDS = [MISSING, "\x00\u202e ", MEAN, "あ" * 100_000]
NUMBERS = [MISSING, MEAN, "あ" * 100_000, "0", "-1", "--3", "1.5", "9" * 30, "9" * 15]
DAYS = [MISSING, MEAN, "2020-01-01", "0001-01-01", "9999-12-31", "2026-13-45"]
CHOICES = [MISSING, MEAN]
HIDDEN = [MISSING, MEAN, "2"]
THAT_ONE = ("round", "terms_hash")                          # of a delivery or of terms that do not lie here now: always refused


class Fields(HTMLParser):
    """The forms of a page, and what a browser would send of each: name -> value; `kinds`: name -> how one types or chooses it."""

    def __init__(self, html: str):
        super().__init__()
        self.forms, self.kinds, self.area, self.select = [], {}, "", ""
        self.feed(html.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name, kind = said.get("name"), said.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif tag == "option" and self.select and "selected" in said:
            self.forms[-1][self.select] = said.get("value", "")
        elif name and self.forms and tag in ("input", "textarea", "select") and kind not in ("submit", "file"):
            self.kinds[name] = kind if tag == "input" else tag
            if kind not in ("radio", "checkbox") or "checked" in said:
                self.forms[-1][name] = said.get("value") or ("on" if kind == "checkbox" else "")
            elif kind == "radio":
                self.forms[-1].setdefault(name, "")
            self.area, self.select = (name if tag == each else "" for each in ("textarea", "select"))

    def handle_data(self, text):
        if self.area:
            self.forms[-1][self.area] += text

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            self.area = self.select = ""

    def of(self, names) -> dict[str, str]:
        """The form that has these fields."""
        return next(({name: value for name, value in form.items() if name not in ("csrfmiddlewaretoken", "next")}
                     for form in reversed(self.forms) if set(names) <= set(form)), {})


class Walker:
    """One town for all forms; what a request writes is taken back."""

    def __init__(self):
        self.town = a_town()
        self.only = Client(raise_request_exception=False)         # a new one would read the middleware anew each time
        people = {who: signed_in(getattr(self.town, who), ago=-3600) for who in ("client", "worker", "stranger")}
        people |= {who: Client() for who in ("visitor", "joining", "coming back")}
        people["joining"].post(reverse("account_signup"), Fields(_page(people["joining"].get(reverse("account_signup")))).of(["email"]) | {
            "email": "new@example.jp", "is_adult": "on", "agrees": "on"})
        people["coming back"].post(reverse("account_request_login_code"), {"email": self.town.worker.email})
        self.cookies = {who: browser.cookies.output(header="", sep=";") for who, browser in people.items()}

    def browser(self, who: str) -> Client:
        """As if just opened, and nobody has tried anything yet."""
        cache.clear()
        self.only.cookies.clear()
        self.only.cookies.load(self.cookies[who])
        return self.only

    def address(self, name: str, thing: str, word: dict) -> str:
        return reverse(name, kwargs=word | ({"pk": getattr(self.town, thing).pk} if thing else {}))

    def opened(self, form: Form) -> tuple[dict, dict]:
        """What the form holds when it is opened, with what is typed; and how each field is typed or chosen."""
        page = self.browser(form.who).get(self.address(form.name, form.thing, form.word), follow=True)
        fields = Fields(_page(page))
        return fields.of(form.typed) | form.typed, fields.kinds

    def read(self, form: Form) -> str:
        return _page(self.browser(form.reader).get(self.address(form.read_at, form.read_thing, {})))


@pytest.fixture(scope="module")
def walker(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walker()
        transaction.set_rollback(True)


def _page(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def values_for(form: Form, name: str, kind: str) -> list:
    """What is tried in a field, by how it is filled in."""
    if kind == "hidden":
        return HIDDEN
    if kind in ("radio", "select", "checkbox"):
        return CHOICES
    value = form.typed.get(name, "")
    return DAYS if kind == "date" else NUMBERS if value.isdecimal() else WORDS


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_whatever_is_typed_is_taken_as_text_or_refused_in_words_and_nothing_is_lost(walker, form):
    opened, kinds = walker.opened(form)
    watch, address = written.Watch(), walker.address(form.name, form.thing, form.word)
    assert {name for name in opened if kinds[name] not in ("hidden", "checkbox", "radio", "select")} <= set(form.typed), "not walked"

    for name in opened:
        for value in values_for(form, name, kinds[name]):
            sent = {key: other for key, other in (opened | {name: value}).items() if other is not MISSING}
            watch.begin()
            with transaction.atomic():
                answer = walker.browser(form.who).post(address, sent)
                if answer.status_code != 302 or name in THAT_ONE:
                    _refused(answer, sent, form, kinds, name, watch)
                elif value == MEAN and form.reader and kinds[name] != "hidden":
                    _arrived(walker.read(form), is_seen=name in form.typed and name not in form.unread, told=name)
                transaction.set_rollback(True)


def _arrived(page: str, *, is_seen: bool, told: str) -> None:
    """As the text that it is, without what nobody can see."""
    assert "<script>alert" not in page and "\x00" not in page and "\u202e" not in page, told
    assert not is_seen or all(one in page for one in SEEN), told


def _refused(answer, sent: dict, form: Form, kinds: dict, name: str, watch: written.Watch) -> None:
    """In words, with everything that was typed, and nothing was moved."""
    page, told = _page(answer), (name, str(sent.get(name))[:40], answer.status_code)
    assert answer.status_code in (409, 422) or (answer.status_code == 200 and ('class="error"' in page or 'class="summary"' in page)), told
    assert "<script>alert" not in page, told
    assert watch.changed() == set(), told
    typed = [key for key in form.typed if key in sent and kinds[key] != "password"
             and (key != name or kinds[key] not in ("radio", "select"))]
    kept = Fields(page).of(typed)
    lost = [key for key in typed if kept.get(key) != sent[key] and _plain(kept.get(key, "nothing")) != _plain(sent[key])]
    assert not lost, (*told, lost)


def _plain(text: str) -> str:
    return " ".join(cleaned(text).split())


@pytest.mark.parametrize("form", [form for form in FORMS if form.who in ("client", "worker", "stranger")], ids=str)
def test_what_is_sent_twice_happens_once(walker, form):
    opened, _kinds = walker.opened(form)
    browser, address = walker.browser(form.who), walker.address(form.name, form.thing, form.word)
    with transaction.atomic():
        assert browser.post(address, opened).status_code == 302
        once = written.fingerprint()
        again = browser.post(address, opened)

        assert again.status_code in (302, 409, 422)
        assert {table for table, (count, _digest) in written.fingerprint().items() if count != once[table][0]} <= {"activity_fact"}
        transaction.set_rollback(True)


def test_every_form_of_the_first_story_is_walked():
    posts = {row.name for row in rows() if set(row.post.values()) - {"405", "-", "login"} and (
        row.name in FIRST_STORY or row.name.partition(":")[0] in FIRST_STORY)}

    assert posts == {form.name for form in FORMS} | set(NOT_TYPED)
