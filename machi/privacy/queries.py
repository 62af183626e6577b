"""Questions about exports, about what keeps somebody here, about who has seen what, and about sealed papers."""
import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from machi.accounts.models import Duty, Membership, Party
from machi.contracts.lifecycle import ContractState, OfferState
from machi.contracts.models import Contract, Offer
from machi.documents.models import Document
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.payments.lifecycle import PayoutState, RefundState
from machi.payments.models import Earning, Refund
from machi.payments.queries import deposits_under_way, has_own_account, open_debts, withheld_for
from machi.privacy import retention
from machi.privacy.bundles import Dealing
from machi.privacy.lifecycle import ExportState
from machi.privacy.models import Export, LastWord, Paper
from machi.proposals.entries import Entry
from machi.proposals.lifecycle import EntryState
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.models import Answer, Batch, Bundle

OVER = (ContractState.COMPLETED, ContractState.ENDED, ContractState.VOID)


def export_of(user) -> Export | None:
    """The export that is being made or lies there for this person."""
    return Export.objects.filter(user=user).exclude(state=ExportState.GONE).first()


class Hold(NamedTuple):
    """One thing that has to end before somebody can leave: what it is, which one, what it is called, how much money."""

    kind: str                               # contract, offer, earning, debt, organisation, duty, withheld, deposit, refund, export
    number: int = 0
    title: str = ""
    amount: Yen = Yen(0)
    on: datetime.date | None = None


def holds(user, *, is_for_good: bool) -> list[Hold]:
    """Open contracts and offers of both sides, money that is on its way, and what they owe. Whoever only closes the door may leave an
    export unfinished, and tax that the town holds for them: both are still there when they come back.
    """
    found = [Hold("contract", contract.pk, contract.title) for contract in _with(user, Contract).exclude(state__in=OVER).order_by("pk")]
    found += [Hold("offer", offer.pk, offer.terms["title"]) for offer in _with(user, Offer).filter(state=OfferState.OPEN).order_by("pk")]
    found += [Hold("earning", earning.pk, earning.title, Yen(earning.amount_yen), earning.pay_on)
              for earning in Earning.objects.filter(worker=user).exclude(payout__state=PayoutState.PAID).order_by("pk")]
    found += [Hold("debt", debt.pk, amount=debt.open) for debt in open_debts().filter(party__person=user)]
    found += [Hold("contest", job.pk, job.title) for job in Job.objects.filter(
        client__person=user, form=Job.Form.CONTEST, state__in=(JobState.OPEN, JobState.CLOSED)).order_by("pk")]
    found += [Hold("entry", entry.job_id, entry.job.title) for entry in Entry.objects.filter(
        worker=user, state=EntryState.SUBMITTED, job__state=JobState.CLOSED).select_related("job").order_by("pk")]
    found += [Hold("batch", batch.pk, batch.title) for batch in Batch.objects.filter(
        client__person=user, state__in=("open", "paused", "stopped")).order_by("pk")]
    found += [Hold("bundle", bundle.pk, bundle.batch.title) for bundle in Bundle.objects.filter(
        Exists(Answer.objects.filter(bundle=OuterRef("pk"), closing=None).exclude(state="given_back")), worker=user)
        .select_related("batch").order_by("pk")]
    found += [Hold("organisation", party.pk, str(party)) for party in _kept_alone(user)]
    found += [Hold("duty", duty.pk, str(duty)) for duty in Duty.objects.current().filter(person=user).order_by("pk")]
    if is_for_good:
        if (party := _party(user)) and (held := withheld_for(party)):
            found.append(Hold("withheld", amount=held))
        found += _by_transfer(user) if has_own_account() else []
        if (export := export_of(user)) and export.is_running:
            found.append(Hold("export", export.pk))
    return found


def _by_transfer(user) -> list[Hold]:
    """Where somebody carries the bank's files, money is on its way for days, and must have somebody to whom it belongs."""
    refunds = Refund.objects.filter(party__person=user).exclude(state=RefundState.PAID).order_by("pk")
    return [*(Hold("deposit", one.pk, one.title, one.amount) for one in deposits_under_way(user)),
            *(Hold("refund", one.pk, one.title, one.amount) for one in refunds)]


