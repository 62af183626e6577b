"""What a reference of the books speaks of, in words: the title of a piece of work and its step, not `milestone:4`. It leads to its page
where whoever looks may open that. As many questions for many as for one.
"""
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.cards.models import Chargeback
from machi.contracts.models import Bonus, Contract, Milestone
from machi.jobs.models import Job
from machi.payments.models import Adjustment, BankLine, Debt, Earning, Repayment, Taken
from machi.tasks.models import Batch, Bundle, Closing, Slots

OF_A_CHARGEBACK = ("chargeback", "chargeback_fee", "again")
DEEPEST = 6                                         # what was repaid by card may be taken back too


class Work(NamedTuple):
    """In words, and where it stands; no address where this person may not look."""

    words: str
    address: str = ""


def works(references: Iterable[str], user) -> dict[str, Work]:
    """Each reference with what it speaks of. One that nothing here knows stays as it is."""
    wanted = dict.fromkeys(references)
    behind = _behind(wanted)
    kinds = _by_kind(set(behind.values()) | set(wanted))
    known = {**_steps(kinds, user), **_posts(kinds, user), **_bonuses(kinds, user), **_tasks(kinds, user), **_of_the_desk(kinds)}
    found = {}
    for reference in wanted:
        base = behind.get(reference, reference)
        found[reference] = known.get(_key(reference)) or known.get(_key(base)) or Work(reference)
    return found


def _behind(references: Iterable[str]) -> dict[str, str]:
    """What was taken back, is owed, repaid or paid anew is about a piece of work: which one."""
    behind = {reference: reference for reference in references}
    for _step in range(DEEPEST):
        nearer = _nearer(behind.values())
        if not nearer:
            break
        behind = {reference: nearer.get(base, base) for reference, base in behind.items()}
    return behind


def _nearer(references: Iterable[str]) -> dict[str, str]:
    kinds = _by_kind(references)
    rows = {
        "repay": Repayment.objects.filter(pk__in=kinds.get("repay", ())).values_list("pk", "debt__reference"),
        "debt": Debt.objects.filter(pk__in=kinds.get("debt", ())).values_list("pk", "reference"),
        "taken": Taken.objects.filter(pk__in=kinds.get("taken", ())).values_list("pk", "reference")}
    found = {f"{kind}:{pk}": reference for kind, some in rows.items() for pk, reference in some}
    numbers = {number for kind in OF_A_CHARGEBACK for number in kinds.get(kind, ())}
    places = Chargeback.objects.filter(pk__in=numbers).values_list("pk", "intent__place")
    return found | {f"{kind}:{pk}": place for pk, place in places for kind in OF_A_CHARGEBACK}


def _steps(kinds: dict[str, set[int]], user) -> dict[tuple, Work]:
    steps = Milestone.objects.filter(pk__in=kinds.get("milestone", ())).select_related("contract")
    whole = Contract.objects.filter(pk__in=kinds.get("contract", ()))
    mine = _mine(user, {step.contract_id for step in steps} | {contract.pk for contract in whole})
    found = {("milestone", step.pk): Work(
        _("desk.work.step") % {"work": step.contract.title, "step": step.title} if step.title else step.contract.title,
        _contract(step.contract_id, mine)) for step in steps}
    return found | {("contract", contract.pk): Work(contract.title, _contract(contract.pk, mine)) for contract in whole}


def _bonuses(kinds: dict[str, set[int]], user) -> dict[tuple, Work]:
    bonuses = Bonus.objects.filter(pk__in=kinds.get("bonus", ())).select_related("contract")
    mine = _mine(user, {bonus.contract_id for bonus in bonuses})
    return {("bonus", bonus.pk): Work(_("desk.work.bonus") % {"work": bonus.contract.title}, _contract(bonus.contract_id, mine))
            for bonus in bonuses}


def _posts(kinds: dict[str, set[int]], user) -> dict[tuple, Work]:
    wanted = kinds.get("job", ())
    seen = set(Job.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return {("job", job.pk): Work(job.title, reverse("jobs:detail", args=[job.pk]) if job.pk in seen else "")
            for job in Job.objects.filter(pk__in=wanted)}


def _tasks(kinds: dict[str, set[int]], user) -> dict[tuple, Work]:
    """Batches of micro-tasks, and what is counted under a number of its own: their deposits, closings and bundles."""
    of = {kind: dict(model.objects.filter(pk__in=kinds[kind]).values_list("pk", "batch"))
          for kind, model in (("slots", Slots), ("closing", Closing), ("bundle", Bundle)) if kinds.get(kind)}
    wanted = kinds.get("batch", set()) | {batch for some in of.values() for batch in some.values()}
    if not wanted:
        return {}
    mine = set(Batch.objects.given_by(user).filter(pk__in=wanted).values_list("pk", flat=True))
    found = {batch.pk: Work(_("desk.work.tasks") % {"work": batch.title}, _batch(batch, mine))
             for batch in Batch.objects.filter(pk__in=wanted)}
    return {("batch", pk): work for pk, work in found.items()} | {
        (kind, pk): found[batch] for kind, some in of.items() for pk, batch in some.items()}


def _batch(batch: Batch, mine: set[int]) -> str:
    """Its client sees how far it is; what is out is there for everybody."""
    if batch.pk in mine:
        return reverse("tasks:run", args=[batch.pk])
    return reverse("tasks:batch", args=[batch.pk]) if batch.is_out else ""


def _of_the_desk(kinds: dict[str, set[int]]) -> dict[tuple, Work]:
    """What stands on a desk of finance itself."""
    lines = BankLine.objects.filter(row__in=kinds.get("row", ())).values_list("row", "pk")
    corrections = Adjustment.objects.filter(pk__in=kinds.get("adjust", ()))
    earned = Earning.objects.filter(pk__in=kinds.get("withheld", ())).values_list("pk", "title")
    found: dict[tuple, Any] = {("row", row): Work(_("desk.line"), reverse("desk:bank_line", args=[pk])) for row, pk in lines}
    found |= {("adjust", one.pk): Work(str(one.get_what_display()), reverse("desk:adjustment", args=[one.pk])) for one in corrections}
    return found | {("withheld", pk): Work(_("desk.work.withheld") % {"work": title}) for pk, title in earned}


def _mine(user, contracts: set[int]) -> set[int]:
    return set(Contract.objects.visible_to(user).filter(pk__in=contracts).values_list("pk", flat=True)) if contracts else set()


def _contract(pk: int, mine: set[int]) -> str:
    return reverse("contracts:room", args=[pk]) if pk in mine else ""


def _key(reference: str) -> tuple[str, int]:
    kind, number = [*reference.split(":"), ""][:2]
    return kind, int(number) if number.isdecimal() and len(number) <= 18 else 0


def _by_kind(references: Iterable[str]) -> dict[str, set[int]]:
    kinds: dict[str, set[int]] = {}
    for kind, number in map(_key, references):
        kinds.setdefault(kind, set()).add(number)
    return kinds
