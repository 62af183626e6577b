"""All rules by number and class, for whoever asks at the machine: `machi check-invariants [--json]`."""
import json

from machi.checks.rules import NOT_YET, NUMBERS, RULES, broken_rules, class_of, late_rules
from machi.shared.invariants import Class


def report() -> list[dict]:
    """One line for each rule, in the order of the numbers; a number without a rule says what the town has not got. Then the rest."""
    found = broken_rules() | late_rules()
    lines = []
    for number in NUMBERS:
        lines += [_line(number, rule, found) for rule in RULES if number in rule.numbers]
        if number in NOT_YET:
            lines.append({"number": number, "class": str(class_of(number)), "rule": None, "rows": [],
                          "said": f"no such thing in this town yet: {NOT_YET[number]}"})
    return lines + [_line(None, rule, found) for rule in RULES if not rule.numbers]


def _line(number: int | None, rule, found: dict) -> dict:
    rows = found.get(rule, [])
    said = "ok" if not rows else "BROKEN" if rule.kind == Class.SAFETY else "LATE"
    return {"number": number, "class": str(rule.kind), "rule": rule.name, "rows": list(map(str, rows)), "said": said}


def is_broken(lines: list[dict]) -> bool:
    return any(line["said"] == "BROKEN" for line in lines)


def as_text(lines: list[dict]) -> str:
    return "\n".join(
        f"{line['number'] or '':>2} {line['class']:8} " + (
            f"{line['said']:6} {line['rule']}: {', '.join(line['rows']) or '0 rows'}" if line["rule"] else f"{'-':6} {line['said']}")
        for line in lines)


def as_json(lines: list[dict]) -> str:
    return json.dumps({"broken": is_broken(lines), "rules": lines}, ensure_ascii=False, indent=1)
