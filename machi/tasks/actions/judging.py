"""A client looks at answers; nobody is refused by a machine. A refusal needs a person and a reason, may pay a part, and may be appealed:
then somebody of the town decides. What nobody looks at is approved by the clock. Locks: the batch where places change, then the item,
then the answers, by number.
"""
import datetime
from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.actions import note_look
from machi.accounts.deeds import deed
from machi.accounts.models import User
from machi.activity import actions as activity
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.tasks import facts, policies
from machi.tasks.actions.filing import let_go
from machi.tasks.actions.taking import give_places_back
from machi.tasks.lifecycle import ANSWER_LIFECYCLE, AnswerState
from machi.tasks.models import Answer, AnswerFile, Batch, Item, Outcome
from machi.tasks.queries import undoable

APPEAL_DAYS = 7                                     # after a refusal; then it stands
LEAST_REASON = 10                                   # letters: somebody must be able to learn from it
AT_ONCE = 5_000


def approve_answers(*, batch: Batch, by, answers: Sequence[int] | None = None, until_at: datetime.datetime | None = None) -> int:
    """These answers, or all that wait, are approved (承認); returns how many. What somebody else has decided meanwhile stays. A few
    thousand are one deed: a million hold nobody up, and where it breaks off, those that were approved are, and the next press goes on.

    `until_at`: when the page was drawn that said how many there are: what could not be judged yet at that moment waits for the next look.
    """
    given = Answer.objects.filter(batch=batch, state=AnswerState.GIVEN)
    given = given if answers is None else given.filter(pk__in=list(answers))
    if until_at is not None:
        given = given.filter(given_at__lte=until_at).exclude(bundle__ended_at__gt=until_at).exclude(
            bundle__ended_at=None, bundle__seen_at__gt=until_at - policies.UNDOABLE)
    return _in_pieces(given, partial(_approve_for, batch=batch, by=by))


def approve_for_silent() -> int:
    """By the clock: what was answered so many days ago, and nobody has refused, or was said of a broken item. Returns how many."""
    done = 0
    for days in sorted(set(Batch.objects.exclude(state__in=("draft", "ended")).order_by().values_list("acceptance_days", flat=True))):
        late = Answer.objects.filter(given_at__lt=clock.now() - datetime.timedelta(days=days), batch__acceptance_days=days)
        done += _in_pieces(late.filter(state=AnswerState.GIVEN), _approve)
        flagged = late.filter(state=AnswerState.FLAGGED)
        # what these items are is seen anew afterwards; said first, and not in the deed, which holds answers: others hold their batch
        Batch.objects.filter(pk__in=set(flagged.order_by().values_list("batch", flat=True))).update(put_together_at=None)
        done += _in_pieces(flagged, _believe)
    return done


@deed
def refuse_answers(*, batch: Batch, by, answers: Sequence[int], reason: str, paid_percent: int) -> list[Answer]:
    """A person says why these are not what was asked for, and how much of the price is paid all the same. Their workers hear of it."""
    if not policies.can_judge(by, batch):
        raise NotAllowed(_("tasks.answer.judge_refused"))
    if len(reason.strip()) < LEAST_REASON:
        raise DomainError(_("tasks.answer.refuse.reason") % {"n": LEAST_REASON})
    if not 0 <= paid_percent <= 99:
        raise DomainError(_("tasks.answer.refuse.part"))
    wanted = Answer.objects.locked().select_related("batch", "worker").filter(batch=batch, pk__in=list(answers))
    found = list(wanted.exclude(bundle__in=undoable()))
    if not found or any(not policies.may_be_refused(answer) for answer in found):
        raise DomainError(_("tasks.answer.refuse.too_late"))
    for answer in found:
        _move(answer, "refuse", reason=reason.strip()[:500], paid_percent=paid_percent, refused_at=clock.now(), refused_by=by)
    activity.record(actor=by, fact=facts.ANSWERS_REFUSED, about=batch.reference, answers=[answer.pk for answer in found])
    for worker in {answer.worker_id: answer.worker for answer in found}.values():
        theirs = [answer for answer in found if answer.worker_id == worker.pk]
        notifications.queue(to=worker, kind="answers.refused", about=f"bundle:{theirs[0].bundle_id}", job=batch.title, n=len(theirs),
                            date_on=clock.today() + datetime.timedelta(days=APPEAL_DAYS))
    return found


@deed
def take_refusal_back(*, answer: Answer, by) -> Answer:
    """The client has looked again: it is approved."""
    answer = _locked(answer)
    if not policies.can_judge(by, answer.batch):
        raise NotAllowed(_("tasks.answer.judge_refused"))
    return _move(answer, "take_back", paid_percent=100, decided_at=clock.now(), decided_by=by)


@transaction.atomic
def agree_to_refusal(*, answer: Answer, by: User) -> Answer:
    """Its worker says that it is well so."""
    answer = _locked(answer)
    if by.pk != answer.worker_id:
        raise NotAllowed(_("tasks.bundle.not_yours"))
    return _move(answer, "agree", decided_at=clock.now(), decided_by=by)


@transaction.atomic
def appeal(*, answer: Answer, by: User, words: str) -> Answer:
    """異議: somebody of the town looks at it."""
    answer = _locked(answer)
    if not policies.can_appeal(by, answer):
        raise NotAllowed(_("tasks.answer.appeal_refused"))
    if not words.strip():
        raise DomainError(_("tasks.answer.appeal.words"))
    _move(answer, "appeal", appeal=words.strip()[:1000])
    activity.record(actor=by, fact=facts.ANSWER_APPEALED, about=answer.reference)
    return answer


