"""Every address against every role: the answers of the matrix, nothing written by looking, no form without its token."""
import re
from collections import Counter
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace

import pytest
from django.conf import settings as of_the_town
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import URLPattern, get_resolver, path, reverse
from django.views.decorators.csrf import csrf_exempt

from machi.accounts.queries import duties_of
from machi.accounts.roles import DUTIES
from machi.contracts.models import Contract
from machi.files.storing import path_of
from machi.notifications.models import Notice
from machi.web.frame.desks import at_desk
from machi.web.frame.interrupted import IN_PLACE
from machi.web.pages.jobs.steps import STEPS
from machi.web.pages.journey.finding import QUESTIONS as FINDING
from machi.web.pages.profiles.lines import KINDS, LINES
from machi.web.pages.profiles.views.beginning import QUESTIONS as ASKED
from tests import rows as written
from tests.web.labels import unlabelled
from tests.web.matrix import ROLES, VALUES, Row, rows
from tests.web.matrix_at_work import POWERS, Desk, desks, rows_of_an_organisation
from tests.web.world import CANARY, NOWHERE, World, a_world

EVERY_ROW = [pytest.param(row, id=str(row)) for row in rows()] + [
    pytest.param(row, id=f"organisation: {row}") for row in rows_of_an_organisation()]
OF_SOMEBODY_ELSE = [pytest.param(row, id=str(row)) for row in rows() if row.thing != "-" and "404" in (
    row.get["stranger"], row.post["stranger"])]
EVERY_DESK = [pytest.param(desk, id=str(desk)) for desk in desks()]
OUTSIDE = ("visitor", "stranger", "former", "payer")    # they read nothing that people wrote to others
# What a look may change: a notice is read, a conversation is seen. Nothing else, and nobody else's.
MAY_CHANGE = {"contracts:room": {"notifications_notice", "messaging_member"}, "notices:open": {"notifications_notice"},
              "desk:person": {"activity_fact"}}     # that somebody looked
# A refused deed that draws the page of a person is a look at them too.
LOOKS_WHEN_REFUSED = {"desk:give_duty": {"activity_fact"}}
# A post that is paused says so to everybody, and nothing else of it. Whoever looks at posts reads it.
SAYS_IT_IS_THERE, READS_IT = "paused", ("paused", "moderator")
# What a browser may keep though somebody is signed in: a picture that everybody may see.
MAY_BE_KEPT = {("portfolio:picture", "piece")}
# A closed door keeps what was typed. Whoever pressed a button that cannot be undone comes back to it, and presses there.
KEEPS_NOTHING = {"organisations:letter"} | IN_PLACE
# The form of language, ふりがな and light stands on pages that are the same for everybody; the browser says where it comes from.
WITHOUT_TOKEN = {"look"}


