"""What two people of the crowd did together: the rows of one contract, from the proposal to the bank."""
import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from psycopg.types.json import Json

from machi.activity.models import Fact
from machi.contracts import facts as contracts
from machi.contracts.models import Contract, Delivery, Milestone, Offer
from machi.contracts.terms import fingerprint
from machi.messaging.models import Member, Message, Thread
from machi.payments.fees import Settlement, rates, settlement
from machi.payments.models import Earning, Payout
from machi.proposals.models import Proposal
from machi.reviews.facts import REVIEWS_OPENED
from machi.reviews.models import Review
from machi.shared.money import Yen
from machi.simulation.crowd import tales
from machi.taxes.withholding import Proposal as Withholding

DAY = datetime.timedelta(days=1)
PRICES = (3_000, 5_000, 10_000, 30_000)


@lru_cache
def _money(price: int, day: datetime.date) -> Settlement:
    return settlement(Yen(price), on=day, is_withheld=price == 30_000)


@dataclass(frozen=True, slots=True)
class Story:
    """The numbers of its rows. With a payout it ended well; without one it is being worked on."""

    at: int
    now: datetime.datetime
    job: int
    category: str
    contract: int
    worker: int
    client: int
    party: int
    proposal: int
    offer: int
    milestone: int
    thread: int
    payout: int | None
    percent: int                                    # of the worker's page
    letters: int

    @property
    def begun(self) -> datetime.datetime:
        return self.now - (75 if self.payout else 10) * DAY

    @property
    def accepted(self) -> datetime.datetime | None:
        return self.begun + 14 * DAY if self.payout else None

    @property
    def is_delivered(self) -> bool:
        return bool(self.payout) or self.at % 2 == 0

    @property
    def title(self) -> str:
        return f"{tales.TOPICS[self.at % len(tales.TOPICS)]}の会報を読みやすく直す"

    @property
    def money(self) -> Settlement:
        return _money(PRICES[self.at % len(PRICES)], self.begun.date())

    @property
    def terms(self) -> dict:
        money, today = self.money, self.begun.date()
        return {
            "client_name": "港サッカーの会", "client_address": "東京都港区みなと1-2-3", "client_contact": "info@example.jp",
            "worker_name": "佐藤はるか", "agreed_on": today.isoformat(), "title": self.title,
            "work": tales.USUAL[self.at % len(tales.USUAL)], "outcome": tales.OUTCOMES[0], "due_on": (today + 20 * DAY).isoformat(),
            "place": "自宅など、どこでも",
            "accept_by": (today + 27 * DAY).isoformat(), "acceptance_days": 7, "pay_on": (today + 45 * DAY).isoformat(),
            "paid_by": "bank_transfer", "revisions_count": 2, "sync": "none", "sync_note": "", "channels": ["text"], "block_minutes": None,
            "slack_days": 0, "ai": "declared", "rights": "transferred",
            **money.in_yen(), "client_pays_yen": int(money.client_pays), "net_yen": int(money.worker_receives),
            "rates": rates(today, "project").on_paper(),
            "withholding": Withholding(bool(money.withheld), "listed" if money.withheld else "client")._asdict()}


def proposal(story: Story) -> Iterator[dict]:
    sent = story.begun - 3 * DAY
    yield {"id": story.proposal, "job_id": story.job, "worker_id": story.worker, "state": "accepted", "message": tales.LETTERS[0],
           "written_percent": story.percent,
           "drafted_at": sent, "saved_at": sent, "submitted_at": sent, "answered_at": story.begun}


def offer(story: Story) -> Iterator[dict]:
    terms = story.terms
    yield {"id": story.offer, "proposal_id": story.proposal, "job_id": story.job, "client_id": story.party, "worker_id": story.worker,
           "terms": Json(terms), "terms_hash": fingerprint(terms), "state": "accepted", "takes_newcomer_seat": False,
           "offered_at": story.begun - DAY, "answer_by": story.begun + 6 * DAY, "answered_at": story.begun}


def contract(story: Story) -> Iterator[dict]:
    yield {"id": story.contract, "offer_id": story.offer, "job_id": story.job, "category_id": story.category,
           "client_id": story.party, "worker_id": story.worker, "title": story.title,
           "state": "completed" if story.payout else "active", "formed_at": story.begun, "ended_at": story.accepted}


