"""Micro-tasks: how to bring a batch, a file of items, a bundle and an answer into each state, and every deed that moves it."""
from unittest import mock

from machi.files.storing import store_table
from machi.shared import clock
from machi.tasks import actions as tasks
from machi.tasks.actions import fetching
from machi.tasks.lifecycle import (
    ANSWER_LIFECYCLE,
    BATCH_LIFECYCLE,
    BUNDLE_LIFECYCLE,
    IMPORT_LIFECYCLE,
    PARCEL_LIFECYCLE,
    PIECE_LIFECYCLE,
    AnswerState,
    BatchState,
    BundleState,
    ImportState,
    ParcelState,
    PieceState,
)
from machi.tasks.models import Answer, Batch, Bundle, Import, Parcel, Piece
from tests.people import a_person, a_staff_member
from tests.states.things import ANOTHER, CLIENT, DAY, MODERATOR, MODERATORS, TOWN, WORKER, Deed, Thing, on_a_later_day
from tests.tasks.making import a_batch, a_draft, an_upload, held_answers, price_of
from tests.tasks.showing import a_draft_with, a_locked_zip, a_png, given, stored, zipped

SAID, REASON = {"a.feeling": ["よい"]}, "手引きの2番とちがいます"
END, FINISH, FAULTS = "end by the clock", "finish", "find what is wrong"


def client_of(batch: Batch):
    return batch.client.person


def _answer_all(bundle: Bundle) -> None:
    for answer in held_answers(bundle):
        tasks.give_answer(answer=answer, by=bundle.worker, posted=SAID, seconds=5)


# ---- batches ---------------------------------------------------------------------------------------------------------

def _batch(state: str, deed: str) -> Batch:
    if state == "draft":
        return a_draft(rows=2)
    batch = a_batch(rows=2, answers_each=1, most_each=1)
    if deed == END or state == "ended":
        bundle = tasks.take_bundle(batch=batch, by=a_person(), minutes=15)
        _answer_all(bundle)
        tasks.finish_bundle(bundle=bundle, by=bundle.worker)
        tasks.approve_answers(batch=batch, by=client_of(batch))
        tasks.put_together()
    if state in ("paused", "stopped"):
        tasks.move_batch(batch=batch, by=client_of(batch), move="pause" if state == "paused" else "stop")
    if state == "ended":
        _close(None, None)
    return batch


def _move(move: str):
    return lambda batch, by: tasks.move_batch(batch=batch, by=by, move=move)


_close = on_a_later_day(1, tasks.close_batches)
TASK_BATCH = Thing("batch of tasks", Batch, BatchState, BATCH_LIFECYCLE, _batch, lambda one: {WORKER: a_person(), CLIENT: client_of(one)}, [
    Deed("write", CLIENT, (("edit",),), lambda batch, by: tasks.edit_batch(batch=batch, by=by, title="べつの名前")),
    Deed("publish", CLIENT, (("publish",),), lambda batch, by: tasks.publish_batch(batch=batch, by=by, amount=price_of(batch))),
    Deed("pause", CLIENT, (("pause",),), _move("pause")),
    Deed("go on", CLIENT, (("resume",),), _move("resume")),
    Deed("stop", CLIENT, (("stop",),), _move("stop")),
    Deed(END, TOWN, (("finish",),), _close, is_round=True),
], columns={"published_at": {"open", "paused", "stopped", "ended"}, "ended_at": {"ended"}})


# ---- files of items --------------------------------------------------------------------------------------------------

def _import(state: str, deed: str) -> Import:
    batch = a_draft(rows=2)
    data = "番号,文\n1,よい\n1,わるい\n" if state == "faulty" or (state, deed) == ("waiting", FAULTS) else "番号,文\n1,よい\n2,わるい\n"
    brought = tasks.bring_file(batch=batch, by=client_of(batch), file=store_table(an_upload(data.encode()), "text"), key_column="番号")
    if state == "left":
        tasks.leave_import(brought=brought, by=client_of(batch))
    elif state != "waiting":
        tasks.take_in_files()
    return brought


def _leave_import(brought: Import, by) -> None:
    tasks.leave_import(brought=brought, by=by)


TASK_IMPORT = Thing("file of items", Import, ImportState, IMPORT_LIFECYCLE, _import,
                    lambda one: {WORKER: a_person(), CLIENT: client_of(one.batch)}, [
    Deed("take in", TOWN, (("take_in",),), lambda _one, _by: tasks.take_in_files(), is_round=True),
    Deed(FAULTS, TOWN, (("find_faults",),), lambda _one, _by: tasks.take_in_files(), is_round=True),
    Deed("leave", CLIENT, (("leave",),), _leave_import),
], columns={"ended_at": {"faulty", "done", "left"}})


# ---- pictures, sounds and films of items, and the parcels in which they come ------------------------------------------

COMES, COMES_BROKEN = "come", "come broken"


