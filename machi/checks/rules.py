"""Every rule of every room, by the number under which the town promises it, and how each is asked."""
from machi.contracts import invariants as contracts
from machi.documents import invariants as documents
from machi.payments import invariants as payments
from machi.proposals import invariants as proposals
from machi.shared.invariants import Class, Rule, broken, late
from machi.tasks import invariants as tasks

RULES: tuple[Rule, ...] = (*payments.RULES, *contracts.RULES, *proposals.RULES, *tasks.RULES, *documents.RULES)
NUMBERS = range(1, 31)
NOT_YET = {22: "tuition"}
LIVE = (27, 28, 29)                 # something is late: an alarm, and money goes on


def class_of(number: int) -> Class:
    return Class.LIVENESS if number in LIVE else Class.SAFETY


def broken_rules(*, lately: bool = False) -> dict[Rule, list]:
    """What is not as it must be, with the rows. `lately`: of the books only what was written since they were sealed last."""
    found = payments.broken(lately=lately) | broken((*contracts.RULES, *proposals.RULES, *tasks.RULES, *documents.RULES), lately=lately)
    return {rule: found[rule.name] for rule in RULES if rule.name in found}


def late_rules() -> dict[Rule, list]:
    """What should have happened by now."""
    found = late(RULES)
    return {rule: found[rule.name] for rule in RULES if rule.name in found}
