"""From the rows of a deed to the papers that follow from it."""
import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import translation

from machi.accounts.models import Party, User
from machi.contracts.counting import rates_of
from machi.contracts.ended import How, how_ended
from machi.contracts.models import Bonus, ChangeOrder, Contract, DateRequest, Delivery, Milestone
from machi.contracts.papers import addition_rows, change_rows, terms_rows
from machi.contracts.terms import gross_of
from machi.contracts.titles import titled
from machi.documents import making
from machi.documents.issuer import town_issuer
from machi.documents.kinds import TOWN, Kind
from machi.documents.naming import Name
from machi.jobs.contests import rates_of as rates_of_contest
from machi.payments.models import Earning
from machi.payments.queries import settlement_of
from machi.proposals.entries import Entry
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.rates import deduction, deduction_until, withheld_name


class Draft(NamedTuple):
    """A paper without its number."""

    kind: Kind
    issuer: str
    about: str
    dealing: str
    worker: User | None
    party: Party | None
    worker_name: str
    client_name: str
    dated_on: datetime.date
    amount: Yen
    payload: dict
    version: int = 1


class Sides(NamedTuple):
    """Both sides of a dealing as they were called when they agreed."""

    dealing: str
    said: str                           # how a paper names it: 契約 7
    worker: User
    party: Party
    worker_name: str
    client_name: str
    client_address: str

    @property
    def are_here(self) -> bool:
        """Of somebody who has left for good nothing new is written down."""
        people = (self.worker, self.party.person)
        return all(one is None or one.erased_at is None for one in people)

    @property
    def client(self) -> Name:
        return Name(self.client_name, self.client_address)

    def draft(self, kind: Kind, issuer: str, about: str, on: datetime.date, amount: Yen, payload: dict, version: int = 1) -> Draft:
        return Draft(kind, issuer, about, self.dealing, self.worker, self.party, self.worker_name, self.client_name, on, amount, payload,
                     version)

    @property
    def by_worker(self) -> str:
        return f"worker:{self.worker.pk}"


def sides_of(contract: Contract) -> Sides:
    terms = contract.terms
    return Sides(contract.reference, f"契約 {contract.pk}", contract.worker, contract.client, terms["worker_name"], terms["client_name"],
                 terms["client_address"])


def sides_of_entry(entry: Entry) -> Sides:
    job = entry.job
    return Sides(entry.reference, f"コンペ {job.pk}、作品 {entry.number}", entry.worker, job.client, entry.worker.name, job.client_name,
                 job.client_address)


def contract_with(pk: int) -> Contract:
    return Contract.objects.select_related("offer", "client", "client__person", "worker").get(pk=pk)


def order_of(contract: Contract, version: int = 1, gross: Yen | None = None) -> Iterator[Draft]:
    """The order with its first terms (version 1), or with everything that was agreed until an addition. `gross`: what the contract cost
    then, as was written down when both agreed; what it costs now where that is not known.
    """
    sides = sides_of(contract)
    if not sides.are_here:
        return
    with translation.override("ja"):
        items = [(row.label, row.text) for row in terms_rows(contract.terms)]
        later, on = _additions(contract, version - 1)
    if version == 1:
        gross = Yen(contract.terms["price_yen"] + contract.terms["tax_yen"])
    amount = gross_of(contract.milestones.order_by("number")) if gross is None else gross
    on = on or clock.day_of(contract.formed_at)
    days = [clock.day_of(contract.formed_at), *(datetime.date.fromisoformat(contract.terms[name]) for name in ("due_on", "pay_on"))]
    yield sides.draft(Kind.ORDER, contract.client.reference, contract.reference, on, amount, making.order(
        client=sides.client, worker=Name(sides.worker_name), on=on, amount=amount, items=items, additions=later, days=days,
        terms_hash=contract.offer.terms_hash), version)


def version_of(contract: Contract, agreed_at: str) -> int:
    """Which version of the order tells first what was agreed at this moment."""
    until = datetime.datetime.fromisoformat(agreed_at)
    return len({moment for one in _agreed_later(contract) if (moment := _moment(one)) <= until}) + 1


def _agreed_later(contract: Contract) -> list[DateRequest | ChangeOrder]:
    """All that was agreed after the terms, in its order: due dates count for each step, changes for the contract."""
    dates = DateRequest.objects.filter(milestone__contract=contract, addition__isnull=False).order_by("milestone__number", "pk")
    return sorted([*dates, *ChangeOrder.objects.filter(contract=contract, addition__isnull=False).order_by("pk")], key=_moment)


def _moment(one: DateRequest | ChangeOrder) -> datetime.datetime:
    return datetime.datetime.fromisoformat(one.addition["agreed_at"])


