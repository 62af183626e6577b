"""What the law asks of one contract, and where it stands there (適法チェック): which laws apply and why, the nine things in writing, the
day of payment, the seven acts and what the town does about each, the end, and what was asked to talk about. Reads what it is given; asks
and writes nothing.
"""
import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.models import Party
from machi.contracts.between import Between
from machi.contracts.ended import How
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.longterm import lasts
from machi.contracts.models import ChangeOrder, Contract, Milestone, Side, Talk
from machi.contracts.weeks import hours_in
from machi.notifications.words import day as day_words
from machi.notifications.words import yen
from machi.shared import clock
from machi.taxes.laws import Duty, days_of, duty
from machi.taxes.models import TaxStanding


class State(StrEnum):
    """How one item stands."""

    OK = "ok"
    REASON = "reason"                   # something happened, and its reason is written down
    MISSING = "missing"
    BLOCKED = "blocked"                 # the town has no button for it


class Applies(StrEnum):
    """Is it a rule of law for this contract? Where it is not, the town does the same by its own rule."""

    LAW = "law"
    MAYBE = "maybe"
    TOWN = "town"


class Reach(NamedTuple):
    """Whether a law applies to a contract, and why, in words."""

    law: str
    applies: Applies
    says: str
    is_whole: bool = True               # False: only the duties of every client, whether they employ somebody or not

    @property
    def words(self) -> str:
        return _(self.says)


class Item(NamedTuple):
    """One thing the law asks. `name` and `says` are ids of texts, `gaps` what stands in their gaps, `parts` sentences with a count each."""

    name: str
    state: State
    says: str
    gaps: dict
    rule: Duty
    applies: Applies
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def label(self) -> str:
        return _(self.name)

    @property
    def words(self) -> str:
        return " ".join([_(self.says) % self.gaps, *(_(says) % {"n": count} for says, count in self.parts)])


class Panel(NamedTuple):
    """Everything on the page. `span`: how long the contract lasts, in words."""

    reaches: list[Reach]
    span: str
    nine: list[Item]
    pay: Item
    acts: list[Item]
    end: Item
    talks: list[Item]


LAWS = {"freelance": gettext_noop("law.freelance"), "subcontract": gettext_noop("law.subcontract")}
NINE = {
    "names": gettext_noop("law.names"), "agreed_on": gettext_noop("agreed.agreed_on"), "work": gettext_noop("agreed.work"),
    "due_on": gettext_noop("agreed.due_on"), "place": gettext_noop("agreed.place"), "accept_by": gettext_noop("agreed.accept_by"),
    "price": gettext_noop("agreed.reward"), "pay_on": gettext_noop("agreed.pay_on"), "paid_by": gettext_noop("agreed.paid_by")}


def panel(contract: Contract, steps: Sequence[Milestone], now: Between, standing: TaxStanding | None, ended: Mapping[int, How]) -> Panel:
    """The whole check of one contract, as it is today. `standing`: what the worker has said of themselves; `ended`: whose word ended which
    step.
    """
    steps = [step for step in steps if step.state != MilestoneState.VOID] or list(steps)
    told = _Told(contract, steps, now, reaches(contract, standing), ended)
    return Panel(told.reaches, told.span(), told.nine(), told.pay(), told.acts(), told.end(), told.talks())


def reaches(contract: Contract, standing: TaxStanding | None) -> list[Reach]:
    """Which laws apply, by what both have said of themselves (money.md 2.1), and why."""
    client, on = contract.client, clock.day_of(contract.formed_at)
    return [_freelance(client, standing), _subcontract(client, is_in_force=duty("price_talk", on).is_in_force)]


def _freelance(client: Party, standing: TaxStanding | None) -> Reach:
    law = "freelance"
    if client.trade == Party.Trade.CONSUMER:
        return Reach(law, Applies.TOWN, gettext_noop("law.reach.consumer"))
    if standing and standing.has_employees:
        return Reach(law, Applies.TOWN, gettext_noop("law.reach.employees"))
    if not client.trade:
        return Reach(law, Applies.MAYBE, gettext_noop("law.reach.unknown"))
    if standing and standing.is_company:
        return Reach(law, Applies.MAYBE, gettext_noop("law.reach.company"))
    if client.has_employees:
        return Reach(law, Applies.LAW, gettext_noop("law.reach.yes"))
    of_company = client.trade == Party.Trade.COMPANY
    return Reach(law, Applies.LAW, gettext_noop("law.reach.writing_company") if of_company else gettext_noop("law.reach.writing"),
                 is_whole=False)


def _subcontract(client: Party, *, is_in_force: bool) -> Reach:
    """The town does not ask how many people somebody employs, nor for their capital."""
    if not is_in_force:
        return Reach("subcontract", Applies.TOWN, gettext_noop("law.reach.not_yet"))
    if client.trade == Party.Trade.CONSUMER:
        return Reach("subcontract", Applies.TOWN, gettext_noop("law.reach.consumer"))
    return Reach("subcontract", Applies.MAYBE, gettext_noop("law.reach.size"))


