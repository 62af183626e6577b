"""One town in which everybody has something, asked by everybody: what an answer must be, and what may never stand in it."""
import re

from django.conf import settings as of_the_town
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from machi.web.frame.interrupted import IN_PLACE
from machi.web.pages.profiles.lines import KINDS
from tests import rows as written
from tests.web.labels import unlabelled
from tests.web.matrix import VALUES, Row
from tests.web.matrix_at_work import Desk
from tests.web.world import CANARY, NOWHERE, World, a_world

OUTSIDE = ("visitor", "stranger", "former", "payer")    # they read nothing that people wrote to others
# What a look may change: a notice is read, a conversation is seen. Nothing else, and nobody else's.
MAY_CHANGE = {"contracts:room": {"notifications_notice", "messaging_member"}, "notices:open": {"notifications_notice"},
              "desk:person": {"activity_fact"}, "desk:appeal": {"activity_fact"}}     # that somebody looked
# A refused deed that draws the page of a person is a look at them too.
LOOKS_WHEN_REFUSED = {"desk:give_duty": {"activity_fact"}, "desk:appeal": {"activity_fact"}}
# A post that is paused says so to everybody, and nothing else of it. Whoever looks at posts reads it.
SAYS_IT_IS_THERE = "paused"
# What a browser may keep though somebody is signed in: a picture that everybody may see, or that is in a bundle they are at work with.
MAY_BE_KEPT = {("portfolio:picture", "piece"), ("tasks:piece", "shown"), ("tasks:piece_view", "shown")}
# A closed door keeps what was typed. Whoever pressed a button that cannot be undone comes back to it, and presses there.
KEEPS_NOTHING = {"organisations:letter"} | IN_PLACE