def addresses(resolver=None, prefix: str = "", space: str = ""):
    """Name -> route, of every address the town has."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield space + (entry.name or str(entry.pattern)), prefix + str(entry.pattern), entry.callback
        else:
            yield from addresses(entry, prefix + str(entry.pattern), space + (f"{entry.namespace}:" if entry.namespace else ""))


ROUTES = {name: route for name, route, _view in addresses()}


# ---- one town for all rows -------------------------------------------------------------------------------------------

class Answers:
    """The same town for every row; what a request writes is taken back."""

    def __init__(self):
        self.world: World = a_world()
        self.keys = {file.name: file.read_bytes() for file in of_the_town.KEY_FOLDER.iterdir()}
        browsers = self.world.browsers() | self.world.staff_browsers()
        self.cookies = {role: browser.cookies.output(header="", sep=";") for role, browser in browsers.items()}
        self.windows = {strict: Client(enforce_csrf_checks=strict, raise_request_exception=False, SERVER_NAME="localhost")
                        for strict in (False, True)}            # a new one for each request would read the middleware anew each time
        self.before = written.fingerprint()
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
        if row.thing == "hourly":                   # its first week, and what is written in it
            values |= {"number": "1", "entry_pk": self.world.hours.pk}
        if "file_pk" in names:
            values["file_pk"] = self.world.files()[row.thing].pk
        if "token" in names:
            values["token"] = self.world.token
        return reverse(row.name, kwargs={name: values[name] for name in names})

    def ask(self, row: Row | Desk, role: str, method: str, *, strict: bool = False):
        browser, address = self.browser(role, strict=strict), self.address(row, is_missing=role == "missing")
        with transaction.atomic():
            answer = getattr(browser, method)(address, {"nothing": "said"} if method == "post" else {})
            answer.kept = role == "visitor" and [(one["path"], one["fields"]) for one in browser.session.get("interrupted", [])]
            answer.changed = written.changed(self.before, written.fingerprint())
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


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Answers()
        transaction.set_rollback(True)


@pytest.fixture
def kept(answers, settings):
    """The files and keys of the town lie where they lay, though every test begins with an empty folder."""
    for thing, kept in answers.world.files().items():
        for view in ("", "small", "large") if thing in ("piece", "hidden", "entry") else ("",):
            place = path_of(kept.file.stored_as, view)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"for everybody" if thing == "piece" else CANARY.encode())
    settings.KEY_FOLDER.mkdir(exist_ok=True)
    for name, key in answers.keys.items():
        (settings.KEY_FOLDER / name).write_bytes(key)
    return answers


@pytest.fixture
def asked(kept, row, settings):
    settings.DEMO_TOWN = row.name.startswith("demo:")
    return kept


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


# ---- the table -------------------------------------------------------------------------------------------------------

IN_THE_TABLE = {row.name for row in (*rows(), *desks())}


def without_a_row(places: Iterable[tuple]) -> list[str]:
    """The addresses that nobody asks: the table does not know their name, or another address has the same one."""
    places = list(places)
    named = Counter(name for name, _route, _view in places)
    return [route for name, route, _view in places if name not in IN_THE_TABLE or named[name] > 1]


def test_every_address_has_its_row():
    assert without_a_row(addresses()) == [] and IN_THE_TABLE == set(ROUTES)
    assert {desk.name for desk in desks()} == {name for name, route in ROUTES.items() if route.startswith("desk/")}


@pytest.mark.parametrize(("name", "found"), [("unlisted", ["planted/"]), (None, ["planted/"]), ("welcome", ["welcome/", "planted/"])])
def test_an_address_without_a_row_or_under_the_name_of_another_is_found(name, found):
    town = SimpleNamespace(url_patterns=[*get_resolver().url_patterns, path("planted/", stands_open, name=name)])

    assert without_a_row(addresses(town)) == found


def test_every_row_names_a_thing_if_its_address_does():
    for row in rows():
        has_thing = "<int:pk>" in ROUTES[row.name]
        assert (row.thing != "-") == has_thing and (row.get["missing"] != "-") == has_thing, row
        assert set(row.get) == set(row.post) == set(ROLES)
    for row in rows_of_an_organisation():
        assert (row.thing != "-") == ("<int:pk>" in ROUTES[row.name]) and set(row.get) == set(row.post) == set(POWERS)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_a_look_answers_as_the_matrix_says_and_changes_nothing(asked, row):
    look(asked, row)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_an_empty_form_answers_as_the_matrix_says_and_a_refusal_changes_nothing(asked, row):
    send_an_empty_form(asked, row)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_no_form_is_taken_without_its_token(asked, row):
    if row.name not in WITHOUT_TOKEN:
        send_without_token(asked, row)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"strength"}))
def test_an_entry_of_every_kind_answers_to_its_owner_alone(kept, kind):
    """As the rows of a strength say, with the other kinds in their address."""
    for row in (row for row in rows() if row.thing == "strength"):
        mine, theirs, nobodys = "worker", "stranger", "missing"
        get, post = ({role: answers[role] for role in (mine, theirs, nobodys)} for answers in (row.get, row.post))
        look(kept, Row(row.name, kind, get if row.get[mine] != "405" else {}, {}))
        send_an_empty_form(kept, Row(row.name, kind, {}, post))


@pytest.mark.parametrize(("name", "word", "every"), [
    ("profiles:line", "line", LINES), ("profiles:add", "kind", KINDS), ("profiles:question", "asked", ASKED),
    ("journey:question", "question", FINDING), ("jobs:step", "step", STEPS)], ids=lambda one: one if isinstance(one, str) else "")
def test_every_word_in_an_address_is_there_for_whom_its_row_says_and_another_word_for_nobody(kept, monkeypatch, name, word, every):
    [row] = (row for row in rows() if row.name == name)
    some = Row(name, row.thing, {role: row.get[role] for role in ("client", "stranger")[:2 if row.thing != "-" else 1]}, {})
    for value in every:
        monkeypatch.setitem(VALUES, word, value)
        look(kept, some)
    monkeypatch.setitem(VALUES, word, "nowhere")
    assert {as_word(kept.ask(row, "client", method)) for method in ("get", "post")} == {"404"}


@pytest.mark.parametrize("row", OF_SOMEBODY_ELSE)
def test_a_duty_opens_no_thing_of_others_outside_its_desk(kept, row):
    """Who works for the town is a stranger there like everybody (`tests/web/desk`: where they look, and that it is seen)."""
    for method, answers in (("get", row.get), ("post", row.post)):
        for duty in (one for one in DUTIES if answers["stranger"] == "404" and (row.thing, one) != READS_IT):
            answer = kept.ask(row, duty, method)

            assert (duty, as_word(answer), answer.changed) == (duty, "404", set())
            assert CANARY not in answer.words and not kept.tells(row, duty, method, answer), duty


@pytest.mark.parametrize("desk", EVERY_DESK)
def test_a_desk_is_there_for_its_duties_only_and_after_the_second_key(kept, desk):
    work_at(kept, desk)


def work_at(answers: Answers, desk: Desk) -> None:
    """Looked at and written to by everybody: a visitor, people without a duty, and every duty with and without its second key."""
    for method, word in (("get", desk.get), ("post", desk.post)):
        people = {role: answers.ask(desk, role, method) for role in answers.cookies}
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


def send_without_token(asked: Answers, row: Row) -> None:
    for role in (role for role in row.post if role != "missing"):
        answer = asked.ask(row, role, "post", strict=True)

        assert answer.status_code in (403, 405), role
        assert answer.changed == set()


def _wears_its_headers(answer, role: str, *, may_be_kept: bool = False) -> None:
    headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe-inline" not in headers["Content-Security-Policy"] and "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "same-origin"
    if role not in ("visitor",) and answer.status_code == 200 and not may_be_kept:
        assert "no-store" in headers["Cache-Control"] and "private" in headers["Cache-Control"]


# ---- the matrix can fail: planted pages ------------------------------------------------------------------------------

def forgets_whose(request, pk):
    """Everybody reads everybody's contract."""
    return HttpResponse(get_object_or_404(Contract, pk=pk).milestones.get().deliveries.get().text)


