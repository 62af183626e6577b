"""What happened in a contract, told from its recorded facts: when, what, and one sentence where one is needed."""
import datetime
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from machi.accounts.models import Membership, name_of
from machi.activity.models import Fact
from machi.contracts import facts
from machi.contracts.models import Contract, Milestone
from machi.notifications.words import called, day, yen
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.reviews import facts as reviews
from machi.shared.question import Question
from machi.web.pages.contracts.week_words import week_called

SHOWN = 10                                          # the newest of a long story; the rest at a press


class Told(NamedTuple):
    """A fact as a story needs it: nobody's `actor_id` is None."""

    happened_at: datetime.datetime
    name: str
    data: dict
    actor_id: int | None
    name_shown: str | None
    closed_at: datetime.datetime | None
    erased_at: datetime.datetime | None
    is_clients: bool                                # the actor acts for the client, or did


class Event(NamedTuple):
    when: datetime.datetime
    title: str
    text: str = ""
    by: str = ""                                    # which person of an organisation it was
    step: str = ""                                  # of which step, where a contract has several


class Story(NamedTuple):
    events: list[Event]
    has_older: bool


def story_of(contract: Contract, steps: Sequence[Milestone], earnings: Iterable[Earning], *, is_whole: bool) -> Story:
    """From the offer to the bank, oldest first: the newest of it, or all. Letters and closed reviews are nobody's story."""
    events, offered_by, by_number = [], "", {step.pk: step for step in steps}
    called_step = week_called if contract.is_hourly else attrgetter("title")
    for fact in _facts(contract, is_whole=is_whole):
        by = _person(fact, contract)
        if fact.name in _TELLING:
            step = by_number.get(fact.data.get("milestone"), steps[0])
            telling = _TELLING_WEEKS.get(fact.name, _TELLING[fact.name]) if contract.is_hourly else _TELLING[fact.name]
            events.append(telling(fact, step)._replace(by=by, step=called_step(step) if "milestone" in fact.data else ""))
        else:
            offered_by = by
    events.append(Event(contract.offer.offered_at, _("story.offered"), by=offered_by))
    events = sorted(events + [event for earning in earnings for event in _paid(earning)], key=lambda event: event.when)
    has_older = not is_whole and len(events) > SHOWN
    return Story(events[-SHOWN:] if has_older else events, has_older)


def _facts(contract: Contract, *, is_whole: bool) -> list[Told]:
    """Oldest first."""
    about = contract.reference, contract.offer.reference, contract.client_id
    return list(map(Told._make, _told(*about) if is_whole else _newest(*about)[::-1]))


def about_story(contract: Contract) -> list:
    """What `story_of` asks, for `asked_together`: as long as nobody wants all of it."""
    return [_newest.about(contract.reference, contract.offer.reference, contract.client_id)]


def _person(fact: Told, contract: Contract) -> str:
    """Who it was, where an organisation gives the work: everybody sees with whom they deal. Whoever stands in is none of its people."""
    if not contract.client.is_organisation or not fact.is_clients:
        return ""
    return _("story.by") % {"name": called(name_of(fact.actor_id, fact.name_shown, bool(fact.closed_at or fact.erased_at)))}


def _paid(earning: Earning) -> list[Event]:
    if earning.payout is None:
        return []
    payout = earning.payout
    sent = Event(payout.requested_at, _("story.sent"), yen(earning.amount_yen))
    return [sent, Event(payout.ended_at, _("story.arrived"))] if payout.state == PayoutState.PAID else [sent]


def _agreed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.agreed"))


def _funded(fact: Told, milestone: Milestone) -> Event:
    """What was held then: a step that was passed on holds less now."""
    gross = fact.data.get("amount_yen", milestone.held_yen)
    return Event(fact.happened_at, _("story.funded"), _("story.funded.text") % {"gross": yen(gross)})


