"""The demo town is lived, not inserted: its room calls actions and reads, and writes no row itself."""
import ast
from pathlib import Path

import machi.simulation

WRITES = {"create", "save", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "asave",
          "aupdate", "adelete", "raw", "add", "set", "remove", "clear"}


def writes_in(source: str) -> list[str]:
    """Every call that could write a row: a model's or a queryset's own verbs, and SQL that inserts."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            words = ast.unparse(node.func)
            is_own_list = words in {"self.add", "plan.add"}
            is_a_file = node.func.attr == "save" and bool(node.args)        # a picture goes into the file that is named
            if not is_own_list and not is_a_file:
                found.append(words)
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if text.upper().startswith(("INSERT ", "UPDATE ", "DELETE ")):
            found.append(text)
    return found


def test_the_room_writes_no_row():
    files = sorted(Path(machi.simulation.__file__).parent.rglob("*.py"))
    assert len(files) >= 8
    assert {file.name: writes_in(file.read_text()) for file in files if writes_in(file.read_text())} == {}


def test_a_row_that_is_inserted_would_be_found():
    assert writes_in("Job.objects.create(title='x')") == ["Job.objects.create"]
    assert writes_in("job.save()") == ["job.save"]
    assert writes_in("Notice.objects.filter(user=user).update(read_at=None)") == ["Notice.objects.filter(user=user).update"]
    assert writes_in("db.execute('INSERT INTO jobs_job VALUES (1)')") == ["INSERT INTO jobs_job VALUES (1)"]
