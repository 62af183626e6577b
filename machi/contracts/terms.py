"""The terms (条件): the nine items the law wants in writing, frozen, numbered and fingerprinted (フリーランス法3条).

An offer holds them as they were shown. Accepting names the fingerprint that the worker saw, so nobody agrees to other words
than those on their screen.
"""
import datetime
import hashlib
from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from machi.contracts import weeks
from machi.contracts.counting import Counted, counted_for, counted_in, rates_day, withholding_for
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Milestone, Offer, Side, StandIn
from machi.jobs.models import Job
from machi.jobs.plans import Step, fitted
from machi.jobs.queries import plan_of
from machi.notifications.words import day as day_words
from machi.packages.models import Package
from machi.payments.fees import Settlement, rates, settlement_by, settlement_in, summed
from machi.payments.paydays import pay_day
from machi.payments.queries import earnings_for, settlement_of
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.seals import fingerprint as fingerprint
from machi.taxes.queries import is_company
from machi.taxes.withholding import Proposal, proposed

# What the law wants in writing, by the names the terms use; both names are one of the nine (フリーランス法施行規則1条).
NINE_ITEMS = ("client_name", "worker_name", "agreed_on", "work", "due_on", "place", "accept_by", "price_yen", "pay_on", "paid_by")


def draft_terms(*, job: Job, worker, due_on: datetime.date, reward: Yen, hours: weeks.Hours | None = None) -> dict:
    """The terms for one worker, as plain text and numbers. Amounts in yen, days in ISO form. Work in several steps has `steps`; work by
    the hour has a step for each week, and its own days.
    """
    today, hours = clock.today(), hours or (weeks.hours_of(job) if job.is_hourly else None)
    plan = planned_weeks(hours, on=today) if hours else fitted(plan_of(job), due_on=due_on, reward=reward)
    due_on = plan[-1].due_on
    proposal = job.withholding(is_company=is_company(worker))
    counted = Counted(rates(today, job.form), proposal.is_withheld, job.listed)
    steps = step_terms(plan, counted=counted, acceptance_days=job.acceptance_days, is_each_alone=bool(hours))
    money = summed([money_in(step) for step in steps])
    return {
        "client_name": job.client_name, "client_address": job.client_address, "client_contact": job.client_contact,
        "worker_name": worker.name, "agreed_on": today.isoformat(),
        "title": job.title, "work": job.body, "outcome": job.outcome,
        "due_on": due_on.isoformat(), "place": job.place,
        "accept_by": (due_on + datetime.timedelta(days=job.acceptance_days)).isoformat(), "acceptance_days": job.acceptance_days,
        "pay_on": pay_day(due_on, acceptance_days=job.acceptance_days).isoformat(), "paid_by": "bank_transfer",
        "revisions_count": weeks.QUESTIONS if hours else job.revisions_count, "sync": job.sync, "sync_note": job.sync_note,
        "channels": job.channels, "block_minutes": job.block_minutes, "slack_days": job.slack_days, "ai": job.ai, "rights": job.rights,
        **_amounts(money), "rates": counted.by.on_paper(),
        "withholding": proposal._asdict() | ({"listed": list(counted.listed)} if counted.listed else {}),
        **({"steps": steps} if len(steps) > 1 or hours else {}), **({"hourly": hours._asdict()} if hours else {}),
    }


def planned_weeks(hours: weeks.Hours, *, on: datetime.date) -> list[Step]:
    """The weeks of work by the hour that is offered on this day. They are named in Japanese: they stand on a Japanese paper."""
    price = Yen(hours.rate_yen * hours.weekly_hours)
    return [week_step(due_on, price) for due_on in weeks.due_days(offered_on=on, count=hours.weeks_count)]


def week_step(due_on: datetime.date, price: Yen) -> Step:
    with translation.override("ja"):
        return Step(_("weeks.title") % {"day": day_words(weeks.first_day(due_on))}, price, due_on)


TIME_TO_ANSWER, ACCEPTANCE_DAYS = datetime.timedelta(days=7), 7


def due_day_of(package: Package) -> datetime.date:
    """When a service is due that is asked for today: its days count from the last day of answering, so the worker has them whole."""
    return clock.today() + TIME_TO_ANSWER + datetime.timedelta(days=package.days_count)