@transaction.atomic
def read_appeal(*, answer: Answer, by: User) -> Answer:
    """Whoever of the town reads what the two wrote leaves a fact, and the two can see who it was."""
    answer = _locked(answer)
    if not policies.can_decide_appeal(by, answer):
        raise NotAllowed(_("tasks.answer.decide_refused"))
    for person in {answer.worker, answer.refused_by}:
        note_look(by=by, person=person, what=gettext_noop("looked.appeal"))
    return answer


@transaction.atomic
def decide_appeal(*, answer: Answer, by: User, is_granted: bool, words: str) -> Answer:
    """A moderator has looked: it is paid whole, or the refusal stands with the part the client named. Both sides hear of it, and why."""
    answer = _locked(answer)
    if not policies.can_decide_appeal(by, answer):
        raise NotAllowed(_("tasks.answer.decide_refused"))
    if not words.strip():
        raise DomainError(_("tasks.answer.decide.words"))
    answer.ruling = words.strip()[:1000]
    answer.save(update_fields=["ruling"])
    if is_granted:
        _move(answer, "grant", paid_percent=100, decided_at=clock.now(), decided_by=by)
    else:
        _move(answer, "uphold", decided_at=clock.now(), decided_by=by)
    activity.record(actor=by, fact=facts.APPEAL_DECIDED, about=answer.reference, is_granted=is_granted)
    kind = "appeal.granted" if is_granted else "appeal.upheld"
    for person in (answer.worker, answer.refused_by):
        notifications.queue(to=person, kind=kind, about=f"bundle:{answer.bundle_id}" if person == answer.worker else answer.batch.reference,
                            job=answer.batch.title)
    return answer


def let_refusals_stand() -> int:
    """By the clock: nobody said otherwise in time. Returns how many."""
    with transaction.atomic():
        late = Answer.objects.locked().filter(state=AnswerState.REFUSED, refused_at__lt=clock.now() - datetime.timedelta(days=APPEAL_DAYS))
        found = list(late.values_list("pk", flat=True)[:AT_ONCE])
        return Answer.objects.filter(pk__in=found).update(
            state=ANSWER_LIFECYCLE.next(AnswerState.REFUSED, "let_stand"), decided_at=clock.now())


@deed
def decide_flags(*, item: Item, by, is_broken: bool) -> Item:
    """Broken indeed: nobody else is asked about it, and whoever said so is paid. Or not: others answer it."""
    batch = Batch.objects.locked().select_related("client").get(pk=item.batch_id)
    if not policies.can_judge(by, batch):
        raise NotAllowed(_("tasks.answer.judge_refused"))
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    flagged = list(Answer.objects.locked().filter(item=item, state=AnswerState.FLAGGED).values_list("pk", flat=True))
    if not flagged:
        raise DomainError(_("state.moved_on"))
    if is_broken:
        let_go(AnswerFile.objects.filter(answer__in=flagged))
        Answer.objects.filter(pk__in=flagged).update(state=ANSWER_LIFECYCLE.next(AnswerState.FLAGGED, "confirm"), decided_at=clock.now(),
                                                     decided_by=by, values=None)
        batch.slots_back_count += item.places_free
        batch.save(update_fields=["slots_back_count"])
        item.places_count, item.places_free, item.outcome = item.places_count - item.places_free, 0, Outcome.BROKEN
        item.save(update_fields=["places_count", "places_free", "outcome"])
    else:
        give_places_back(flagged, move="dismiss", state=AnswerState.FLAGGED)
        item.refresh_from_db()
    return item


def _in_pieces(given: QuerySet, approve: Callable) -> int:
    """Until none is left, the oldest first. Each piece begins where the last one ended: what lies before need not be read again."""
    done, found = 0, approve(given=given)
    while found:
        done += len(found)
        found = approve(given=given.filter(given_at__gte=found[-1][1]))
    return done


@deed
def _approve_for(*, batch: Batch, by, given: QuerySet) -> list[tuple]:
    """A piece of what a client approves, as long as its person may."""
    if not policies.can_judge(by, batch):
        raise NotAllowed(_("tasks.answer.judge_refused"))
    return _approve(given=given)


@transaction.atomic
def _believe(*, given: QuerySet) -> list[tuple]:
    """To say that something is broken was work, also where nobody looks at it; what was typed before is no answer. The client has not said
    that the item is broken, so others are asked about it where that is paid for.
    """
    found = _approve(given=given, state=AnswerState.FLAGGED, move="confirm", values=None)
    let_go(AnswerFile.objects.filter(answer__in=[pk for pk, _given_at in found]))
    return found


@transaction.atomic
def _approve(*, given: QuerySet, state: str = AnswerState.GIVEN, move: str = "approve", **columns) -> list[tuple]:
    """A few thousand, with when they were given: rows that are locked by whoever takes an answer back are left for the next turn. Nobody
    is waited for, so the order may be that of the index.
    """
    found = list(given.select_for_update(of=("self",), skip_locked=True).exclude(bundle__in=undoable()).order_by("given_at", "pk")
                 .values_list("pk", "given_at")[:AT_ONCE])
    Answer.objects.filter(pk__in=[pk for pk, _given_at in found]).update(
        state=ANSWER_LIFECYCLE.next(state, move), decided_at=clock.now(), **columns)
    return found


def _locked(answer: Answer) -> Answer:
    return Answer.objects.locked().select_related("batch", "batch__client", "worker", "refused_by").get(pk=answer.pk)


def _move(answer: Answer, move: str, **columns) -> Answer:
    answer.state = ANSWER_LIFECYCLE.next(answer.state, move)
    for name, value in columns.items():
        setattr(answer, name, value)
    answer.save(update_fields=["state", *columns])
    return answer
