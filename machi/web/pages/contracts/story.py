"""What happened in a contract, told from its recorded facts: when, what, and one sentence where one is needed."""
import datetime
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists, Func, JSONField, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from machi.accounts.models import Membership, name_of
from machi.activity.models import Fact
from machi.contracts import facts
from machi.contracts.ended import RULING
from machi.contracts.lifecycle import StandInState, WishState
from machi.contracts.models import ChangeOrder, Contract, Milestone, Side
from machi.documents.queries import Paper, papers_about
from machi.messaging.queries import LetterDay, letter_days
from machi.notifications.words import called, day, yen
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.reviews import facts as reviews
from machi.shared.question import Lines, Question
from machi.web.pages.contracts.standing import client_called
from machi.web.pages.contracts.week_words import week_called

SHOWN = 10                                          # the newest of a long story; the rest at a press


class Told(NamedTuple):
    """A fact as a story needs it: nobody's `actor_id` is None."""

    when: datetime.datetime
    name: str
    data: dict
    actor_id: int | None
    name_shown: str | None
    closed_at: str | None
    erased_at: str | None
    is_clients: bool                                # the actor acts for the client, or did


class Event(NamedTuple):
    when: datetime.datetime
    title: str
    text: str = ""
    by: str = ""                                    # which person of an organisation it was
    step: str = ""                                  # of which step, where a contract has several
    links: Sequence[tuple[str, str]] = ()           # words and address of what can be read about it


class Story(NamedTuple):
    events: list[Event]
    has_older: bool


def story_of(contract: Contract, steps: Sequence[Milestone], earnings: Iterable[Earning], user, *, reads_work: bool,
             is_whole: bool) -> Story:
    """From the offer to the bank, oldest first: the newest of it, or all. Closed reviews are nobody's story, the papers are for whom they
    are, and what the two wrote and asked each other is for whoever reads work.
    """
    events, offered_by, by_number = [], "", {step.pk: step for step in steps}
    called_step = week_called if contract.is_hourly else attrgetter("title")
    facts_told, letters, papers = _read(contract, user, reads_work=reads_work, is_whole=is_whole)
    for fact in facts_told:
        by = _person(fact, contract)
        if fact.name in _TELLING:
            step = by_number.get(fact.data.get("milestone"), steps[0])
            telling = _TELLING_WEEKS.get(fact.name, _TELLING[fact.name]) if contract.is_hourly else _TELLING[fact.name]
            events.append(telling(fact, step)._replace(by=by, step=called_step(step) if "milestone" in fact.data else ""))
        else:
            offered_by = by
    events.append(Event(contract.offer.offered_at, _("story.offered"), by=offered_by))
    events += [event for earning in earnings for event in _paid(earning)]
    events = _with_letters_and_papers([*events, *(letters if reads_work else ()), *papers])
    has_older = not is_whole and len(events) > SHOWN
    return Story(events[-SHOWN:] if has_older else events, has_older)


def _with_letters_and_papers(told: list[Event | LetterDay | Paper]) -> list[Event]:
    """In their order. Letters between two events are one line that says how many, papers one line with a link to each."""
    events = []
    for kind, some in groupby(sorted(told, key=attrgetter("when")), type):
        together = list(some)
        events += together if kind is Event else [_TELLING_TOGETHER[kind](together)]
    return events


def _letters(days: list[LetterDay]) -> Event:
    count = sum(one.count for one in days)
    return Event(days[-1].when, ngettext("story.letters", "story.letters", count) % {"num": count},
                 links=[(_("story.letters.read"), "#letters")])


def _papers(papers: list[Paper]) -> Event:
    return Event(papers[-1].when, _("story.papers"), links=[
        (f"{paper.kind_said} {paper.number}", reverse("documents:paper", args=[paper.pk])) for paper in papers])


_TELLING_TOGETHER = {LetterDay: _letters, Paper: _papers}


def _read(contract: Contract, user, *, reads_work: bool, is_whole: bool) -> tuple[list[Told], list[LetterDay], list[Paper]]:
    """Facts, letters and papers, each oldest first."""
    asked = _ASKED[reads_work]
    (found,) = (asked.whole if is_whole else asked.newest)(*_about(contract, user))
    return tuple([_with_time(kind._make(row)) for row in rows] for kind, rows in zip((Told, LetterDay, Paper), found, strict=True))


def _with_time(one):
    """JSON writes a moment as text."""
    return one._replace(when=datetime.datetime.fromisoformat(one.when))


def _about(contract: Contract, user) -> tuple:
    return contract.pk, contract.reference, contract.offer.reference, contract.client_id, user.pk


def about_story(contract: Contract, user, *, reads_work: bool) -> list:
    """What `story_of` asks, for `asked_together`: as long as nobody wants all of it."""
    return [_ASKED[reads_work].newest.about(*_about(contract, user))]


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


def _funded(fact: Told, milestone: Milestone) -> Event:
    """What was held then: a step that was passed on holds less now."""
    gross = fact.data.get("amount_yen", milestone.held_yen)
    return Event(fact.when, _("story.funded"), _("story.funded.text") % {"gross": yen(gross)})


