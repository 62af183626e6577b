"""Rows change in actions only. A view asks for one deed, tells no state apart, and is short enough to read at a glance."""
import ast
import re

import pytest

from tests.architecture.reading import files, functions, name_of

# ---- only actions write ---------------------------------------------------------------------------------------------

ALWAYS = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ON_ROWS = {"create", "update", "delete"}            # dictionaries and digests have these too: a write when asked of rows
ROWS = (".objects", ".filter(", ".exclude(", ".order_by(", ".all()", "_set.")
WRITING_SQL = re.compile(r"\s*(insert into|update \w+ set|delete from|truncate|merge into)\s", re.I)


def writes(source: str) -> list[str]:
    """Every call in a file that changes rows: through the ORM, or with words of SQL."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.match(node.value):
            found.append(f"{node.lineno}: {node.value.strip()[:40]}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, of = node.func.attr, ast.unparse(node.func.value)
            if name == "save" and node.args:                # a picture goes into the file that is named
                continue
            if name in ALWAYS or name in ON_ROWS and any(sign in f"{of}." for sign in ROWS):
                found.append(f"{node.lineno}: {of}.{name}()")
    return found


def may_write(path) -> bool:
    return path.stem == "actions" or path.parent.name == "actions"


def test_rows_change_in_actions_only():
    found = {name_of(path): writes(path.read_text()) for path in files("machi", "config") if not may_write(path)}

    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize("planted", [
    "contract.save()",
    "form.save()",
    "Job.objects.create(title='x')",
    "Job.objects.filter(pk=1).update(state='open')",
    "job.proposals.all().delete()",
    "Notice.objects.get_or_create(user=user)",
    "cursor.execute('UPDATE jobs_job SET state = %s', ['open'])",
    "cursor.execute('''\n  DELETE FROM jobs_job''')",
])
def test_a_write_outside_actions_is_found(planted):
    assert len(writes(f"def accept(request, pk):\n    print(pk)\n    {planted}")) == 1


def test_what_only_looks_like_a_write_is_left_alone():
    assert writes("digest.update(b'x')\nwords.update(a=1)\nresponse.delete_cookie('x')\nlog.info('updated')") == []


# ---- a view makes one call, tells no state apart, and is short -------------------------------------------------------

LONGEST_VIEW = 20


def views(source: str) -> dict[str, ast.FunctionDef]:
    """Functions and methods of a views file that answer a request."""
    return {one.name: one for one in functions(ast.parse(source)) if any(argument.arg == "request" for argument in one.args.args)}


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
    subjects = [(node.lineno, ast.unparse(node.left if isinstance(node, ast.Compare) else node.subject)) for node in compared]
    return [f"{line}: {subject}" for line, subject in subjects if subject.rpartition(".")[2] == "state" and "." in subject]


def length(view: ast.FunctionDef) -> int:
    return view.end_lineno - view.lineno + 1


def view_files():
    return [path for path in files("machi/web/pages") if path.stem == "views" or path.parent.name == "views"]


def test_a_view_asks_for_one_deed():
    found = {f"{name_of(path)} {view}": calls for path in view_files() for view, calls in action_calls(path.read_text()).items()}

    assert {view: calls for view, calls in found.items() if len(calls) > 1} == {}


def test_a_view_tells_no_state_apart():
    assert {name_of(path): found for path in view_files() if (found := states_told_apart(path.read_text()))} == {}


def test_a_view_is_short():
    found = {f"{name_of(path)} {name}": length(view) for path in view_files() for name, view in views(path.read_text()).items()}

    assert {name: lines for name, lines in found.items() if lines > LONGEST_VIEW} == {}
    assert found, "there are pages"


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
    assert states_told_apart("match milestone.state:\n    case 'funded': pass") == ["1: milestone.state"]
    assert length(views("def long(request):\n" + "    pass\n" * LONGEST_VIEW)["long"]) > LONGEST_VIEW
