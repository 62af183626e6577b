"""Who may do what with a batch of micro-tasks."""
import datetime

from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import duties_of, has_power
from machi.payments.queries import paid_works_count, was_stopped_lately
from machi.shared import clock
from machi.tasks import forms
from machi.tasks.lifecycle import ANSWER_LIFECYCLE, BATCH_LIFECYCLE, AnswerState, BatchState, BundleState
from machi.tasks.models import Answer, Batch, BatchForm, Bundle, Item, Piece

UNDOABLE = datetime.timedelta(hours=1)  # since the last touch of a bundle: so long an answer in it may be taken back
NO_RECORD = 3                           # pieces of work that were paid: whoever has fewer has no record yet (jobs.limits)


def acts_for_client(user, batch: Batch, *powers) -> bool:
    return has_power(user, batch.client_id, *powers)


def can_edit_batch(user, batch: Batch) -> bool:
    return BATCH_LIFECYCLE.allows(batch.state, "edit") and acts_for_client(user, batch, Power.MEMBER)


def can_change_form(user, batch: Batch) -> bool:
    """Also while people answer: what is changed is a new version, and who has a bundle goes on with theirs."""
    return batch.state in (BatchState.DRAFT, BatchState.OPEN, BatchState.PAUSED) and acts_for_client(user, batch, Power.MEMBER)


def can_pay_for_batch(user, batch: Batch) -> bool:
    """Publish, top up, raise the price: whoever writes for the client and may pay for it."""
    is_alive = batch.state in (BatchState.DRAFT, BatchState.OPEN, BatchState.PAUSED)
    return is_alive and acts_for_client(user, batch, Power.MEMBER) and acts_for_client(user, batch, Power.PAYER)


def can_move_batch(user, batch: Batch, move: str) -> bool:
    """pause, resume, stop."""
    return move in ("pause", "resume", "stop") and BATCH_LIFECYCLE.allows(batch.state, move) and acts_for_client(user, batch, Power.MEMBER)


def can_read_answers(user, batch: Batch) -> bool:
    return acts_for_client(user, batch, *READS_WORK)


def can_judge(user, batch: Batch) -> bool:
    """Approve and refuse: a person of the client who has accepted that duty."""
    return batch.is_out and acts_for_client(user, batch, Power.APPROVER)


def can_take_bundle(user, batch: Batch) -> bool:
    """Anybody who is signed in, while it is open, except whoever acts for its client."""
    return user.is_authenticated and batch.state == BatchState.OPEN and not acts_for_client(user, batch)


def has_no_record(user) -> bool:
    return paid_works_count(user, at_most=NO_RECORD) < NO_RECORD


def can_answer(user, bundle: Bundle) -> bool:
    """As long as it is kept for them."""
    return user.pk == bundle.worker_id and bundle.state == BundleState.OPEN


def can_give(user, bundle: Bundle, answer: Answer) -> bool:
    """This one of it, which is not given yet."""
    return can_answer(user, bundle) and ANSWER_LIFECYCLE.allows(answer.state, "answer")


def can_appeal(user, answer: Answer) -> bool:
    return user.pk == answer.worker_id and ANSWER_LIFECYCLE.allows(answer.state, "appeal")


def can_decide_appeal(user, answer: Answer) -> bool:
    """Whoever has the duty, never about work of their own or of a client they act for."""
    is_own = user.pk == answer.worker_id or has_power(user, answer.batch.client_id)
    return "moderator" in duties_of(user) and not is_own and ANSWER_LIFECYCLE.allows(answer.state, "grant")


def may_be_refused(answer: Answer) -> bool:
    """In the days of acceptance, which rest while money is stopped."""
    return ANSWER_LIFECYCLE.allows(answer.state, "refuse") and (clock.now() < approved_from(answer) or was_stopped_lately())


def approved_from(answer: Answer):
    """From this moment on the clock approves it."""
    return answer.given_at + datetime.timedelta(days=answer.batch.acceptance_days)


def can_see_piece(user, piece: Piece) -> bool:
    """Whoever is shown an item with it: those of its client who read work; who holds or held a bundle with it, by the form of that bundle;
    and everybody who is signed in and looks at the example of an open batch.
    """
    if acts_for_client(user, piece.batch, *READS_WORK):
        return True
    if any(_shows(answer.bundle.form, answer.item, piece) for answer in _answers_with(piece).filter(worker=user)):
        return True
    return piece.batch.state == BatchState.OPEN and _is_in_example(piece)


def can_see_appealed(user, piece: Piece) -> bool:
    """At their desk, whoever decides an appeal about it."""
    if "moderator" not in duties_of(user) or has_power(user, piece.batch.client_id):
        return False
    appealed = _answers_with(piece).filter(state=AnswerState.APPEALED).exclude(worker=user)
    return any(_shows(answer.bundle.form, answer.item, piece) for answer in appealed)


def keeps_piece(user, piece: Piece) -> bool:
    """Is it shown in a bundle that they have at this moment? Then their browser may keep it, should the line break."""
    return _answers_with(piece).filter(worker=user, bundle__state=BundleState.OPEN).exists()


def _answers_with(piece: Piece):
    """About items that name it in any column."""
    return Answer.objects.filter(batch=piece.batch_id, item__cells__contains=[piece.source]).select_related("item", "bundle__form")


def _is_in_example(piece: Piece) -> bool:
    first = Item.objects.filter(batch=piece.batch_id, truth__isnull=True).order_by("number").first()
    form = BatchForm.objects.filter(batch=piece.batch_id).order_by("-version").first()
    return bool(first and form) and _shows(form, first, piece)


def _shows(form: BatchForm, item: Item, piece: Piece) -> bool:
    """Does this very form show it of this item?"""
    cells = dict(zip(piece.batch.columns, item.cells, strict=False))
    return any(kind == piece.kind and cells.get(column) == piece.source for column, kind in forms.parse(form.parts).media)