def applies(rule: Duty, reached: Sequence[Reach], contract: Contract, steps: Sequence[Milestone]) -> Applies:
    """Is this duty one of law here? By its law, its first day, whose it is, and how long the contract lasts."""
    reach = next((one for one in reached if one.law == rule.law), None)
    if reach is None or not rule.is_in_force or not lasts(contract, steps, rule.months):
        return Applies.TOWN
    if rule.needs_employees and not reach.is_whole:           # a company with two officers has it too, and the town knows of none
        return Applies.MAYBE if contract.client.trade == Party.Trade.COMPANY else Applies.TOWN
    return reach.applies


class _Told:
    """The items of one contract, from what is known of it."""

    def __init__(self, contract: Contract, steps: Sequence[Milestone], now: Between, reached: list[Reach],
                 ended: Mapping[int, How]):
        self.contract, self.steps, self.now, self.reaches, self.ended = contract, steps, now, reached, ended
        self.terms, self.formed_on = contract.terms, clock.day_of(contract.formed_at)

    def item(self, rule: str, name: str, state: State, says: str, **gaps) -> Item:
        found = duty(rule, self.formed_on)
        return Item(name, state, says, gaps, found, applies(found, self.reaches, self.contract, self.steps))

    def span(self) -> str:
        days = {"first": day_words(self.formed_on), "last": day_words(max(step.due_on for step in self.steps))}
        if self.lasts_as("notice"):
            return _("law.span.long") % days
        return (_("law.span.month") if self.lasts_as("acts") else _("law.span.short")) % days

    def lasts_as(self, rule: str) -> bool:
        """Does the contract last as long as this duty asks?"""
        return lasts(self.contract, self.steps, duty(rule, self.formed_on).months)

    def nine(self) -> list[Item]:
        return [self._written(name) for name in NINE]

    def _written(self, name: str) -> Item:
        text, moved, reason = self._stands(name)
        if not text:
            return self.item("writing", NINE[name], State.MISSING, gettext_noop("law.missing"))
        if reason:
            return self.item("writing", NINE[name], State.REASON, reason, text=text, before=moved)
        return self.item("writing", NINE[name], State.OK, gettext_noop("law.stands"), text=text)

    def _stands(self, name: str) -> tuple[str, str, str]:
        """What stands there now, what stood there in the terms, and why it is something else; nothing where it is the same."""
        terms, last = self.terms, max(self.steps, key=lambda step: step.due_on)
        if name == "names":
            both = terms.get("client_name"), terms.get("worker_name")
            return (_("law.both") % {"client": both[0], "worker": both[1]} if all(both) else ""), "", ""
        if name in ("due_on", "pay_on"):
            return self._day(name, getattr(last, name))
        if name in ("agreed_on", "accept_by"):
            return (_day(terms[name]) if terms.get(name) else ""), "", ""
        if name == "price":
            return self._price()
        if name == "paid_by":
            return (_("agreed.paid_by.bank_transfer") if terms.get(name) else ""), "", ""
        return terms.get("title" if name == "work" and terms.get("work") else name, ""), "", ""

    def _day(self, name: str, now: datetime.date) -> tuple[str, str, str]:
        if not (before := self.terms.get(name)):
            return "", "", ""
        return day_words(now), _day(before), "" if before == now.isoformat() else gettext_noop("law.moved")

    def _price(self) -> tuple[str, str, str]:
        if not (price := self.terms.get("price_yen")):
            return "", "", ""
        text = _("agreed.reward.text") % {"price": yen(price), "total": yen(price + self.terms["tax_yen"])}
        if self.contract.is_hourly:
            return yen(hours_in(self.terms).rate_yen), text, gettext_noop("law.by_the_hour")
        return text, "", gettext_noop("law.signed") if self._signed(ChangeOrder.Kind.TERMS) else ""

    def pay(self) -> Item:
        """The step whose money comes last, counted from the day of receipt, which is day 1."""
        name, most = gettext_noop("agreed.pay_on"), days_of("pay_date", self.formed_on).days
        if self.now.disputes:
            return self.item("pay_date", name, State.REASON, gettext_noop("law.pay.rests"))
        step = max([one for one in self.steps if one.state != MilestoneState.REFUNDED] or self.steps, key=_pay_days)
        gaps = {"n": _pay_days(step), "most": most, "day": day_words(step.pay_on)}
        if gaps["n"] > most:
            return self.item("pay_date", name, State.MISSING, gettext_noop("law.pay.late"), **gaps)
        return self.item("pay_date", name, State.OK, gettext_noop("law.pay.day"), **gaps)

    def acts(self) -> list[Item]:
        told = sum(one.side == Side.CLIENT for one in self.now.told)
        asked, acceptance = sum(step.revisions_used for step in self.steps), self.terms["acceptance_days"]
        return [
            self._act(gettext_noop("law.refuse"), told, gettext_noop("law.refuse.blocked"), gettext_noop("law.refuse.told"), n=acceptance),
            self._paid_less(gettext_noop("law.cut"), gettext_noop("law.cut.blocked"), gettext_noop("law.cut.happened"), self._cut()),
            self._paid_less(gettext_noop("law.return"), gettext_noop("law.return.blocked"), gettext_noop("law.return.happened"), [
                step for step in self._cut() if step.state == MilestoneState.REFUNDED and step.first_delivered_at]),
            self._act(gettext_noop("law.beat_down"), 0, gettext_noop("law.beat_down.package") if self.contract.package_id
                      else gettext_noop("law.beat_down.blocked")),
            self._act(gettext_noop("law.force"), 0, gettext_noop("law.force.blocked")),
            self._act(gettext_noop("law.benefit"), 0, gettext_noop("law.benefit.blocked")),
            self._act(gettext_noop("law.redo"), asked, gettext_noop("law.redo.hourly") if self.contract.is_hourly
                      else gettext_noop("law.redo.blocked"), gettext_noop("law.redo.asked"), n=self.terms["revisions_count"]),
        ]

    def _act(self, name: str, count: int, blocked: str, happened: str = "", **gaps) -> Item:
        if count:
            return self.item("acts", name, State.REASON, happened, count=count, **gaps)
        return self.item("acts", name, State.BLOCKED, blocked, **gaps)

    def _cut(self) -> list[Milestone]:
        """Steps that ended with less than their pay. By the hour the pay is what was recorded, of a week without hours nothing."""
        return [step for step in self.steps if step.state in (MilestoneState.SETTLED, MilestoneState.REFUNDED)
                and self.ended.get(step.pk, How.ACCEPTED) not in (How.ACCEPTED, How.UNPAID)
                and not (self.contract.is_hourly and self.ended[step.pk] == How.UNANSWERED and step.first_delivered_at is None)]

    def _paid_less(self, name: str, blocked: str, happened: str, steps: Sequence[Milestone]) -> Item:
        """How many, and how many of them by whose word."""
        counts = Counter(_WORDS[self.ended[step.pk]] for step in steps)
        return self._act(name, len(steps), blocked, happened)._replace(parts=tuple(counts.items()))

    def end(self) -> Item:
        name, notice, days = gettext_noop("law.end"), self.now.notice, days_of("notice", self.formed_on).days
        if notice is not None:
            ahead = (notice.last_on - clock.day_of(notice.given_at)).days
            return self.item("notice", name, State.OK if ahead >= days else State.MISSING, gettext_noop("law.end.given"),
                             n=ahead, day=day_words(notice.last_on))
        if self.lasts_as("notice"):
            return self.item("notice", name, State.BLOCKED, gettext_noop("law.end.long"), n=days)
        return self.item("notice", name, State.BLOCKED, gettext_noop("law.end.short"))

    def talks(self) -> list[Item]:
        care = gettext_noop("law.care.long") if self.lasts_as("care") else gettext_noop("law.care.short")
        return [self._talk("price_talk", Talk.About.PRICE, gettext_noop("talk.price"), gettext_noop("law.price.none")),
                self._talk("care", Talk.About.CARE, gettext_noop("talk.care"), care)]

    def _talk(self, rule: str, about: str, name: str, none: str) -> Item:
        """The newest talk. A client who leaves one unanswered for longer than the town's days is named."""
        talk = next((one for one in reversed(self.now.talks) if one.about == about), None)
        if talk is None:
            return self.item(rule, name, State.OK, none)
        if not talk.is_open:
            says, state = _ANSWERED[talk.answer]
            return self.item(rule, name, state, says, day=day_words(clock.day_of(talk.answered_at)))
        waited = (clock.today() - clock.day_of(talk.asked_at)).days
        gaps = {"day": day_words(clock.day_of(talk.asked_at)), "n": waited}
        if talk.side == Side.WORKER and waited > days_of("answer").days:
            return self.item(rule, name, State.MISSING, gettext_noop("law.talk.late"), **gaps)
        return self.item(rule, name, State.REASON, gettext_noop("law.talk.waits"), **gaps)

    def _signed(self, kind: str) -> int:
        return sum(order.kind == kind for order in self.now.signed)


_BOTH = gettext_noop("law.less.both")
_WORDS = {How.AGREED: _BOTH, How.MEDIATED: _BOTH, How.RULED: gettext_noop("law.less.ruled"),
          How.UNANSWERED: gettext_noop("law.less.unanswered"), How.PASSED_ON: gettext_noop("law.less.passed_on")}
_ANSWERED = {Talk.Answer.YES: (gettext_noop("law.talk.yes"), State.OK), Talk.Answer.NO: (gettext_noop("law.talk.no"), State.REASON)}


def _pay_days(step: Milestone) -> int:
    """Which day the payment is, counting the day of receipt as day 1; before it the day on which the work is due."""
    received_on = clock.day_of(step.delivered_at) if step.delivered_at else step.due_on
    return (step.pay_on - received_on).days + 1


def _day(text: str) -> str:
    return day_words(datetime.date.fromisoformat(text))