def _piece(state: str, deed: str) -> Piece:
    """In a file of the client where the deed brings one; else at an address, where the state allows it."""
    is_named = state in ("wanted", "here") or state == "faulty" and deed in (COMES, COMES_BROKEN)
    batch = a_draft_with("1.png" if is_named else "https://pictures.example/1.png")
    if state == "here":
        given(batch, {"1.png": a_png((9, 9))})
    elif state == "faulty":
        given(batch, {"1.png": b"no picture"}) if is_named else tasks.leave_media(batch=batch, by=batch.by)
    if is_named and deed in (COMES, COMES_BROKEN):
        tasks.bring_media(batch=batch, by=batch.by, files_=[stored("1.png", a_png() if deed == COMES else b"<html>")])
    return Piece.objects.get(batch=batch)


def _come(is_good: bool):
    def fetch(_address: str, into, most_bytes: int) -> int:
        return into.write(a_png() if is_good else b"<html>")

    def do(_piece, _by):
        with mock.patch.object(fetching, "fetch", fetch):
            tasks.take_in_media()
    return do


def _parcel(state: str, deed: str) -> Parcel:
    batch = a_draft_with("1.png")
    is_faulty = state == "faulty" or (state, deed) == ("waiting", FAULTS)
    data = a_locked_zip() if is_faulty else zipped({"1.png": a_png()})
    (parcel,) = tasks.bring_media(batch=batch, by=batch.by, files_=[stored("1.zip", data)])
    if state == "left":
        tasks.leave_media(batch=batch, by=batch.by)
    elif state != "waiting":
        tasks.take_in_media()
    return parcel


def _sides(one) -> dict:
    return {WORKER: a_person(), CLIENT: client_of(one.batch)}


def _leave_media(one, by) -> None:
    tasks.leave_media(batch=one.batch, by=by)


TASK_PIECE = Thing("picture of an item", Piece, PieceState, PIECE_LIFECYCLE, _piece, _sides, [
    Deed(COMES, TOWN, (("keep",),), _come(True), is_round=True),
    Deed(COMES_BROKEN, TOWN, (("find_fault",),), _come(False), is_round=True),
    Deed("try again", CLIENT, (("try_again",),), lambda one, by: tasks.try_media_again(batch=one.batch, by=by), is_round=True),
    Deed("stop", CLIENT, (("leave",),), _leave_media, is_round=True),
], columns={})
TASK_PARCEL = Thing("parcel of pictures", Parcel, ParcelState, PARCEL_LIFECYCLE, _parcel, _sides, [
    Deed("read", TOWN, (("read",),), lambda _one, _by: tasks.take_in_media(), is_round=True),
    Deed(FAULTS, TOWN, (("find_fault",),), lambda _one, _by: tasks.take_in_media(), is_round=True),
    Deed("stop", CLIENT, (("leave",),), _leave_media, is_round=True),
], columns={"ended_at": {"read", "faulty", "left"}})


# ---- bundles ---------------------------------------------------------------------------------------------------------

def _bundle(state: str, deed: str) -> Bundle:
    bundle = tasks.take_bundle(batch=a_batch(rows=3), by=a_person(), minutes=15)
    if state == "done" or (state, deed) == ("open", FINISH):
        _answer_all(bundle)
    if state == "done":
        tasks.finish_bundle(bundle=bundle, by=bundle.worker)
    elif state == "left":
        tasks.leave_bundle(bundle=bundle, by=bundle.worker)
    return bundle


_lapse = on_a_later_day(4, tasks.lapse_bundles)
BUNDLE = Thing("bundle", Bundle, BundleState, BUNDLE_LIFECYCLE, _bundle, lambda one: {WORKER: one.worker, CLIENT: client_of(one.batch)}, [
    Deed(FINISH, WORKER, (("finish",),), lambda bundle, by: tasks.finish_bundle(bundle=bundle, by=by)),
    Deed("leave", WORKER, (("leave",),), lambda bundle, by: tasks.leave_bundle(bundle=bundle, by=by)),
    Deed("lapse by the clock", TOWN, (("lapse",),), _lapse, is_round=True),
], columns={"ended_at": {"done", "left"}})


# ---- answers ---------------------------------------------------------------------------------------------------------

OF_AN_OPEN_BUNDLE = ("save half", "answer", "flag", "skip", "undo", "leave the bundle", "lapse by the clock")


