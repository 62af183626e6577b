"""Every address against every role: the answers of the matrix, nothing written by looking, no form without its token.

Every look and every form is asked by everybody in every run. Where several are alike one asks in each row, the next in another
(`tests/thin.py`): with forms without their token; of the ten duties about the things of others, one looks and the next sends a form; and
at a desk, of those duties that are not there anyway, one without its second key.
"""
import inspect
import re
from collections import Counter
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import get_resolver, path
from django.views.decorators.csrf import csrf_exempt

from machi.accounts.queries import duties_of
from machi.accounts.roles import DUTIES
from machi.contracts.models import Contract
from machi.files.storing import path_of
from machi.notifications.models import Notice
from machi.web.frame.desks import at_desk
from machi.web.pages.jobs.steps import STEPS
from machi.web.pages.journey.finding import QUESTIONS as FINDING
from machi.web.pages.profiles.lines import KINDS, LINES
from machi.web.pages.profiles.views.beginning import QUESTIONS as ASKED
from tests.thin import in_turn
from tests.web.asking import ROUTES, Answers, addresses, as_word, look, send_an_empty_form, send_without_token, work_at
from tests.web.matrix import ROLES, VALUES, Row, rows
from tests.web.matrix_at_work import POWERS, Desk, desks, rows_of_an_organisation
from tests.web.world import CANARY

EVERY_ROW = [pytest.param(row, id=str(row)) for row in rows()] + [
    pytest.param(row, id=f"organisation: {row}") for row in rows_of_an_organisation()]
OF_SOMEBODY_ELSE = [pytest.param(row, number, id=str(row)) for number, row in enumerate(
    row for row in rows() if row.thing != "-" and "404" in (row.get["stranger"], row.post["stranger"]))]
EVERY_DESK = [pytest.param(desk, number, id=str(desk)) for number, desk in enumerate(desks())]
# Whoever looks at posts reads one that is paused.
READS_IT = ("paused", "moderator")
# The form of language, ふりがな and light stands on pages that are the same for everybody; the browser says where it comes from.
WITHOUT_TOKEN = {"look", "cards:messages"}              # what no form of ours sends is signed (tests/web/cards)


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
    for batch in (answers.world.signs, answers.world.shown):
        for piece in batch.pieces.select_related("file"):
            place = path_of(piece.file.stored_as, "large")
            place.parent.mkdir(parents=True, exist_ok=True)
            for view in ("small", "large"):
                path_of(piece.file.stored_as, view).write_bytes(CANARY.encode())
    settings.KEY_FOLDER.mkdir(exist_ok=True)
    for name, key in answers.keys.items():
        (settings.KEY_FOLDER / name).write_bytes(key)
    return answers


@pytest.fixture
def asked(kept, row, settings):
    settings.DEMO_TOWN = row.name.startswith("demo:")
    return kept


# ---- the table -------------------------------------------------------------------------------------------------------

VIEWS = {name: view for name, _route, view in addresses()}
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


BEHIND_IT = re.compile(r"""GET\.get\("(\w+)\"""")


def asked_in_the_address(view) -> list[str]:
    """What a page may be asked for behind the `?`: the names that stand in the file of its view, and that of every search."""
    return sorted({"q", *BEHIND_IT.findall(inspect.getsource(inspect.getmodule(inspect.unwrap(view))))})


@pytest.mark.parametrize("row", [row for row in (*rows(), *desks()) if "200" in (row.get.values() if isinstance(row, Row) else row.get)],
                         ids=str)
def test_what_nobody_can_see_behind_the_question_mark_of_an_address_is_never_a_500(kept, row, settings):
    """NUL cannot be asked of the database (PostgreSQL), and half a letter cannot be sent to it."""
    settings.DEMO_TOWN = row.name.startswith("demo:")
    role = next(role for role, word in row.get.items() if word == "200") if isinstance(row, Row) else sorted(row.duties)[0]
    for name in asked_in_the_address(VIEWS[row.name]):
        assert kept.ask(row, role, "get", said={name: "\0\x01a"}).status_code < 500, (name, role)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_an_empty_form_answers_as_the_matrix_says_and_a_refusal_changes_nothing(asked, row):
    send_an_empty_form(asked, row)


@pytest.mark.parametrize(("row", "number"), [pytest.param(*row.values, number, id=row.id) for number, row in enumerate(EVERY_ROW)])
def test_no_form_is_taken_without_its_token(asked, row, number):
    if row.name not in WITHOUT_TOKEN:
        send_without_token(asked, row, in_turn(number, [role for role in row.post if role != "missing"]))


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


@pytest.mark.parametrize(("row", "number"), OF_SOMEBODY_ELSE)
def test_a_duty_opens_no_thing_of_others_outside_its_desk(kept, row, number):
    """Who works for the town is a stranger there like everybody (`tests/web/desk`: where they look, and that it is seen)."""
    for method, answers in (("get", row.get), ("post", row.post)):
        duties = [one for one in DUTIES if answers["stranger"] == "404" and (row.thing, one) != READS_IT]
        for duty in in_turn(number + (method == "post"), duties):
            answer = kept.ask(row, duty, method)

            assert (duty, as_word(answer), answer.changed) == (duty, "404", set())
            assert CANARY not in answer.words and not kept.tells(row, duty, method, answer), duty


@pytest.mark.parametrize(("desk", "number"), EVERY_DESK)
def test_a_desk_is_there_for_its_duties_only_and_after_the_second_key(kept, desk, number):
    elsewhere = [duty for duty in DUTIES if duty not in desk.duties]
    work_at(kept, desk, without_key={*desk.duties, *in_turn(number, elsewhere)})


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


def send_without_token_by_all(asked: Answers, row: Row) -> None:
    send_without_token(asked, row, ["visitor", "worker", "client", "stranger"])


@pytest.mark.parametrize(("view", "check"), [
    (forgets_whose, look), (writes_when_looked_at, look), (tells_it_is_forbidden, look), (tells_it_is_forbidden, send_an_empty_form),
    (weakens_its_policy, look), (asks_without_a_label, look), (stands_open, look), (takes_any_form, send_without_token_by_all),
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
        work_at(answers, Desk("planted", "-", frozenset({"operator"}), "200", "200"), without_key={"operator"})