def withholding_from(package: Package, client=None) -> Proposal:
    """Is income tax withheld when this client asks for this service, and why (所得税法204条)? Nobody in particular counts as one who pays
    no salaries.
    """
    return proposed(category=package.category_id, is_agent=bool(client and client.is_withholding_agent),
                    is_company=is_company(package.worker_id))


def service_terms(*, package: Package, client, words: str) -> dict:
    """The terms of a service: all of it as its worker wrote it, and what the client said they need."""
    today, due_on = clock.today(), due_day_of(package)
    by, proposal = rates(today, "package"), withholding_from(package, client)
    return {
        "client_name": client.name, "client_address": client.address, "client_contact": client.contact,
        "worker_name": package.worker.name, "agreed_on": today.isoformat(),
        "title": package.title, "work": package.body, "needs": package.needs, "order": words, "outcome": "",
        "due_on": due_on.isoformat(), "place": package.place,
        "accept_by": (due_on + datetime.timedelta(days=ACCEPTANCE_DAYS)).isoformat(), "acceptance_days": ACCEPTANCE_DAYS,
        "pay_on": pay_day(due_on, acceptance_days=ACCEPTANCE_DAYS).isoformat(), "paid_by": "bank_transfer",
        "revisions_count": package.revisions_count, "sync": package.sync, "sync_note": package.sync_note, "ai": package.ai,
        "rights": package.rights,
        **_amounts(settlement_by(by, package.price, is_withheld=proposal.is_withheld)), "rates": by.on_paper(),
        "withholding": proposal._asdict()}


def step_terms(plan: Iterable[Step], *, counted: Counted, acceptance_days: int, first: int = 1,
               before: Yen | None = None, is_each_alone: bool = False) -> list[dict]:
    """Each step as the terms write it: its number, its money, its days. `before`: what the steps before the first one cost.
    `is_each_alone`: the fee of each is counted by itself, as for weeks of work by the hour.
    """
    found, cost = [], before or Yen(0)
    for number, step in enumerate(plan, first):
        money = counted.money(step.price_yen, before=cost)
        found.append({
            "number": number, "title": step.title, "due_on": step.due_on.isoformat(),
            "accept_by": (step.due_on + datetime.timedelta(days=acceptance_days)).isoformat(),
            "pay_on": pay_day(step.due_on, acceptance_days=acceptance_days).isoformat(), "before_yen": int(cost), **_amounts(money)})
        cost += Yen(0) if is_each_alone else step.price_yen
    return found


def wished_terms(contract: Contract, steps: Sequence[Milestone], order: ChangeOrder) -> list[dict]:
    """The steps of a wish as the terms would write them: after what is funded or over, at the rates of the contract. `steps`: those the
    contract has. The fee goes on from what the steps before really cost, those of the worker who was stood in for among them.
    """
    terms = contract.terms
    cost = Yen(0) if contract.is_hourly else really_cost([*_taken_over_from(contract), *steps])
    plan = [Step(step["title"], Yen(step["price_yen"]), datetime.date.fromisoformat(step["due_on"])) for step in order.steps]
    if order.months_count:                          # beside those that wait for their money, whichever these are by now
        plan = [Step(step.title, Yen(step.price_yen), step.due_on) for step in steps if step.is_unfunded] + plan
    numbers = [step.number for step in steps if step.state != MilestoneState.AGREED]
    return step_terms(plan, counted=counted_in(contract), acceptance_days=terms["acceptance_days"],
                      first=max(numbers, default=0) + 1, is_each_alone=contract.is_hourly, before=cost)


def really_cost(steps: Iterable[Milestone]) -> Yen:
    """What these steps cost that were funded, without tax: what went back cost nothing, of a part only the part."""
    known = [step for step in steps if step.state not in (MilestoneState.AGREED, MilestoneState.VOID, MilestoneState.REFUNDED)]
    parts = earnings_for([step.pk for step in known if step.state == MilestoneState.SETTLED])
    return Yen(sum(parts[step.pk].price_yen if step.pk in parts else step.price_yen for step in known))


