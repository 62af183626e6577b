"""What happened in a contract, told from its recorded facts: when, what, and one sentence where one is needed."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.activity.models import Fact
from machi.activity.queries import history_of
from machi.contracts import facts
from machi.contracts.models import Contract, Milestone
from machi.notifications.words import day, yen
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.reviews import facts as reviews
from machi.shared.question import Question


class Event(NamedTuple):
    when: datetime.datetime
    title: str
    text: str = ""


def story_of(contract: Contract, milestone: Milestone, earning: Earning | None) -> list[Event]:
    """From the offer to the bank, oldest first. Letters and closed reviews are nobody's story."""
    events = [Event(contract.offer.offered_at, _("story.offered")),
              *(_TELLING[fact.name](fact, milestone) for fact in _told(contract.reference))]
    return sorted(events + _paid(earning), key=lambda event: event.when)


def _paid(earning: Earning | None) -> list[Event]:
    if earning is None or earning.payout is None:
        return []
    payout = earning.payout
    sent = Event(payout.requested_at, _("story.sent"), yen(earning.amount_yen))
    return [sent, Event(payout.ended_at, _("story.arrived"))] if payout.state == PayoutState.PAID else [sent]


def _agreed(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.agreed"))


def _funded(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.funded"), _("story.funded.text") % {"gross": yen(milestone.held_yen)})


def _delivered(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.delivered") % {"i": fact.data["round"]})


def _changes(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.changes") % {"i": fact.data["round"], "n": milestone.revisions_count})


def _date_moved(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.date_moved") % {"day": day(datetime.date.fromisoformat(fact.data["due_on"]))})


def _accepted(fact: Fact, milestone: Milestone) -> Event:
    if fact.actor_id is None:
        return Event(fact.happened_at, _("story.accepted_by_town"), _("story.accepted_by_town.text"))
    return Event(fact.happened_at, _("story.accepted"))


def _void(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.void"))


def _reviews_opened(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.reviews_opened"))


def _thanked(fact: Fact, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.thanked"))


_TELLING = {
    facts.OFFER_ACCEPTED: _agreed, facts.MILESTONE_FUNDED: _funded, facts.DELIVERED: _delivered, facts.CHANGES_ASKED: _changes,
    facts.DATE_MOVED: _date_moved,
    facts.DELIVERY_ACCEPTED: _accepted, facts.CONTRACT_VOIDED: _void,
    reviews.REVIEWS_OPENED: _reviews_opened, reviews.THANKS_SENT: _thanked,
}
_told = Question(lambda about: history_of(about).filter(name__in=list(_TELLING)).select_related(None)
                 .only("happened_at", "name", "actor_id", "data"))