def _answer(state: str, deed: str) -> Answer:
    """The first of a bundle, which stays open for what its worker may still do."""
    batch, worker = a_batch(rows=3, answers_each=8, most_each=8, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    answer = held_answers(bundle)[0]
    if state == "held":
        return answer
    if state == "given_back":
        tasks.leave_bundle(bundle=bundle, by=worker)
        return answer
    if state == "flagged":
        tasks.flag_item(answer=answer, by=worker, words="文がありません", seconds=5)
    else:
        tasks.give_answer(answer=answer, by=worker, posted=SAID, seconds=5)
    if state not in ("given", "flagged") or deed not in OF_AN_OPEN_BUNDLE:
        tasks.leave_bundle(bundle=bundle, by=worker)
    if state == "approved":
        tasks.approve_answers(batch=batch, by=client_of(batch))
    if state in ("refused", "appealed", "closed"):
        tasks.refuse_answers(batch=batch, by=client_of(batch), answers=[answer.pk], reason=REASON, paid_percent=50)
    if state == "appealed":
        tasks.appeal(answer=answer, by=worker, words="手引きのとおりです。")
    elif state == "closed":
        tasks.agree_to_refusal(answer=answer, by=worker)
    return answer


def _refuse(answer: Answer, by) -> None:
    tasks.refuse_answers(batch=answer.batch, by=by, answers=[answer.pk], reason=REASON, paid_percent=0)


def _sides(answer: Answer) -> dict:
    return {WORKER: answer.worker, CLIENT: client_of(answer.batch), MODERATOR: a_staff_member("moderator"),
            ANOTHER: a_staff_member("moderator")}


def _take(answer: Answer, by) -> None:
    with clock.moved(by=DAY / 24):
        tasks.take_bundle(batch=answer.batch, by=by, minutes=15)


def _flags(is_broken: bool):
    return lambda answer, by: tasks.decide_flags(item=answer.item, by=by, is_broken=is_broken)


def _appeal(is_granted: bool):
    return lambda answer, by: tasks.decide_appeal(answer=answer, by=by, is_granted=is_granted, words="読みました。")


ANSWER = Thing("answer", Answer, AnswerState, ANSWER_LIFECYCLE, _answer, _sides, [
    Deed("save half", WORKER, (("save",),), lambda answer, by: tasks.save_half(answer=answer, by=by, posted=SAID)),
    Deed("answer", WORKER, (("answer",),), lambda answer, by: tasks.give_answer(answer=answer, by=by, posted=SAID, seconds=5)),
    Deed("flag", WORKER, (("flag",),), lambda answer, by: tasks.flag_item(answer=answer, by=by, words="文がありません", seconds=5)),
    Deed("skip", WORKER, (("give_back",),), lambda answer, by: tasks.skip_item(answer=answer, by=by)),
    Deed("undo", WORKER, (("undo",),), lambda answer, by: tasks.undo_answer(answer=answer, by=by)),
    Deed("leave the bundle", WORKER, (("give_back",),), lambda answer, by: tasks.leave_bundle(bundle=answer.bundle, by=by),
         leaves_traces=True),
    Deed("lapse by the clock", TOWN, (("give_back",),), _lapse, is_round=True, leaves_traces=True),
    Deed("take the next bundle", WORKER, (("take",),), _take, leaves_traces=True),
    Deed("approve", CLIENT, (("approve",),), lambda answer, by: tasks.approve_answers(batch=answer.batch, by=by), is_round=True),
    Deed("approve by the clock", TOWN, (("approve",), ("confirm",)), on_a_later_day(8, tasks.approve_for_silent), is_round=True),
    Deed("refuse", CLIENT, (("refuse",),), _refuse),
    Deed("take a refusal back", CLIENT, (("take_back",),), lambda answer, by: tasks.take_refusal_back(answer=answer, by=by)),
    Deed("agree", WORKER, (("agree",),), lambda answer, by: tasks.agree_to_refusal(answer=answer, by=by)),
    Deed("appeal", WORKER, (("appeal",),), lambda answer, by: tasks.appeal(answer=answer, by=by, words="手引きのとおりです。")),
    Deed("let it stand by the clock", TOWN, (("let_stand",),), on_a_later_day(8, tasks.let_refusals_stand), is_round=True),
    Deed("grant", MODERATORS, (("grant",),), _appeal(True)),
    Deed("uphold", MODERATORS, (("uphold",),), _appeal(False)),
    Deed("say that it is broken", CLIENT, (("confirm",),), _flags(True)),
    Deed("say that it is whole", CLIENT, (("dismiss",),), _flags(False)),
], columns={"given_at": {"given", "approved", "refused", "appealed", "closed", "flagged"}, "decided_at": {"approved", "closed"}})


# ---- for the rules ---------------------------------------------------------------------------------------------------

def a_batch_in_which_much_happened() -> None:
    """One that has ended, and one that stopped while somebody answers: of theirs some is paid, some is refused, some waits."""
    _batch("ended", "")
    batch, worker = a_batch(rows=40, answers_each=2, most_each=3, golds=2, price_yen=50), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    first, second, third, *_others = held_answers(bundle)
    for answer in (first, second, third):
        tasks.give_answer(answer=answer, by=worker, posted=SAID, seconds=5)
    tasks.move_batch(batch=batch, by=client_of(batch), move="stop")
    with clock.moved(by=DAY):
        tasks.leave_bundle(bundle=bundle, by=worker)
        tasks.refuse_answers(batch=batch, by=client_of(batch), answers=[first.pk], reason=REASON, paid_percent=50)
        tasks.agree_to_refusal(answer=first, by=worker)
        tasks.approve_answers(batch=batch, by=client_of(batch), answers=[second.pk])
    with clock.moved(by=2 * DAY):
        tasks.close_batches()
    a_batch(rows=5)