def _additions(contract: Contract, until: int) -> tuple[list[tuple[str, str]], datetime.date | None]:
    """The rows of the first `until` times that something was agreed later, and the day of the last."""
    rows, moments = [], []
    for one in _agreed_later(contract):
        if _moment(one) not in moments:
            moments.append(_moment(one))
        if len(moments) > until:
            break
        said = addition_rows(one, contract.terms) if isinstance(one, DateRequest) else change_rows(one, contract.terms)
        rows += [(f"変更{one.version}：{row.label}", row.text) for row in said.rows]
    last = moments[:until][-1:]
    return rows, clock.day_of(last[0]) if last else None


def delivery_of(delivery: Delivery) -> Iterator[Draft]:
    step = delivery.milestone
    sides = sides_of(step.contract)
    if not sides.are_here:
        return
    on, amount = clock.day_of(delivery.delivered_at), step.money.gross
    yield sides.draft(Kind.DELIVERY, sides.by_worker, f"delivery:{delivery.pk}", on, amount, making.delivery(
        worker=Name(sides.worker_name), client=sides.client, on=on, amount=amount, title=titled(step), round_=delivery.round,
        has_text=bool(delivery.text), files=delivery.files.count(), contract=sides.said))


def papers_of(earning: Earning) -> Iterator[Draft]:
    """What follows from money that was settled: of a step how it ended, invoice, payment, and the town's own invoice where there is one."""
    if earning.party is None:
        yield from _correction_of(earning)
        return
    step, sides, rate = _settled(earning)
    if not sides.are_here:
        return
    on, money, town = clock.day_of(earning.earned_at), settlement_of(earning), town_issuer(clock.day_of(earning.earned_at))
    by_town, about = town.signed, earning.reference
    told = {"on": on, "money": money, "title": earning.title, "contract": sides.said}
    with translation.override("ja"):
        withheld = withheld_name(earning.pay_on)
    how = how_ended(step.contract)[step.pk] if step else None
    if how == How.ACCEPTED:
        yield sides.draft(Kind.ACCEPTANCE, sides.party.reference, about, on, money.gross, making.acceptance(
            client=sides.client, worker=Name(sides.worker_name), by_town=step.was_accepted_by_town, **told))
    elif how:
        yield sides.draft(Kind.SETTLED, TOWN, about, on, money.gross, making.settled(
            town=by_town, client=sides.client, worker=Name(sides.worker_name), how=how, **told))
    number = earning.registered_number
    is_for_worker = bool(number) and town.issues_for_workers
    worker = Name(f"{sides.worker_name}（発行：{town.name}）", town.address, town.number) if is_for_worker else Name(
        sides.worker_name, number=number)
    yield sides.draft(Kind.INVOICE, sides.by_worker, about, on, money.gross, making.invoice(
        worker=worker, client=sides.client, rate=rate, withheld=withheld, is_for_worker=is_for_worker,
        deduction="" if number else making.deduction_said(deduction(on), deduction_until(on)), **told))
    yield sides.draft(Kind.PAYMENT, TOWN, about, on, money.worker_receives, making.payment(
        town=by_town, worker=Name(sides.worker_name), rate=rate, client=sides.client_name, pay_on=earning.pay_on, withheld=withheld,
        is_accepted=how == How.ACCEPTED, **told))
    if money.client_fee:
        yield sides.draft(Kind.FEE, TOWN, about, on, money.client_fee + money.client_fee_tax, making.fee(
            town=by_town, client=sides.client, rate=rate, **told))._replace(worker_name=town.name)


def _correction_of(earning: Earning) -> Iterator[Draft]:
    """What the town pays somebody to put its own mistake right: nobody else's paper."""
    worker, on = earning.worker, clock.day_of(earning.earned_at)
    if worker.erased_at is not None:
        return
    money, town = settlement_of(earning), town_issuer(on)
    yield Draft(Kind.PAYMENT, TOWN, earning.reference, earning.reference, worker, None, worker.name, town.name, on, money.worker_receives,
                making.payment(town=town.signed, worker=Name(worker.name), on=on, money=money, rate=0,
                               title=earning.title, contract="", client=town.name, pay_on=earning.pay_on, withheld="", is_accepted=False))


def _settled(earning: Earning) -> tuple[Milestone | None, Sides, int]:
    """Of which step it is, if it is one (else of an entry, or given beside the price), both sides, and the rate of consumption tax."""
    kind, _colon, number = earning.reference.partition(":")
    if kind == "milestone":
        step = Milestone.objects.get(pk=number)
        contract = step.contract = contract_with(step.contract_id)
        return step, sides_of(contract), rates_of(contract).tax
    if kind == "bonus":
        bonus = Bonus.objects.get(pk=number)
        return None, sides_of(contract_with(bonus.contract_id)), bonus.rates["tax"]
    entry = Entry.objects.select_related("job__client__person", "job__contest", "worker").get(pk=number)
    return None, sides_of_entry(entry), rates_of_contest(entry.job.contest)[0].tax