def gross_of(steps: Sequence[Milestone], signed: ChangeOrder | None = None, papers: Iterable[dict] = ()) -> Yen:
    """What a contract of these steps costs, with tax: of steps that ended what was paid for them. `signed`: as it is once this change is
    carried out, with the steps that it wrote (`papers`).
    """
    known = [step for step in steps if step.state not in (MilestoneState.VOID, MilestoneState.REFUNDED)]
    parts = {part["number"]: Yen(part["price_yen"]) for part in signed.parts} if signed else {}
    if signed and signed.kind != ChangeOrder.Kind.PART:
        known = [step for step in known if not step.is_unfunded]        # others took their place, or they will not be done
    paid = earnings_for([step.pk for step in known if step.is_closed])

    def gross(step: Milestone) -> Yen:
        if step.pk in paid:
            return settlement_of(paid[step.pk]).gross
        price = parts.get(step.number, Yen(step.price_yen))
        return part_of(step, price).gross if price else Yen(0)
    return Yen(sum(map(gross, known)) + sum(money_in(paper).gross for paper in papers))


def _taken_over_from(contract: Contract) -> Iterable[Milestone]:
    return Milestone.objects.filter(contract=contract.takes_over_id) if contract.takes_over_id else ()


def steps_in(terms: dict) -> list[dict]:
    """The steps of these terms; work in one piece is its own only step, without a name."""
    return terms.get("steps") or [terms | {"number": 1, "title": "", "before_yen": 0}]


def plan_in(terms: dict) -> list[Step]:
    """The same as they were planned."""
    return [Step(step["title"], Yen(step["price_yen"]), datetime.date.fromisoformat(step["due_on"])) for step in steps_in(terms)]


def part_of(milestone: Milestone, price: Yen) -> Settlement:
    """Both sides' money when of a step only this much is paid, without tax: by the rates that the terms hold. Of both fees so much is
    due as of a step that costs only this; the rest of what was held for it goes back to the client.
    """
    if price == milestone.price_yen:
        return milestone.money
    return counted_in(milestone.contract).money(price, before=Yen(milestone.before_yen))