def _with(user, model) -> QuerySet:
    """What this person is themselves a side of: not what they do for an organisation, which goes on without them."""
    return model.objects.filter(Q(worker=user) | Q(client__person=user))


def _kept_alone(user) -> QuerySet[Party]:
    """Organisations that nobody else keeps, or whose posts this person looks after: somebody has to take that over first."""
    theirs = Membership.objects.filter(user=user, left_at=None, is_keeper=True)
    others = Membership.objects.keeping().exclude(user=user)
    alone = Q(pk__in=theirs.values("party")) & ~Q(pk__in=others.values("party"))
    looks_after = Q(pk__in=Job.objects.filter(contact=user).values("client")) | Q(
        pk__in=Batch.objects.filter(contact=user).values("client"))
    return Party.objects.filter(alone | looks_after, kind=Party.Kind.ORGANISATION).order_by("pk")


def _party(user):
    return getattr(user, "party", None)


class Kept(NamedTuple):
    """Papers of one kind that the law keeps: how many, until which day the last of them, and the rule."""

    kind: str
    count: int
    until: datetime.date | None
    rule: retention.Rule


def kept_papers(user) -> list[Kept]:
    """What would stay, sealed, if this person left for good today; with the days, from the table of retention."""
    rules = retention.rules()
    terms = [day_of(contract) for contract in _with(user, Contract).select_related("offer").order_by("pk")]
    statements = [clock.day_of(earned_at) for earned_at in Earning.objects.filter(Q(worker=user) | Q(party__person=user))
                  .order_by("pk").values_list("earned_at", flat=True)]
    papers = Document.objects.filter(Q(worker=user) | Q(party__person=user)).order_by("pk").values_list("dated_on", flat=True)
    receipts = [day_of(entry) for entry in won_entries(user)]
    return [Kept(kind, len(days), max(map(rules[kind].until, days), default=None), rules[kind])
            for kind, days in (("terms", terms), ("statement", statements), ("receipt", receipts), ("documents", list(papers)))
            if days or kind in ("terms", "statement")]


def won_entries(user) -> QuerySet[Entry]:
    """Entries that a prize was paid for, made by this person or for a contest of theirs. A share of a pot that nobody judged is no
    such thing: what it was paid for stays its maker's.
    """
    theirs = Q(worker=user) | Q(job__client__person=user)
    return Entry.objects.filter(theirs, state=EntryState.AWARDED, rights_paper__isnull=False).order_by("pk")


def day_of(dealing: Dealing) -> datetime.date:
    """The day from which the years of its papers are counted."""
    return clock.day_of(dealing.ended_at or dealing.formed_at)


def copy_of(user, about: str) -> Paper | None:
    """This person's copy of a contract with somebody who has left, or of an entry that won."""
    return Paper.objects.visible_to(user).filter(kind=Paper.Kind.COPY, about=about).select_related("key").order_by("pk").first()


def copies_about(user, dealings: Iterable[Dealing]) -> set[str]:
    """Of which of these this person has such a copy: references."""
    if not (abouts := [one.reference for one in dealings]):
        return set()
    return set(Paper.objects.visible_to(user).filter(kind=Paper.Kind.COPY, about__in=abouts).order_by("pk").values_list("about", flat=True))


def last_words() -> QuerySet[LastWord]:
    """What people wrote as they left, of months that are over: who left today cannot be matched with what is new today. Within a
    month they stand by their first letters, not as they came.
    """
    return LastWord.objects.filter(month_on__lt=clock.today().replace(day=1)).order_by("-month_on", "text", "pk")


def sealed_papers() -> QuerySet[Paper]:
    """Everything that is sealed, the newest first."""
    return Paper.objects.sealed().select_related("key", "holder", "holder__person").defer("sealed").order_by("-pk")
