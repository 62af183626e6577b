"""A worker's own applications: in groups by what comes next, and the next action of each."""
import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.contracts.models import Contract, Offer
from machi.contracts.queries import contracts_of, open_offers_to
from machi.jobs.models import Job
from machi.profiles.queries import page_of
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal
from machi.proposals.policies import takes_proposals
from machi.proposals.queries import proposals_of
from machi.web.pages.journey.ways import foundation

EARLIER = 3                                 # texts of earlier applications that can be used again
S = ProposalState
GROUP_OF = {S.OFFERED: "mine", S.DRAFT: "mine", S.SUBMITTED: "theirs", S.ACCEPTED: "agreed"}
GROUPS = ("mine", "theirs", "agreed", "over")


@dataclass(frozen=True, slots=True)
class Row:
    """One application: what I can do next, and where."""

    proposal: Proposal
    deed: str
    way: str
    answer_by: datetime.datetime | None = None      # an offer waits for me until then


def groups(proposals: list[Proposal], worker) -> dict[str, list[Row]]:
    """The applications of one page, in their groups; two questions more, however many there are."""
    offers = {offer.proposal_id: offer for offer in open_offers_to(worker)}
    contracts = {contract.offer.proposal_id: contract.pk for contract in _contracts(proposals, worker)}
    found: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for proposal in proposals:
        found[GROUP_OF.get(proposal.state, "over")].append(_row(proposal, offers.get(proposal.pk), contracts.get(proposal.pk)))
    return {name: rows for name, rows in found.items() if rows}


def what_next(proposal: Proposal, worker) -> dict[str, str]:
    """The next action of one application."""
    (rows,) = groups([proposal], worker).values()
    return {"deed": rows[0].deed, "way_on": rows[0].way}


def before(worker, job: Job) -> dict:
    """What a worker has sent before: nothing yet, or texts to use again."""
    sent = proposals_of(worker).exclude(job=job).exclude(submitted_at=None).exclude(message="")
    earlier = list(sent[:EARLIER])
    return {"earlier": earlier, "is_first": not earlier, "foundation": None if earlier else foundation(page_of(worker))}


def _contracts(proposals: list[Proposal], worker) -> list[Contract]:
    return list(contracts_of(worker).filter(worker=worker, offer__proposal__in=proposals).prefetch_related(None))


def _row(proposal: Proposal, offer: Offer | None, contract: int | None) -> Row:
    if contract:
        return Row(proposal, _("own.contract"), reverse("contracts:room", args=[contract]))
    if offer:
        return Row(proposal, _("own.offer"), reverse("contracts:offer", args=[offer.pk]), offer.answer_by)
    if proposal.state == S.DRAFT and takes_proposals(proposal.job):
        return Row(proposal, _("own.draft"), reverse("proposals:apply", args=[proposal.job_id]))
    return Row(proposal, _("own.see"), reverse("proposals:detail", args=[proposal.pk]))