def parted(step: Milestone, kept_percent: int, person=None) -> tuple[Settlement, Settlement]:
    """Of a step that somebody takes over: the money of the part the worker keeps, and that of the rest, for that `person`. To the yen both
    together cost what the step costs, because the fee of the rest goes on from the part before it.
    """
    kept = Yen(step.price_yen * kept_percent // 100)
    counted = counted_for(person, step.contract) if person else counted_in(step.contract)
    rest = counted.money(Yen(step.price_yen - kept), before=Yen(step.before_yen + kept))
    return part_of(step, kept), rest


def step_of(contract: Contract, step: dict) -> Milestone:
    """A step as it is written in the terms, or in what was agreed later."""
    terms = contract.terms
    return Milestone(
        contract=contract, number=step["number"], title=step["title"], price_yen=step["price_yen"], held_yen=step["client_pays_yen"],
        fee_yen=step["fee_yen"], fee_tax_yen=step["fee_tax_yen"], withheld_yen=step["withheld_yen"], before_yen=step["before_yen"],
        client_fee_yen=step.get("client_fee_yen", 0), client_fee_tax_yen=step.get("client_fee_tax_yen", 0),
        due_on=datetime.date.fromisoformat(step["due_on"]), pay_on=datetime.date.fromisoformat(step["pay_on"]),
        acceptance_days=terms["acceptance_days"], revisions_count=terms["revisions_count"],
        slack_days=terms.get("slack_days", 0))


TIME_TO_GO_ON = datetime.timedelta(days=7)          # whoever takes over has at least so long for the step that is under way


def stand_in_terms(contract: Contract, steps: Sequence[Milestone], stand_in: StandIn, *, last_on: datetime.date | None = None) -> dict:
    """The terms of what is left, for whoever takes it over today: the client pays and gets what was agreed; the step that is under way
    is due in a week at the earliest, later ones never before it. Rates stay those of the terms that are taken over.

    `last_on`: the day on which the contract ends by a notice; what is due after it, and not funded, will not be done by anybody.
    """
    terms, today = contract.terms, clock.today()
    step = next(one for one in steps if one.is_running)
    _kept, rest = parted(step, stand_in.kept_percent)
    plan = [Step(step.title or contract.title, rest.price, max(step.due_on, today + TIME_TO_GO_ON))]
    for one in steps:
        if one.is_unfunded and (last_on is None or one.due_on <= last_on):
            plan.append(Step(one.title, Yen(one.price_yen), max(one.due_on, plan[-1].due_on)))
    withholding = withholding_for(stand_in.person, contract)
    found = step_terms(plan, counted=counted_for(stand_in.person, contract), acceptance_days=terms["acceptance_days"],
                       before=Yen(step.before_yen + step.price_yen - rest.price))
    last = found[-1]
    return {**{name: value for name, value in terms.items() if name not in ("steps", "order")},
            **({"withholding": withholding} if withholding else {}),
            "worker_name": stand_in.person.name, "agreed_on": today.isoformat(), "rates_on": rates_day(terms).isoformat(),
            **{name: last[name] for name in ("due_on", "accept_by", "pay_on")}, **_amounts(summed([money_in(one) for one in found])),
            "steps": found, "took_over": {"contract": contract.pk, "step": step.number, "price_yen": step.price_yen,
                                          "kept_percent": stand_in.kept_percent, "terms": contract.offer.terms_hash}}


def passing_addition(stand_in: StandIn, contract: Contract, step: Milestone, *, now: datetime.datetime) -> dict:
    """What the worker of a contract that is passed on keeps, as a paper: the step with its part, and when the three agreed.
    `step` carries its part already.
    """
    return {"contract": contract.pk, "after": contract.offer.terms_hash, "kept_percent": stand_in.kept_percent,
            "steps": [{"number": step.number, "title": step.title, "due_on": step.due_on.isoformat(), "pay_on": step.pay_on.isoformat(),
                       "before_yen": step.before_yen, **_amounts(step.money)}],
            "asked_at": stand_in.asked_at.isoformat(), "person_agreed_at": stand_in.person_agreed_at.isoformat(),
            "client_agreed_at": stand_in.client_agreed_at.isoformat(), "passed_on_at": now.isoformat()}


def _amounts(money: Settlement) -> dict[str, int]:
    return money.in_yen() | {"client_pays_yen": int(money.client_pays), "net_yen": int(money.worker_receives)}


def addition_to(contract: Contract, milestone: Milestone, request: DateRequest, *, pay_on: datetime.date, now: datetime.datetime,
                after: str) -> dict:
    """What both sides agreed later: another due date, and the day of payment that follows from it.

    The two are named by their side: their names stand in the terms, and are nowhere twice.
    `after` is the fingerprint of what it adds to (the terms, or the addition before), so that the papers of a contract are a chain.
    """
    return {"contract": contract.pk, "version": request.version, "after": after,
            "due_on": request.wished_on.isoformat(), "due_on_before": milestone.due_on.isoformat(),
            "accept_by": (request.wished_on + datetime.timedelta(days=milestone.acceptance_days)).isoformat(),
            "pay_on": pay_on.isoformat(), "pay_on_before": milestone.pay_on.isoformat(),
            "asked_by": request.side, "asked_at": request.asked_at.isoformat(),
            "agreed_by": other_side(request.side), "agreed_at": now.isoformat()}


def change_addition(order: ChangeOrder, contract: Contract, *, now: datetime.datetime, after: str, steps: list[dict]) -> dict:
    """What both sides signed about the contract: what was asked, by whom, who agreed; for other terms the steps as they are now."""
    return {"contract": contract.pk, "version": order.version, "after": after, "kind": order.kind,
            "words_hash": hashlib.sha256(order.words.encode()).hexdigest(),     # the words lie beside it, and leave with their writer
            "steps": steps, "parts": order.parts, "asked_by": order.side, "asked_at": order.asked_at.isoformat(),
            "agreed_by": other_side(order.side), "agreed_at": now.isoformat()}


def other_side(side: str) -> str:
    return Side.CLIENT if side == Side.WORKER else Side.WORKER


def money_in(terms: dict) -> Settlement:
    """The settlement that was frozen in the terms: what is paid is what was agreed, whatever the rates are now."""
    return settlement_in(terms)


def terms_of(offer: Offer) -> Settlement:
    """The money of an offer."""
    return money_in(offer.terms)
