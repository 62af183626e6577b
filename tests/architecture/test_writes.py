"""Rows change in actions only. A view asks for one deed, tells no state apart, and is short enough to read at a glance."""
import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from tests.architecture.reading import ROOT, files, functions, name_of

# ---- only actions write ---------------------------------------------------------------------------------------------

ALWAYS = {verb for one in ("save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create")
          for verb in (one, f"a{one}")} | {"aupdate", "aadd", "aset", "aremove", "aclear"}
ON_ROWS = {"update", "add", "set", "remove", "clear"}        # dictionaries, sets and digests have these too: a write when asked of rows
ROWS = (".objects", ".filter(", ".exclude(", ".order_by(", ".all()")
MANY = {field.get_accessor_name() if field.auto_created else field.name for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields() if field.one_to_many or field.many_to_many}        # a person's notices, a piece's topics
WRITING_SQL = re.compile(r"\s*(insert into|update \w+ set|delete from|truncate|merge into)\s", re.I)


def writes(source: str) -> list[str]:
    """Every call in a file that changes rows: through the ORM, or with words of SQL."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.match(node.value):
            found.append(f"{node.lineno}: {node.value.strip()[:40]}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_a_write(node):
            found.append(f"{node.lineno}: {ast.unparse(node.func)}()")
    return found


def is_a_write(call: ast.Call) -> bool:
    verb, of = call.func.attr, call.func.value
    if verb == "save" and call.args:                        # a picture goes into the file that is named
        return False
    if verb == "update" and call.keywords and not call.args:     # only rows are updated by name: a dictionary grows with |=
        return True
    return verb in ALWAYS or verb in ON_ROWS and (
        isinstance(of, ast.Attribute) and of.attr in MANY or any(sign in f"{ast.unparse(of)}." for sign in ROWS))


def may_write(path) -> bool:
    return path.stem in ("actions", "stripe_door") or path.parent.name == "actions"     # the door knows no table: it asks a service


def test_rows_change_in_actions_only():
    found = {name_of(path): writes(path.read_text()) for path in files("machi", "config") if not may_write(path)}

    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize("planted", [
    "contract.save()",
    "form.save()",
    "Job.objects.create(title='x')",
    "Job.objects.filter(pk=1).update(state='open')",
    "job.proposals.all().delete()",
    "contract.delete()",
    "job.proposals.create(worker=user)",
    "user.notices.update(read_at=None)",
    "found.update(read_at=None)",
    "piece.topics.set([])",
    "piece.topics.add(topic)",
    "user.memberships.clear()",
    "await job.asave()",
    "await Job.objects.filter(pk=1).aupdate(state='open')",
    "Notice.objects.get_or_create(user=user)",
    "cursor.execute('UPDATE jobs_job SET state = %s', ['open'])",
    "cursor.execute('''\n  DELETE FROM jobs_job''')",
])
def test_a_write_outside_actions_is_found(planted):
    assert len(writes(f"async def accept(request, pk):\n    print(pk)\n    {planted}")) == 1


def test_what_only_looks_like_a_write_is_left_alone():
    assert writes("digest.update(b'x')\nwords.update({'a': 1})\nfound.add(1)\nstop.set()\nseen.clear()\n"
                  "response.delete_cookie('x')\nlog.info('updated')\npicture.save(into)") == []


# ---- a view makes one call, tells no state apart, and is short -------------------------------------------------------

LONGEST_VIEW = 20


def views(source: str) -> dict[str, ast.FunctionDef]:
    """Functions and methods of a file with views that answer a request, or help to."""
    return {one.name: one for one in functions(ast.parse(source)) if {"request", "self"} & {argument.arg for argument in one.args.args}}


def action_names(source: str) -> tuple[set[str], set[str]]:
    """What a file calls its actions: names of modules (`actions`, `contracts`), and names of verbs (`accept_delivery`)."""
    modules, verbs = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                if name.name == "actions":
                    modules.add(name.asname or name.name)
                elif "actions" in node.module.split("."):
                    verbs.add(name.asname or name.name)
        elif isinstance(node, ast.Import):
            modules |= {name.asname or name.name for name in node.names if name.name.endswith(".actions")}
    return modules, verbs


def action_calls(source: str) -> dict[str, list[str]]:
    """View -> the deeds it asks for."""
    modules, verbs = action_names(source)
    called = {}
    for name, view in views(source).items():
        asked = [ast.unparse(node.func) for node in ast.walk(view) if isinstance(node, ast.Call)]
        called[name] = [one for one in asked if one in verbs or one.rpartition(".")[0] in modules]
    return called


def states_told_apart(source: str) -> list[str]:
    """Comparisons with a state: the lifecycle and the policies know what may happen next, a view asks them."""
    compared = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare | ast.Match)]
    subjects = [(node.lineno, ast.unparse(subject)) for node in compared
                for subject in ([node.left, *node.comparators] if isinstance(node, ast.Compare) else [node.subject])]
    return [f"{line}: {subject}" for line, subject in subjects if subject.rpartition(".")[2] == "state" and "." in subject]


def length(view: ast.FunctionDef) -> int:
    return view.end_lineno - view.lineno + 1


def view_files(resolver=None) -> list[Path]:
    """The files of ours that an address leads to, whatever they are called."""
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", entry.callback)
            found.add(Path(inspect.getsourcefile(inspect.unwrap(view))))
        else:
            found |= set(view_files(entry))
    return sorted(path for path in found if path.is_relative_to(ROOT / "machi"))


def test_every_room_of_the_web_has_its_views_read():
    assert {"machi/web/pages/contracts/deeds.py", "machi/web/pages/portfolio/files.py", "machi/web/pages/accounts/proof.py",
            "machi/web/pages/jobs/views/writing.py", "machi/web/desk/people/views.py"} <= set(map(name_of, view_files()))


def test_a_view_asks_for_one_deed():
    found = {f"{name_of(path)} {view}": calls for path in view_files() for view, calls in action_calls(path.read_text()).items()}

    assert {view: calls for view, calls in found.items() if len(calls) > 1} == {}


def test_a_view_tells_no_state_apart():
    assert {name_of(path): found for path in view_files() if (found := states_told_apart(path.read_text()))} == {}


def test_a_view_is_short():
    found = {f"{name_of(path)} {name}": length(view) for path in view_files() for name, view in views(path.read_text()).items()}

    assert {name: lines for name, lines in found.items() if lines > LONGEST_VIEW} == {}


PLANTED_VIEW = """
from machi.contracts import actions
from machi.contracts import actions as contracts
from machi.reviews.actions import say_thanks

def accept(request, pk):
    if contract.state == "delivered":
        actions.accept_delivery(contract=contract, by=request.user)
        contracts.fund(contract=contract, by=request.user)
        say_thanks(contract=contract, by=request.user)
    return page(request, "x.html")
"""


def test_a_view_that_does_too_much_is_found():
    assert action_calls(PLANTED_VIEW) == {"accept": ["actions.accept_delivery", "contracts.fund", "say_thanks"]}
    assert states_told_apart(PLANTED_VIEW) == ["7: contract.state"]
    assert states_told_apart("if 'open' == offer.state: pass") == ["1: offer.state"]
    assert states_told_apart("match milestone.state:\n    case 'funded': pass") == ["1: milestone.state"]
    assert length(views("def long(request):\n" + "    pass\n" * LONGEST_VIEW)["long"]) > LONGEST_VIEW
