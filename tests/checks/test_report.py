"""All thirty rules by number and class, for people and for programs."""
import json

from machi.checks.report import as_json, as_text, is_broken, report
from machi.checks.rules import LIVE, NOT_YET, NUMBERS, RULES
from machi.shared.invariants import Class
from tests import database
from tests.people import a_contract


def test_every_number_is_there_with_its_rules_or_says_what_the_town_has_not_got(db):
    lines = report()

    assert [line["number"] for line in lines if line["number"]] == sorted(line["number"] for line in lines if line["number"])
    assert {line["number"] for line in lines} - {None} == set(NUMBERS)
    assert {line["rule"] for line in lines} - {None} == {rule.name for rule in RULES}
    text = as_text(lines)
    assert "22 safety   -      no such thing in this town yet: tuition" in text
    assert " 1 safety   ok     all accounts together are zero: 0 rows" in text
    assert json.loads(as_json(lines))["broken"] is False


def test_what_is_late_alarms_and_breaks_nothing():
    for rule in RULES:
        assert {number in LIVE for number in rule.numbers} <= {rule.kind == Class.LIVENESS}, rule.name
    assert not set(NOT_YET) & {number for rule in RULES for number in rule.numbers}
    assert {27, 28, 29} == set(LIVE) == {number for rule in RULES if rule.kind == Class.LIVENESS for number in rule.numbers}


def test_a_broken_rule_and_a_late_one_are_told_apart(town, breaks_books):
    contract = a_contract(delivered=True)
    with database.as_superuser() as root:
        root.execute("UPDATE contracts_milestone SET accept_by = now() - interval '2 hours'")
    late = report()
    assert not is_broken(late)
    assert f"27 liveness LATE   what silence accepts is accepted within an hour: {contract.milestones.get().pk}" in as_text(late)

    with database.as_superuser() as root:
        root.execute("SET session_replication_role = replica")
        root.execute("UPDATE ledger_transfer SET amount_yen = amount_yen + 1")
    broken = report()
    assert is_broken(broken) and " 3 safety   BROKEN a cached balance is the sum of its transfers: " in as_text(broken)