def _delivered(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.delivered") % {"i": fact.data["round"]})


def _changes(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.changes") % {"i": fact.data["round"], "n": milestone.revisions_count})


def _date_moved(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.date_moved") % {"day": day(datetime.date.fromisoformat(fact.data["due_on"]))})


def _accepted(fact: Told, milestone: Milestone) -> Event:
    if fact.actor_id is None:
        return Event(fact.happened_at, _("story.accepted_by_town"), _("story.accepted_by_town.text"))
    return Event(fact.happened_at, _("story.accepted"))


def _settled(fact: Told, milestone: Milestone) -> Event:
    """Of a part that somebody kept, `work` says how the work of whoever took over ended."""
    text = _("story.settled.text") % {"gross": yen(milestone.refunded_yen)} if milestone.refunded_yen else ""
    if fact.data.get("work") == facts.DELIVERY_ACCEPTED:
        return Event(fact.happened_at, _("story.part_accepted") if fact.actor_id else _("story.part_accepted_by_town"), text)
    by_two = _("story.part_settled") if "work" in fact.data else _("story.settled")
    return Event(fact.happened_at, by_two if fact.actor_id else _("standing.settled"), text)


def _refunded(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.refunded"), _("story.settled.text") % {"gross": yen(milestone.refunded_yen)})


def _week_submitted(fact: Told, milestone: Milestone) -> Event:
    if fact.actor_id is None:
        return Event(fact.happened_at, _("story.week_submitted_by_town"))
    return Event(fact.happened_at, _("story.week_answered") if fact.data["round"] > 1 else _("story.week_submitted"))


def _week_asked(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.week_asked"))


def _week_confirmed(fact: Told, milestone: Milestone) -> Event:
    back = _("story.settled.text") % {"gross": yen(milestone.refunded_yen)} if milestone.refunded_yen else ""
    if fact.actor_id is None:
        return Event(fact.happened_at, _("story.week_confirmed_by_town"), back or _("story.accepted_by_town.text"))
    return Event(fact.happened_at, _("story.week_confirmed"), back)


def _week_given_back(fact: Told, milestone: Milestone) -> Event:
    """By the clock: nobody worked in it. By both, or in a dispute that was not answered, as any other step."""
    told = _refunded(fact, milestone)
    return told._replace(title=_("story.week_empty")) if fact.actor_id is None and milestone.delivered_at is None else told


def _changed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.change_agreed") % {"i": fact.data["version"]})


def _disputed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.dispute_opened"), _("story.dispute_opened.text"))


def _dispute_answered(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.dispute_answered"))


def _dispute_closed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.dispute_closed"))


def _end_noticed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.end_notice") % {"day": day(datetime.date.fromisoformat(fact.data["last_on"]))})


def _passed_on(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.passed_on"))


def _taken_over(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.taken_over"), _("story.funded.text") % {"gross": yen(milestone.held_yen)})


def _ended(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.ended"))


def _void(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.void"))


def _reviews_opened(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.reviews_opened"))


def _thanked(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.happened_at, _("story.thanked"))


_TELLING = {
    facts.OFFER_ACCEPTED: _agreed, facts.MILESTONE_FUNDED: _funded, facts.DELIVERED: _delivered, facts.CHANGES_ASKED: _changes,
    facts.DATE_MOVED: _date_moved,
    facts.DELIVERY_ACCEPTED: _accepted, facts.STEP_SETTLED: _settled, facts.STEP_REFUNDED: _refunded, facts.CHANGE_AGREED: _changed,
    facts.WEEK_SUBMITTED: _week_submitted, facts.WEEK_ASKED: _week_asked,
    facts.DISPUTE_OPENED: _disputed, facts.DISPUTE_ANSWERED: _dispute_answered, facts.DISPUTE_CLOSED: _dispute_closed,
    facts.END_NOTICE_GIVEN: _end_noticed, facts.PASSED_ON: _passed_on, facts.TAKEN_OVER: _taken_over,
    facts.CONTRACT_VOIDED: _void, facts.CONTRACT_ENDED: _ended,
    reviews.REVIEWS_OPENED: _reviews_opened, reviews.THANKS_SENT: _thanked,
}
# What is called otherwise in a week of work by the hour.
_TELLING_WEEKS = {facts.DELIVERY_ACCEPTED: _week_confirmed, facts.STEP_REFUNDED: _week_given_back}
_OFFERS = (facts.OFFER_MADE, facts.OFFER_REPLACED)


def _of(contract, offer, party):
    people = Membership.objects.filter(party=party, user=OuterRef("actor"))
    return Fact.objects.filter(Q(about=contract, name__in=list(_TELLING)) | Q(about=offer, name__in=_OFFERS)).annotate(
        is_clients=Exists(people)).values_list(
            "happened_at", "name", "data", "actor", "actor__display_name", "actor__closed_at", "actor__erased_at", "is_clients")


_told = Question(lambda contract, offer, party: _of(contract, offer, party).order_by("id"))
_newest = Question(lambda contract, offer, party: _of(contract, offer, party).order_by("-id")[:SHOWN + 1])