def addresses(resolver=None, prefix: str = "", space: str = ""):
    """Name -> route, of every address the town has."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield space + (entry.name or str(entry.pattern)), prefix + str(entry.pattern), entry.callback
        else:
            yield from addresses(entry, prefix + str(entry.pattern), space + (f"{entry.namespace}:" if entry.namespace else ""))


ROUTES = {name: route for name, route, _view in addresses()}


class Answers:
    """The same town for every row; what a request writes is taken back."""

    def __init__(self):
        self.world: World = a_world()
        self.keys = {file.name: file.read_bytes() for file in of_the_town.KEY_FOLDER.iterdir()}
        browsers = self.world.browsers() | self.world.staff_browsers()
        self.cookies = {role: browser.cookies.output(header="", sep=";") for role, browser in browsers.items()}
        self.windows = {strict: Client(enforce_csrf_checks=strict, raise_request_exception=False, SERVER_NAME="localhost")
                        for strict in (False, True)}            # a new one for each request would read the middleware anew each time
        self.watch = written.Watch()
        self.nothing = {}                           # what somebody was told at an address where nothing is

    def browser(self, role: str, *, strict: bool) -> Client:
        """As if just opened: what happened before, a sign-out for example, is forgotten."""
        browser = self.windows[strict]
        browser.cookies.clear()
        browser.cookies.load(self.cookies["stranger" if role == "missing" else role])
        return browser

    def address(self, row: Row | Desk, *, is_missing: bool) -> str:
        names = re.findall(r"<(?:\w+:)?(\w+)>", ROUTES[row.name])
        values = {name: VALUES[name] for name in names if name in VALUES}
        if row.thing in KINDS and "kind" in names:
            values["kind"] = row.thing
        if "pk" in names:
            values["pk"] = NOWHERE if is_missing else getattr(self.world, row.thing).pk
        if row.thing in ("bundle", "worked", "tasks", "tasks_draft"):      # its first item
            values |= {"number": "1"}
        if row.thing == "hourly":                   # its first week, and what is written in it
            values |= {"number": "1", "entry_pk": self.world.hours.pk}
        if "file_pk" in names:
            values["file_pk"] = self.world.files()[row.thing].pk
        if "piece_pk" in names:
            values["piece_pk"] = getattr(self.world, row.thing).pieces.order_by("number").last().pk
        if "token" in names:
            values["token"] = self.world.token
        return reverse(row.name, kwargs={name: values[name] for name in names})

    def ask(self, row: Row | Desk, role: str, method: str, *, strict: bool = False, said: dict | None = None):
        browser, address = self.browser(role, strict=strict), self.address(row, is_missing=role == "missing")
        self.watch.begin()
        with transaction.atomic():
            answer = getattr(browser, method)(address, said or ({"nothing": "said"} if method == "post" else {}))
            answer.kept = role == "visitor" and [(one["path"], one["fields"]) for one in browser.session.get("interrupted", [])]
            answer.changed = self.watch.changed()
            answer.words, answer.address = _body(answer), address
            transaction.set_rollback(True)
        return answer

    def tells(self, row: Row | Desk, role: str, method: str, answer) -> bool:
        """Whether this answer differs, in a letter or in a header, from what the same person is told where nothing is.

        Taken out before they are compared: the address itself, wherever the page repeats it, and the token, new each time."""
        if "<int:pk>" not in ROUTES[row.name] or answer.status_code != 404 or row.thing == SAYS_IT_IS_THERE:
            return False
        address = self.address(row, is_missing=True)
        if (role, method, address) not in self.nothing:
            with transaction.atomic():
                self.nothing[role, method, address] = _as_read(getattr(self.browser(role, strict=False), method)(address), address)
                transaction.set_rollback(True)
        return _as_read(answer, answer.address) != self.nothing[role, method, address]


def _body(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


def _as_read(answer, address: str) -> tuple[int, dict, str]:
    """An answer without its own address and token."""
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    body = getattr(answer, "words", None) or _body(answer)
    return answer.status_code, headers, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body.replace(address, ""))


def as_word(answer) -> str:
    """How an answer stands in the table."""
    if answer.status_code not in (302, 303):
        return str(answer.status_code)
    return "login" if answer.headers["Location"].startswith("/account/login/?next=") else "there"


# ---- what an answer must be ------------------------------------------------------------------------------------------

def look(asked: Answers, row: Row) -> None:
    seen = {role: asked.ask(row, role, "get") for role in row.get if row.get[role] != "-"}

    assert {role: as_word(answer) for role, answer in seen.items()} == {role: word for role, word in row.get.items() if word != "-"}
    for role, answer in seen.items():
        assert answer.changed <= MAY_CHANGE.get(row.name, set()), role
        _wears_its_headers(answer, role, may_be_kept=(row.name, row.thing) in MAY_BE_KEPT)
        if role in OUTSIDE:
            assert CANARY not in answer.words, f"{role} reads what is not theirs"
        assert not asked.tells(row, role, "get", answer), f"{role} is told that there is something"
        assert unlabelled(answer.words) == [], "whoever hears the page could not fill it in"


def send_an_empty_form(asked: Answers, row: Row) -> None:
    for role in (role for role in row.post if row.post[role] != "-"):
        answer = asked.ask(row, role, "post")

        assert (role, as_word(answer)) == (role, row.post[role])
        if answer.status_code >= 400 or as_word(answer) == "login":
            assert answer.changed == set(), role
        if role == "visitor":
            is_kept = as_word(answer) == "login" and row.name not in KEEPS_NOTHING
            assert answer.kept == ([(answer.address, [["nothing", "said"]])] if is_kept else [])
        if role in OUTSIDE:
            assert CANARY not in answer.words
        _wears_its_headers(answer, role)
        assert not asked.tells(row, role, "post", answer), f"{role} is told that there is something"


def send_without_token(asked: Answers, row: Row, roles: list[str]) -> None:
    for role in roles:
        answer = asked.ask(row, role, "post", strict=True)

        assert answer.status_code in (403, 405), role
        assert answer.changed == set()


def work_at(answers: Answers, desk: Desk, *, without_key: set[str]) -> None:
    """Looked at and written to by everybody: a visitor, people without a duty, every duty with its second key, and these without it."""
    asked_by = [role for role in answers.cookies if not role.endswith("-bare") or role.removesuffix("-bare") in without_key]
    for method, word in (("get", desk.get), ("post", desk.post)):
        people = {role: answers.ask(desk, role, method) for role in asked_by}
        expected = dict.fromkeys(people, "404") | {"visitor": "login"} | {
            role: given for duty in desk.duties for role, given in ((duty, word), (f"{duty}-bare", "there"))}

        assert {role: as_word(answer) for role, answer in people.items()} == expected
        for role, answer in people.items():
            assert role in desk.duties or CANARY not in answer.words, role
            if role not in desk.duties or answer.status_code >= 400:
                assert answer.changed == (LOOKS_WHEN_REFUSED.get(desk.name, set()) if as_word(answer) == "422" else set()), role
            elif method == "get":
                assert answer.changed <= MAY_CHANGE.get(desk.name, set()), role
            _wears_its_headers(answer, role)
            assert not answers.tells(desk, role, method, answer), role
    for role in ("visitor", "worker", *sorted(desk.duties)[:1]):
        assert answers.ask(desk, role, "post", strict=True).status_code in (403, 405)


def _wears_its_headers(answer, role: str, *, may_be_kept: bool = False) -> None:
    headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe-inline" not in headers["Content-Security-Policy"] and "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "same-origin"
    if role not in ("visitor",) and answer.status_code == 200 and not may_be_kept:
        assert "no-store" in headers["Cache-Control"] and "private" in headers["Cache-Control"]