def milestone(story: Story) -> Iterator[dict]:
    delivered = story.begun + 5 * DAY if story.is_delivered else None
    state = "accepted" if story.payout else "delivered" if story.is_delivered else "funded"
    yield {"id": story.milestone, "contract_id": story.contract, "state": state,
           **{name: yen for name, yen in story.money.in_yen().items() if name != "tax_yen"}, "held_yen": int(story.money.client_pays),
           "due_on": story.begun.date() + 20 * DAY,
           "pay_on": story.begun.date() + 45 * DAY, "acceptance_days": 7, "revisions_count": 2, "funded_at": story.begun + DAY,
           "delivered_at": delivered, "first_delivered_at": delivered, "accepted_at": story.accepted,
           "accept_by": story.begun + 12 * DAY if story.is_delivered and not story.payout else None}


def delivery(story: Story) -> Iterator[dict]:
    if story.is_delivered:
        yield {"milestone_id": story.milestone, "round": 1, "text": "できあがりです。\n\n" + "".join(tales.USUAL[:6]),
               "ai_note": "使っていません", "delivered_at": story.begun + 5 * DAY}


def thread(story: Story) -> Iterator[dict]:
    yield {"id": story.thread, "about": f"contract:{story.contract}", "party_id": story.party, "opened_at": story.begun}


def members(story: Story) -> Iterator[dict]:
    for person in (story.worker, story.client):
        yield {"thread_id": story.thread, "user_id": person, "is_for_party": person != story.worker}


def letters(story: Story) -> Iterator[dict]:
    for number in range(story.letters):
        yield {"thread_id": story.thread, "sender_id": story.client if number % 2 else story.worker, "key": f"letter-{number}",
               "body": tales.LETTERS[number % len(tales.LETTERS)], "sent_at": story.begun + number * datetime.timedelta(minutes=5)}


def payout(story: Story) -> Iterator[dict]:
    if story.payout:
        paid = story.begun + 45 * DAY
        yield {"id": story.payout, "worker_id": story.worker, "amount_yen": int(story.money.worker_receives), "state": "paid",
               "bank_name": "みずほ銀行", "bank_account": "0001-001-1-1234567", "holder_kana": "マチダ タロウ", "requested_at": paid,
               "value_on": paid.date(), "ended_at": paid, "paid_on": paid.date()}


def earning(story: Story) -> Iterator[dict]:
    if story.payout:
        yield {"worker_id": story.worker, "party_id": story.party, "reference": f"milestone:{story.milestone}",
               "about": f"contract:{story.contract}", "title": story.title, "amount_yen": int(story.money.worker_receives),
               **story.money.in_yen(),
               "pay_on": story.begun.date() + 45 * DAY, "earned_at": story.accepted, "payout_id": story.payout}


def reviews(story: Story) -> Iterator[dict]:
    for side, writer in (("client", story.client), ("worker", story.worker)) if story.payout else ():
        yield {"contract_id": story.contract, "side": side, "writer_id": writer, "worker_id": story.worker, "client_id": story.party,
               "again": "yes", "text": tales.REVIEWS[story.at % len(tales.REVIEWS)], "written_at": story.accepted,
               "opened_at": story.accepted}


def facts(story: Story) -> Iterator[dict]:
    """What the page of the contract tells as its story."""
    happened = [(contracts.OFFER_ACCEPTED, story.worker, story.begun, {}),
                (contracts.MILESTONE_FUNDED, story.client, story.begun + DAY, {})]
    if story.is_delivered:
        happened.append((contracts.DELIVERED, story.worker, story.begun + 5 * DAY, {"round": 1}))
    if story.accepted:
        happened += [(contracts.DELIVERY_ACCEPTED, story.client, story.accepted, {}), (REVIEWS_OPENED, None, story.accepted, {})]
    for name, actor, at, data in happened:
        yield {"happened_at": at, "name": name, "actor_id": actor, "about": f"contract:{story.contract}", "data": Json(data)}


#: In the order in which they may be written.
ROWS: Mapping[type, Callable[[Story], Iterator[dict]]] = {
    Proposal: proposal, Offer: offer, Contract: contract, Milestone: milestone, Delivery: delivery, Thread: thread,
    Member: members, Message: letters, Payout: payout, Earning: earning, Review: reviews, Fact: facts}