def _delivered(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.delivered") % {"i": fact.data["round"]})


def _changes(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.changes") % {"i": fact.data["round"], "n": milestone.revisions_count})


def _date_moved(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.date_moved") % {"day": day(datetime.date.fromisoformat(fact.data["due_on"]))})


def _accepted(fact: Told, milestone: Milestone) -> Event:
    if fact.actor_id is None:
        return Event(fact.when, _("story.accepted_by_town"), _("story.accepted_by_town.text"))
    return Event(fact.when, _("story.accepted"))


def _settled(fact: Told, milestone: Milestone) -> Event:
    """Of a part that somebody kept, `work` says how the work of whoever took over ended."""
    text = _("story.settled.text") % {"gross": yen(milestone.refunded_yen)} if milestone.refunded_yen else ""
    if fact.data.get("work") == facts.DELIVERY_ACCEPTED:
        return Event(fact.when, _("story.part_accepted") if fact.actor_id else _("story.part_accepted_by_town"), text)
    if fact.data.get("decided"):
        return Event(fact.when, _("story.settled_as_ruled") if fact.data["decided"] == RULING else _("story.settled_as_proposed"), text)
    by_two = _("story.part_settled") if "work" in fact.data else _("story.settled")
    return Event(fact.when, by_two if fact.actor_id else _("standing.settled"), text)


def _refunded(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.refunded"), _("story.settled.text") % {"gross": yen(milestone.refunded_yen)})


def _week_submitted(fact: Told, milestone: Milestone) -> Event:
    if fact.actor_id is None:
        return Event(fact.when, _("story.week_submitted_by_town"))
    return Event(fact.when, _("story.week_answered") if fact.data["round"] > 1 else _("story.week_submitted"))


def _week_confirmed(fact: Told, milestone: Milestone) -> Event:
    back = _("story.settled.text") % {"gross": yen(milestone.refunded_yen)} if milestone.refunded_yen else ""
    if fact.actor_id is None:
        return Event(fact.when, _("story.week_confirmed_by_town"), back or _("story.accepted_by_town.text"))
    return Event(fact.when, _("story.week_confirmed"), back)


def _week_given_back(fact: Told, milestone: Milestone) -> Event:
    """By the clock: nobody worked in it. By both, or in a dispute that was not answered, as any other step."""
    told = _refunded(fact, milestone)
    return told._replace(title=_("story.week_empty")) if fact.actor_id is None and milestone.delivered_at is None else told


def _changed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.change_agreed") % {"i": fact.data["version"]})


def _bonus(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.bonus"), yen(fact.data["amount_yen"]))


def _disputed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.dispute_opened"), _("story.dispute_opened.text"))


def _split_agreed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.dispute_agreed") % {"name": _whose(fact, milestone.contract)})


def _end_noticed(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.end_notice") % {"day": day(datetime.date.fromisoformat(fact.data["last_on"]))})


def _taken_over(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.taken_over"), _("story.funded.text") % {"gross": yen(milestone.held_yen)})


def _said(fact: Told, milestone: Milestone) -> Event:
    """What one sentence tells. How a wish ended, and who agreed to a stand-in, is part of the fact."""
    return Event(fact.when, _(_SAID[fact.name, fact.data.get("how", "")]))


def _date_asked(fact: Told, milestone: Milestone) -> Event:
    wished_on = day(datetime.date.fromisoformat(fact.data["wished_on"]))
    return Event(fact.when, _("story.date_asked") % {"name": _whose(fact, milestone.contract), "day": wished_on})


def _change_asked(fact: Told, milestone: Milestone) -> Event:
    return Event(fact.when, _("story.change_asked") % {"name": _whose(fact, milestone.contract)},
                 str(ChangeOrder.Kind(fact.data["kind"]).label))


def _whose(fact: Told, contract: Contract) -> str:
    """One of the two, as the other side knows it."""
    return called(contract.worker.name) if fact.actor_id == contract.worker_id else client_called(contract.client)


_SAID = {
    (facts.OFFER_ACCEPTED, ""): gettext_noop("story.agreed"), (facts.WEEK_ASKED, ""): gettext_noop("story.week_asked"),
    (facts.DATE_REQUEST_ENDED, WishState.KEPT): gettext_noop("story.date_kept"),
    (facts.DATE_REQUEST_ENDED, WishState.WITHDRAWN): gettext_noop("story.date_withdrawn"),
    (facts.DATE_REQUEST_ENDED, WishState.LAPSED): gettext_noop("story.date_lapsed"),
    (facts.CHANGE_ENDED, WishState.KEPT): gettext_noop("story.change_kept"),
    (facts.CHANGE_ENDED, WishState.WITHDRAWN): gettext_noop("story.change_withdrawn"),
    (facts.CHANGE_ENDED, WishState.LAPSED): gettext_noop("story.change_lapsed"),
    (facts.CHECK_IN_ANSWERED, ""): gettext_noop("story.check_in"),
    (facts.STAND_IN_NAMED, ""): gettext_noop("story.stand_in_named"),
    (facts.STAND_IN_AGREED, Side.CLIENT): gettext_noop("story.stand_in_client"),
    (facts.STAND_IN_AGREED, ""): gettext_noop("story.stand_in_agreed"),
    (facts.STAND_IN_CALLED, ""): gettext_noop("story.stand_in_called"),
    (facts.STAND_IN_CANNOT, ""): gettext_noop("story.stand_in_cannot"),
    (facts.STAND_IN_ENDED, StandInState.DECLINED): gettext_noop("story.stand_in_declined"),
    (facts.STAND_IN_ENDED, StandInState.WITHDRAWN): gettext_noop("story.stand_in_over"),
    (facts.STAND_IN_ENDED, StandInState.LAPSED): gettext_noop("story.stand_in_over"),
    (facts.PASSED_ON, ""): gettext_noop("story.passed_on"),
    (facts.DISPUTE_ANSWERED, ""): gettext_noop("story.dispute_answered"),
    (facts.DISPUTE_CLOSED, ""): gettext_noop("story.dispute_closed"),
    (facts.DISPUTE_TAKEN_UP, ""): gettext_noop("story.dispute_taken_up"),
    (facts.DISPUTE_PROPOSED, ""): gettext_noop("story.dispute_proposed"),
    (facts.DISPUTE_ESCALATED, ""): gettext_noop("story.dispute_escalated"),
    (facts.RULING_SIGNED, ""): gettext_noop("story.ruling_signed"),
    (facts.CONTRACT_VOIDED, ""): gettext_noop("story.void"), (facts.CONTRACT_ENDED, ""): gettext_noop("story.ended"),
    (reviews.REVIEWS_OPENED, ""): gettext_noop("story.reviews_opened"), (reviews.THANKS_SENT, ""): gettext_noop("story.thanked"),
}
_TELLING = dict.fromkeys((name for name, _how in _SAID), _said) | {
    facts.MILESTONE_FUNDED: _funded, facts.DELIVERED: _delivered, facts.CHANGES_ASKED: _changes, facts.DATE_ASKED: _date_asked,
    facts.DATE_MOVED: _date_moved, facts.CHANGE_ASKED: _change_asked, facts.CHANGE_AGREED: _changed,
    facts.DELIVERY_ACCEPTED: _accepted, facts.STEP_SETTLED: _settled, facts.STEP_REFUNDED: _refunded,
    facts.WEEK_SUBMITTED: _week_submitted, facts.DISPUTE_OPENED: _disputed, facts.END_NOTICE_GIVEN: _end_noticed,
    facts.TAKEN_OVER: _taken_over, facts.DISPUTE_SPLIT_AGREED: _split_agreed,
    facts.BONUS_PAID: _bonus,
}
# What is called otherwise in a week of work by the hour.
_TELLING_WEEKS = {facts.DELIVERY_ACCEPTED: _week_confirmed, facts.STEP_REFUNDED: _week_given_back}
_OFFERS = (facts.OFFER_MADE, facts.OFFER_REPLACED)
# What the page shows only to those who read work; and ends that another fact tells already.
_OF_WORK = {facts.CHANGE_ASKED, facts.CHANGE_ENDED, facts.CHECK_IN_ANSWERED, facts.STAND_IN_NAMED, facts.STAND_IN_AGREED,
            facts.STAND_IN_CALLED, facts.STAND_IN_CANNOT, facts.STAND_IN_ENDED}
_TOLD_ELSEWHERE = (WishState.AGREED, WishState.ANSWERED, StandInState.TOOK_OVER)


_FACT = ("happened_at", "name", "data", "actor", "actor__display_name", "actor__closed_at", "actor__erased_at", "is_clients")


class _Asked(NamedTuple):
    whole: Question
    newest: Question


def _asked(names: Iterable[str]) -> _Asked:
    """Facts, letters and papers in one question."""
    def told(contract, offer):
        return Fact.objects.filter(Q(about=contract, name__in=names) | Q(about=offer, name__in=_OFFERS)).exclude(
            data__has_key="how", data__how__in=_TOLD_ELSEWHERE)

    def newest(contract, offer):                    # found before anybody asks who they were by: of five hundred that is half of the time
        return Fact.objects.filter(pk__in=told(contract, offer).order_by("-id").values("pk")[:SHOWN + 1])

    def question(found) -> Question:
        def ask(pk, contract, offer, party, user):
            people = Membership.objects.filter(party=party, user=OuterRef("actor"))
            return Contract.objects.filter(pk=pk).order_by("pk").values_list(
                _rows(found(contract, offer).annotate(is_clients=Exists(people)).order_by("id"), *_FACT),
                _rows(letter_days(contract), "when", "count"), _rows(papers_about(contract, user), *Paper._fields))
        return Question(ask)
    return _Asked(question(told), question(newest))


def _rows(found: QuerySet, *columns: str) -> Lines:
    return Lines(found.values_list(Func(*columns, function="jsonb_build_array", output_field=JSONField())))


_ASKED = {True: _asked(list(_TELLING)), False: _asked([name for name in _TELLING if name not in _OF_WORK])}
