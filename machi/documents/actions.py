"""Verbs of the room of papers: by the clock, each paper once, numbered without a gap."""
import logging
from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError, transaction

from machi.accounts.models import Party, User
from machi.activity.actions import read_on
from machi.activity.models import Fact
from machi.contracts import facts as contracts
from machi.contracts.models import ChangeOrder, DateRequest, Delivery
from machi.documents.closing import month_draft, open_months, open_months_of_tasks, open_statements_of_tasks, open_years, year_draft
from machi.documents.gathering import Draft, contract_with, delivery_of, order_of, papers_of, version_of
from machi.documents.kinds import ONLY_CLIENT, ONLY_WORKER
from machi.documents.models import Document, DocumentText, Series, Unmade
from machi.documents.of_tasks import invoice_draft, statement_draft
from machi.documents.queries import key_of
from machi.payments import facts as payments
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.rows import each
from machi.shared.seals import fingerprint

log = logging.getLogger(__name__)


def make_papers() -> int:
    """Papers of what has happened since the last look; return how many facts were read. A paper that cannot be made is tried again by
    `make_the_rest`, and holds up nobody behind it.
    """
    return read_on(reader="documents.papers", act=_make_or_note)


def make_the_rest() -> int:
    """Try again what could not be made; return of how many facts the papers are there now."""
    return each(Unmade.objects.order_by("pk")[:500], _make_again)


def put_together() -> int:
    """A month or a year is over: what belongs together in it is put on one paper; return how many papers. Where one was made late, there is
    a new version with it.
    """
    of_tasks = each(open_months_of_tasks(), _tasks_together) + each(open_statements_of_tasks(), _task_pay_together)
    return of_tasks + each(open_months(), _month_together) + each(open_years(), _year_together)


@transaction.atomic
def issue(draft: Draft) -> Document | None:
    """Give a paper its number and write it down; None where it is there already. Whoever issues holds the series of the issuer and year
    until the end of the transaction, so numbers have no gap, and two who make the same paper make one.
    """
    year = draft.dated_on.year
    Series.objects.get_or_create(issuer=draft.issuer, year=year)
    series = Series.objects.select_for_update().get(issuer=draft.issuer, year=year)
    others = {one.version: one for one in Document.objects.filter(kind=draft.kind, about=draft.about).order_by("version")}
    if draft.version in others:
        return None
    series.last += 1
    series.save(update_fields=["last"])
    document = Document(
        kind=draft.kind, issuer=draft.issuer, year=year, serial=series.last, version=draft.version,
        supersedes=others.get(draft.version - 1), about=draft.about, dealing=draft.dealing,
        worker=None if draft.kind in ONLY_CLIENT else draft.worker, party=None if draft.kind in ONLY_WORKER else draft.party,
        dated_on=draft.dated_on, amount_yen=int(draft.amount), issued_at=clock.now())
    payload = draft.payload | {"number": document.number, "version": draft.version}
    document.sha256 = fingerprint(payload)
    document.save(force_insert=True)
    DocumentText.objects.create(
        document=document, worker_name=draft.worker_name, client_name=draft.client_name, worker_key=key_of(draft.worker_name),
        client_key=key_of(draft.client_name), payload=payload)
    return document


def _tasks_together(one: tuple) -> bool:
    party = Party.objects.select_related("person").get(pk=one[0])
    return not _has_left(party.person) and issue(invoice_draft(party, *one[1:])) is not None


def _task_pay_together(one: tuple) -> bool:
    worker = User.objects.get(pk=one[0])
    return not _has_left(worker) and issue(statement_draft(worker, *one[1:])) is not None


def _month_together(one: tuple) -> bool:
    party = Party.objects.select_related("person").get(pk=one[0])
    return not _has_left(party.person) and issue(month_draft(party, *one[1:])) is not None


def _year_together(one: tuple) -> bool:
    worker = User.objects.get(pk=one[0])
    return not _has_left(worker) and issue(year_draft(worker, *one[1:])) is not None


def _has_left(person: User | None) -> bool:
    return person is not None and person.erased_at is not None


def _make_or_note(fact: Fact) -> None:
    try:
        with transaction.atomic():
            _make(fact)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the papers of fact %s could not be made, and are tried again", fact.pk)
        Unmade.objects.get_or_create(fact_number=fact.pk, defaults={"since_at": clock.now()})


def _make_again(unmade: Unmade) -> bool:
    _make(Fact.objects.get(pk=unmade.fact_number))
    unmade.delete()
    return True


def _make(fact: Fact) -> None:
    for draft in _DRAFTS[fact.name](fact) if fact.name in _DRAFTS else ():
        issue(draft)


def _number(reference: str) -> int:
    return int(reference.partition(":")[2])


def _of_order(fact: Fact) -> Iterable[Draft]:
    if "terms" not in fact.data:                    # of the invented past of a demo town, which has no papers
        return ()
    return order_of(contract_with(_number(fact.about)), 1)


def _of_addition(fact: Fact) -> Iterable[Draft]:
    contract, version, gross = contract_with(_number(fact.about)), fact.data["version"], fact.data.get("gross_yen")
    step = fact.data.get("milestone")               # a due date is one step's
    agreed = DateRequest.objects.filter(milestone=step, version=version) if step else ChangeOrder.objects.filter(
        contract=contract, version=version)
    at = agreed.values_list("addition__agreed_at", flat=True).get()
    return (*order_of(contract), *order_of(contract, version_of(contract, at), None if gross is None else Yen(gross)))


def _of_delivery(fact: Fact) -> Iterable[Draft]:
    found = Delivery.objects.filter(milestone=fact.data.get("milestone"), round=fact.data["round"]).select_related(
        "milestone__contract__offer", "milestone__contract__client__person", "milestone__contract__worker")
    return (draft for delivery in found for draft in delivery_of(delivery))


def _of_money(fact: Fact) -> Iterable[Draft]:
    return (draft for earning in Earning.objects.filter(reference=fact.about).order_by("pk") for draft in papers_of(earning))


_DRAFTS: dict[str, Callable[[Fact], Iterable[Draft]]] = {
    contracts.OFFER_ACCEPTED: _of_order, contracts.DATE_MOVED: _of_addition, contracts.CHANGE_AGREED: _of_addition,
    contracts.DELIVERED: _of_delivery, contracts.WEEK_SUBMITTED: _of_delivery, payments.ESCROW_RELEASED: _of_money,
    payments.MONEY_ADJUSTED: _of_money}
