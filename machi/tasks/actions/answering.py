"""One answer after the other: half of it is kept, it is given, taken back, stepped over, or the item is said to be broken."""
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.files.storing import StoredFile
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.tasks import facts, forms, policies
from machi.tasks.actions.filing import keep_files, let_go
from machi.tasks.actions.giving import columns_given, give_at_once, spent, touch
from machi.tasks.actions.taking import give_places_back
from machi.tasks.lifecycle import ANSWER_LIFECYCLE, BUNDLE_LIFECYCLE, AnswerState
from machi.tasks.models import Answer, AnswerFile, Bundle
from machi.tasks.queries import cells_of, sent_with


class Unanswered(DomainError):
    """Something must be looked at again before it can be given; `errors`: a sentence for each block, by its name."""

    def __init__(self, errors: Mapping[str, str]):
        super().__init__(next(iter(errors.values())))
        self.errors = errors



@transaction.atomic
def save_half(*, answer: Answer, by: User, posted: Mapping[str, Sequence[str]], seconds: int = 0,
              files: Mapping[str, StoredFile] | None = None, away: str | None = None) -> Answer:
    """The fields of the form as they were typed so far; they are looked at when the answer is given. The time counts as it is kept:
    no other answer can take it again. `files`: what lies on the disk now and came for which block; `away`: the block whose file its
    worker takes away again.
    """
    answer, bundle = _locked(answer, by)
    took = spent(bundle, seconds)
    ANSWER_LIFECYCLE.next(answer.state, "save")
    keep_files(answer, files or {})
    if away is not None:
        let_go(AnswerFile.objects.filter(answer=answer, block=away))
    _move(answer, "save", values=forms.kept(forms.parse(bundle.form.parts), posted), seconds=answer.seconds + took)
    _touch(bundle, took)
    return answer


def give_answer(*, answer: Answer, by: User, posted: Mapping[str, Sequence[str]], seconds: int,
                files: Mapping[str, StoredFile] | None = None, unfit: Mapping[str, str] | None = None) -> Answer:
    """Given (回答). `posted`: the fields of the form; `seconds`: how long it was worked on, as the page counted, never more than is
    left of the time since the bundle was taken; `files`: what lies on the disk now and came for which block; `unfit`: why what came for
    a block is not taken. Raises Unanswered with a sentence for each block: files that are fit lie with the half answer then.
    """
    if not files and not unfit and (given := give_at_once(answer=answer, by=by, posted=posted, seconds=seconds)):
        return given
    answer, errors = _give(answer, by, posted, seconds, files or {}, unfit or {})
    if errors:
        raise Unanswered(errors)
    return answer


@transaction.atomic
def _give(answer: Answer, by: User, posted: Mapping, seconds: int, files: Mapping, unfit: Mapping) -> tuple[Answer, dict[str, str]]:
    answer, bundle = _locked(answer, by)
    ANSWER_LIFECYCLE.next(answer.state, "answer")
    form = forms.parse(bundle.form.parts)
    keep_files(answer, files)
    answered = forms.clean(form, posted, cells_of(answer.item, bundle.batch), sent_with(answer, form))
    if answered.errors or unfit:
        if files:
            _touch(bundle)
        return answer, {block.name: said for block in form.blocks if (said := unfit.get(block.name) or answered.errors.get(block.name))}
    before = answer.seconds
    _move(answer, "answer", **columns_given(answer, bundle, form, answered.values, seconds))
    _touch(bundle, answer.seconds - before)
    return answer, {}


@transaction.atomic
def flag_item(*, answer: Answer, by: User, words: str, seconds: int) -> Answer:
    """The item is broken: a picture that does not open, a text of nothing. A person looks; if it is so, saying it was work and is paid."""
    answer, bundle = _locked(answer, by)
    if not words.strip():
        raise DomainError(_("tasks.answer.flag.words"))
    took = spent(bundle, seconds)
    _move(answer, "flag", flag=words.strip()[:300], given_at=clock.now(), seconds=answer.seconds + took)
    _touch(bundle, took)
    return answer


@transaction.atomic
def skip_item(*, answer: Answer, by: User) -> Answer:
    """とばす: somebody else answers it, and nobody asks this person about it again."""
    answer, bundle = _locked(answer, by)
    ANSWER_LIFECYCLE.next(answer.state, "give_back")
    give_places_back([answer.pk])
    _touch(bundle)
    answer.refresh_from_db()
    return answer


@transaction.atomic
def undo_answer(*, answer: Answer, by: User) -> Answer:
    """Back to where it was, with what was typed, as long as the bundle is open."""
    answer, bundle = _locked(answer, by)
    _move(answer, "undo", given_at=None, is_right=None, flag="")
    _touch(bundle)
    return answer


@transaction.atomic
def finish_bundle(*, bundle: Bundle, by: User) -> Bundle:
    """Every item is answered, stepped over or said to be broken."""
    bundle = Bundle.objects.locked().get(pk=bundle.pk)
    if not policies.can_answer(by, bundle):
        raise NotAllowed(_("tasks.bundle.not_yours"))
    if Answer.objects.filter(bundle=bundle, state=AnswerState.HELD).exists():
        raise DomainError(_("tasks.bundle.not_done"))
    bundle.state, bundle.ended_at = BUNDLE_LIFECYCLE.next(bundle.state, "finish"), clock.now()
    bundle.save(update_fields=["state", "ended_at"])
    activity.record(actor=by, fact=facts.BUNDLE_DONE, about=bundle.reference, batch=bundle.batch_id)
    return bundle


def _locked(answer: Answer, by: User) -> tuple[Answer, Bundle]:
    """The bundle first, then the answer, as whoever gives a bundle back locks them."""
    bundle = Bundle.objects.locked().select_related("batch", "form").get(pk=answer.bundle_id)
    answer = Answer.objects.locked().select_related("item").get(pk=answer.pk)
    if not policies.can_answer(by, bundle) or answer.bundle_id != bundle.pk:
        raise NotAllowed(_("tasks.bundle.not_yours"))
    return answer, bundle


def _move(answer: Answer, move: str, **columns) -> None:
    answer.state = ANSWER_LIFECYCLE.next(answer.state, move)
    for name, value in columns.items():
        setattr(answer, name, value)
    answer.save(update_fields=["state", *columns])


def _touch(bundle: Bundle, seconds: int = 0) -> None:
    touch(bundle, seconds)
    bundle.save(update_fields=["seen_at", "until_at", "seconds"])