def writes_when_looked_at(request, pk):
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    Notice.objects.create(user=request.user, kind="x", about="x", created_at=contract.formed_at)
    return HttpResponse("seen")


def tells_it_is_forbidden(request, pk):
    contract = get_object_or_404(Contract, pk=pk)
    is_theirs, status = request.user in (contract.worker, contract.client.person), 200 if request.method == "GET" else 422
    return HttpResponse("yours", status=status) if is_theirs else HttpResponse("no", status=404)


def weakens_its_policy(request, pk):
    get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    return HttpResponse("open", headers={"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"})


@csrf_exempt
def takes_any_form(request, pk):
    get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    return HttpResponse("done")


def asks_without_a_label(request, pk):
    get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    return HttpResponse('<label for="a">A</label><input id="a"><label>B<input></label><select id="c"></select>')


@login_not_required
def stands_open(request, pk):
    return HttpResponse("come in")


@pytest.mark.parametrize(("view", "check"), [
    (forgets_whose, look), (writes_when_looked_at, look), (tells_it_is_forbidden, look), (tells_it_is_forbidden, send_an_empty_form),
    (weakens_its_policy, look), (asks_without_a_label, look), (stands_open, look), (takes_any_form, send_without_token),
], ids=lambda one: one.__name__)
def test_a_planted_page_is_found(asked, settings, monkeypatch, view, check, row):
    town = ModuleType("planted")
    town.urlpatterns = [*get_resolver().url_patterns, path("planted/<int:pk>/", view, name="planted")]
    settings.ROOT_URLCONF = town
    monkeypatch.setitem(ROUTES, "planted", "planted/<int:pk>/")

    with pytest.raises(AssertionError):
        check(asked, row)


@pytest.fixture
def row() -> Row:
    """The row that a page of a contract should have."""
    return Row("planted", "delivered", dict(zip(ROLES, ("login", "200", "200", "404", "404"), strict=True)),
               dict(zip(ROLES, ("login", "422", "422", "404", "404"), strict=True)))


@at_desk("operator", "finance")
def stands_open_for_another_duty(request):
    return HttpResponse("a desk")


def forgets_the_second_key(request):
    if "operator" not in duties_of(request.user):
        raise Http404
    return HttpResponse("a desk")


@pytest.mark.parametrize("view", [stands_open_for_another_duty, forgets_the_second_key], ids=lambda one: one.__name__)
def test_a_planted_desk_is_found(answers, settings, monkeypatch, view):
    town = ModuleType("planted_desk")
    town.urlpatterns = [path("desk/planted/", view, name="planted"), *get_resolver().url_patterns]
    settings.ROOT_URLCONF = town
    monkeypatch.setitem(ROUTES, "planted", "desk/planted/")

    with pytest.raises(AssertionError):
        work_at(answers, Desk("planted", "-", frozenset({"operator"}), "200", "200"))
