"""States of a batch of micro-tasks (タスク), of a bundle that somebody has taken, and of one answer."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class BatchState(TextChoices):
    DRAFT = "draft", _("tasks.batch.state.draft")                     # 下書き
    OPEN = "open", _("tasks.batch.state.open")                        # 募集中
    PAUSED = "paused", _("tasks.batch.state.paused")                  # 止めている: who has a bundle goes on
    STOPPED = "stopped", _("tasks.batch.state.stopped")               # 終わりに向かう: what was taken is done and paid
    ENDED = "ended", _("tasks.batch.state.ended")                     # 終わった: nothing is held any more


B = BatchState
BATCH_LIFECYCLE = Lifecycle({
    (B.DRAFT, "edit"): B.DRAFT,
    (B.DRAFT, "publish"): B.OPEN,                               # with its money
    (B.OPEN, "pause"): B.PAUSED,
    (B.PAUSED, "resume"): B.OPEN,
    (B.OPEN, "stop"): B.STOPPED,
    (B.PAUSED, "stop"): B.STOPPED,
    (B.OPEN, "finish"): B.ENDED,                                # every item has its answer, and everybody is paid
    (B.PAUSED, "finish"): B.ENDED,
    (B.STOPPED, "finish"): B.ENDED,
})


class BundleState(TextChoices):
    OPEN = "open", _("tasks.bundle.state.open")                       # している
    DONE = "done", _("tasks.bundle.state.done")                       # 終えた
    LEFT = "left", _("tasks.bundle.state.left")                       # 途中で返した: what was answered is paid


BUNDLE_LIFECYCLE = Lifecycle({
    (BundleState.OPEN, "finish"): BundleState.DONE,
    (BundleState.OPEN, "leave"): BundleState.LEFT,
    (BundleState.OPEN, "lapse"): BundleState.LEFT,
})


class AnswerState(TextChoices):
    HELD = "held", _("tasks.answer.state.held")                       # 取ってある
    GIVEN = "given", _("tasks.answer.state.given")                    # 答えた
    APPROVED = "approved", _("tasks.answer.state.approved")           # 認められた
    REFUSED = "refused", _("tasks.answer.state.refused")              # 直すところがある, with a reason; it may be appealed
    APPEALED = "appealed", _("tasks.answer.state.appealed")           # 異議: somebody of the town looks
    CLOSED = "closed", _("tasks.answer.state.closed")                 # refused for good, or in part
    FLAGGED = "flagged", _("tasks.answer.state.flagged")              # 問題が壊れている
    GIVEN_BACK = "given_back", _("tasks.answer.state.given_back")     # とばした, or the time ran out: its place is free


A = AnswerState
ANSWER_LIFECYCLE = Lifecycle({
    (A.HELD, "save"): A.HELD,                                   # half an answer
    (A.HELD, "answer"): A.GIVEN,
    (A.HELD, "flag"): A.FLAGGED,
    (A.HELD, "give_back"): A.GIVEN_BACK,
    (A.GIVEN_BACK, "take"): A.HELD,
    (A.GIVEN, "undo"): A.HELD,
    (A.FLAGGED, "undo"): A.HELD,
    (A.GIVEN, "approve"): A.APPROVED,
    (A.GIVEN, "refuse"): A.REFUSED,
    (A.REFUSED, "take_back"): A.APPROVED,                       # the client has seen that they erred
    (A.REFUSED, "agree"): A.CLOSED,
    (A.REFUSED, "let_stand"): A.CLOSED,                         # nobody said otherwise in time
    (A.REFUSED, "appeal"): A.APPEALED,
    (A.APPEALED, "grant"): A.APPROVED,
    (A.APPEALED, "uphold"): A.CLOSED,
    (A.FLAGGED, "confirm"): A.APPROVED,                         # it is broken indeed: finding that out was work
    (A.FLAGGED, "dismiss"): A.GIVEN_BACK,                       # it is not: somebody else answers it
})
TAKES_A_PLACE = (A.HELD, A.GIVEN, A.APPROVED, A.REFUSED, A.APPEALED, A.CLOSED, A.FLAGGED)
IS_OPEN = (A.HELD, A.GIVEN, A.REFUSED, A.APPEALED, A.FLAGGED)   # it is not known yet what is paid for it
IS_PAID = (A.APPROVED, A.CLOSED)                                # a closed one its part, which may be nothing


class ImportState(TextChoices):
    WAITING = "waiting", _("tasks.import.state.waiting")              # 順番を待っている
    FAULTY = "faulty", _("tasks.import.state.faulty")                 # 直すところがある: nothing was taken in
    DONE = "done", _("tasks.import.state.done")                       # 取り込んだ
    LEFT = "left", _("tasks.import.state.left")                       # やめた


IMPORT_LIFECYCLE = Lifecycle({
    (ImportState.WAITING, "take_in"): ImportState.DONE,
    (ImportState.WAITING, "find_faults"): ImportState.FAULTY,
    (ImportState.WAITING, "leave"): ImportState.LEFT,
    (ImportState.FAULTY, "leave"): ImportState.LEFT,
})


class PieceState(TextChoices):
    WANTED = "wanted", _("tasks.piece.state.wanted")                  # 届いていない: the client brings its file
    WAITING = "waiting", _("tasks.piece.state.waiting")               # 順番を待っている: the town fetches it
    HERE = "here", _("tasks.piece.state.here")                        # ある
    FAULTY = "faulty", _("tasks.piece.state.faulty")                  # 直すところがある


P = PieceState
PIECE_LIFECYCLE = Lifecycle({
    (P.WANTED, "keep"): P.HERE,
    (P.WANTED, "find_fault"): P.FAULTY,
    (P.WAITING, "keep"): P.HERE,
    (P.WAITING, "find_fault"): P.FAULTY,
    (P.WAITING, "leave"): P.FAULTY,                             # the client does not want it to go on
    (P.FAULTY, "try_again"): P.WAITING,
    (P.FAULTY, "keep"): P.HERE,                                 # brought again
    (P.FAULTY, "find_fault"): P.FAULTY,
    (P.HERE, "keep"): P.HERE,                                   # another one under the same name
    (P.HERE, "find_fault"): P.FAULTY,
})


class PieceFault(TextChoices):
    """What is wrong with a file that came; why none came says files.fetching.Cause."""

    PAGE = "page", _("tasks.piece.fault.page")                        # a page of the web in its place
    KIND = "kind", _("tasks.piece.fault.kind")
    BROKEN = "broken", _("tasks.piece.fault.broken")
    EMPTY = "empty", _("tasks.piece.fault.empty")
    BIG = "big", _("tasks.piece.fault.big")
    FULL = "full", _("tasks.piece.fault.full")                        # the batch holds no more
    TWICE = "twice", _("tasks.piece.fault.twice")                     # two files of one parcel have its name
    LEFT = "left", _("tasks.piece.fault.left")
    BOMB = "bomb", _("tasks.piece.fault.bomb")                        # of a parcel: it would unpack to too much
    LOCKED = "locked", _("tasks.piece.fault.locked")                  # of a parcel: with a password
    GONE = "gone", _("tasks.piece.fault.gone")                        # of a parcel: it lay too long
    OURS = "ours", _("tasks.piece.fault.ours")                        # not of the file: the town failed at it, twice


class ParcelState(TextChoices):
    WAITING = "waiting", _("tasks.import.state.waiting")
    READ = "read", _("tasks.parcel.state.read")
    FAULTY = "faulty", _("tasks.import.state.faulty")
    LEFT = "left", _("tasks.import.state.left")


PARCEL_LIFECYCLE = Lifecycle({
    (ParcelState.WAITING, "read"): ParcelState.READ,
    (ParcelState.WAITING, "find_fault"): ParcelState.FAULTY,
    (ParcelState.WAITING, "leave"): ParcelState.LEFT,
})
