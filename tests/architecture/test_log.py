"""The town's one formatter writes the message and nothing beside it: whatever a log line must tell stands in its message."""
import ast

from tests.architecture.reading import files, name_of


def hidden_facts(source: str) -> list[int]:
    """The lines of log calls that hang facts beside the message, where nobody reads them."""
    return [call.lineno for call in ast.walk(ast.parse(source)) if isinstance(call, ast.Call)
            and ast.unparse(call.func).startswith("log.") and any(word.arg == "extra" for word in call.keywords)]


def test_a_log_line_tells_what_it_knows():
    assert {name_of(path): lines for path in files("machi") if (lines := hidden_facts(path.read_text()))} == {}


def test_a_planted_violation_is_found():
    assert hidden_facts('log.warning("a mail could not be sent",\n extra={"notice": 7})\nlog.error("%s", 7)') == [1]
