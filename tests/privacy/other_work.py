"""The rest of a life with a canary: work by the hour, a contest, a service, and what two sign or see differently. All of it is over, so
that whoever leaves may leave.
"""
import datetime

from machi.contracts import actions as contracts
from machi.contracts.models import CheckIn, Contract
from machi.files.storing import store_all, store_given
from machi.jobs.actions import answer, ask, edit_job, publish_job
from machi.payments.actions import send_refunds
from machi.proposals import actions as proposals
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks import actions as tasks
from tests.people import (
    a_client,
    a_contest,
    a_contract,
    a_job,
    a_package,
    a_person,
    a_proposal,
    a_staff_member,
    an_entry,
    an_hourly_contract,
    an_order,
    closed_contest,
    hours_written,
    in_week,
    payday,
)
from tests.tasks.making import a_batch, held_answers
from tests.tasks.showing import a_draft_with, a_png, given, zipped
from tests.web.contracts.walking import upload
from tests.web.tasks.test_files import a_photograph

DAY = datetime.timedelta(days=1)
OF_THE_OTHER = "わたしは、そうは思いません。"         # what the other side said about a difference, and what was answered to them: it stays


def live(life, mark: str) -> None:
    """`life` has a worker, a client, and the one of them who leaves; `mark` is the canary."""
    worker, client, leaver = life.worker, life.client, life.leaver
    of_worker, of_client = (mark if life.of == side else "ただの言葉" for side in ("worker", "client"))
    _by_the_hour(worker, client, of_worker)
    _seen_differently(worker, client, leaver, mark)
    _a_long_one(worker, client)
    _talks(worker, client, leaver, mark)
    _a_contest(worker, client, of_worker, of_client)
    _micro_tasks(worker, client, of_worker, of_client)
    _signs(client, of_client)
    _services(worker, client, of_worker, of_client)
    _passed_on(worker, client, leaver, of_worker)
    post = a_job(client, title=f"{of_client}-title-3", body=f"{of_client}-first-words")
    a_proposal(post, a_person())
    edit_job(job=post, by=client, seats_count=2, body=f"{of_client}-other-words")
    proposals.end_choosing(job=post, by=client, reason="topic")
    publish_job(job=a_job(client, published=False, body="記録係です。勤務時間は9時から18時まで、シフト制です。"), by=client)
    answer(question=ask(job=a_job(client), by=a_person(), words="いつまでですか。"), by=client, words=f"{of_client}-reply")
    elsewhere = a_job(a_client("となりの会"))
    answer(question=ask(job=elsewhere, by=leaver, words=f"{mark}-question"), by=elsewhere.client.person, words=OF_THE_OTHER)
    send_refunds()


def _end(contract: Contract, worker, client, words: str) -> None:
    """Both end it; nothing is paid, so that nothing waits for a payday."""
    running = [step for step in contract.milestones.order_by("number") if step.is_running]
    order = contracts.ask_to_end(contract=contract, by=worker, prices={step.number: Yen(0) for step in running}, words=words)
    contracts.agree_to_change(order=order, by=client)


def _by_the_hour(worker, client, mark: str) -> None:
    contract = an_hourly_contract(funded=True, by=client, worker=worker)
    with in_week(contract) as sheet:
        entry = hours_written(sheet, note=f"{mark}-hours")
        with clock.moved(by=DAY):
            contracts.change_entry(entry=entry, by=worker, started_at=entry.started_at, note=entry.note, reason=f"{mark}-mended",
                                   ended_at=entry.ended_at - datetime.timedelta(hours=1))
            _end(contract, worker, client, "")


def _seen_differently(worker, client, leaver, mark: str) -> None:
    """Twice: each side once says what went wrong, and the other tells how it sees that."""
    other = client if leaver == worker else worker
    for opens, answers, reason, told in ((leaver, other, f"{mark}-dispute", OF_THE_OTHER), (other, leaver, OF_THE_OTHER, f"{mark}-view")):
        contract = a_contract(funded=True, by=client, worker=worker)
        milestone = contract.milestones.get()
        with clock.moved(to=clock.start_of(clock.today() + 8 * DAY) + datetime.timedelta(hours=10)):
            contracts.ask_how_it_goes()
            assert CheckIn.objects.filter(milestone=milestone).exists()
            dispute = contracts.open_dispute(
                milestone=milestone, by=opens, reason=reason, files=store_all([upload(f"{reason}.txt", reason.encode())]))
            contracts.answer_dispute(dispute=dispute, by=answers, answer=told,
                                     files=store_all([upload(f"{told}.txt", told.encode())]))
            moderator = a_staff_member("moderator")
            contracts.take_up_dispute(dispute=dispute, by=moderator)
            contracts.propose_split(dispute=dispute, by=moderator, price=Yen(0), words="街からの案です。")
            contracts.refuse_split(dispute=dispute, by=opens, words=OF_THE_OTHER if opens == other else f"{mark}-refusal")
            order = contracts.ask_for_part(milestone=milestone, by=leaver, price=Yen(0), words=f"{mark}-part")
            contracts.agree_to_change(order=order, by=other)


def _talks(worker, client, leaver, mark: str) -> None:
    """Each side once asks about the price, and the other answers; and the worker once says what would help."""
    other = client if leaver == worker else worker
    contract = a_contract(funded=True, by=client, worker=worker)
    for asks, answers, words, told in ((leaver, other, f"{mark}-price", OF_THE_OTHER), (other, leaver, OF_THE_OTHER, f"{mark}-answer")):
        talk = contracts.ask_to_talk(contract=contract, by=asks, about="price", words=words)
        contracts.answer_talk(talk=talk, by=answers, answer="no", words=told)
    care = contracts.ask_to_talk(contract=contract, by=worker, about="care", helps=["days"],
                                 words=f"{mark}-care" if leaver == worker else OF_THE_OTHER)
    contracts.answer_talk(talk=care, by=client, answer="yes", words=f"{mark}-help" if leaver == client else OF_THE_OTHER)
    _end(contract, worker, client, "")


def _services(worker, client, of_worker: str, of_client: str) -> None:
    """One that nobody has asked for, one that was asked for and refused, and one that became a contract: such a work keeps its name."""
    a_package(worker, opened=False, title=f"{of_worker}-service")
    words = {name: f"{of_worker}-{name}" for name in ("body", "needs", "place", "sync_note")}
    order = an_order(a_package(worker, title=f"{of_worker}-unwanted", **words), client, words=f"{of_client}-order")
    contracts.refuse_offer(offer=order, by=worker)
    order = an_order(a_package(worker, title="年表の清書", **words), client, words=f"{of_client}-order")
    contract = contracts.accept_offer(offer=order, by=worker, terms_hash=order.terms_hash)
    _end(contracts.fund(contract=contract, by=client), worker, client, "")


def _passed_on(worker, client, leaver, of_worker: str) -> None:
    """Somebody takes over from the worker, who leaves them a note; and whoever leaves has taken over from somebody else."""
    ours, theirs = a_contract(funded=True, by=client, worker=worker), a_contract(funded=True)
    for contract, person, note in ((ours, a_person(), of_worker), (theirs, leaver, "ただの言葉")):
        first, gives_work = contract.worker, contract.client.person
        stand_in = contracts.name_stand_in(contract=contract, by=first, person=person, kept_percent=50)
        for agrees in (person, gives_work):
            stand_in = contracts.agree_to_stand_in(stand_in=stand_in, by=agrees)
        offer = contracts.call_stand_in(stand_in=stand_in, by=first, note=note)
        _end(contracts.accept_offer(offer=offer, by=person, terms_hash=offer.terms_hash), person, gives_work, "")


def _a_long_one(worker, client) -> None:
    today = clock.today()
    plan = [{"title": f"{month}か月目", "price_yen": 1_000, "due_on": (today + 32 * month * DAY).isoformat()} for month in range(1, 9)]
    contract = a_contract(funded=True, by=client, worker=worker, plan=plan, reward_yen=8_000, due_on=today + 256 * DAY, minutes_estimate=60)
    contracts.give_notice(contract=contract, by=client, last_on=today + 40 * DAY)
    _end(contract, worker, client, "")


def _micro_tasks(worker, client, of_worker: str, of_client: str) -> None:
    """One item is answered, of one something is said; both are paid, and the batch has ended."""
    items = f"番号,文,答え,わけ\n{of_client}-1,{of_client}-item,,\n{of_client}-2,{of_client}-item,,\n3,よい日,よい,{of_client}-why".encode()
    batch = a_batch(client, data=items, body=f"{of_client}-for-what", answers_each=1, most_each=1)
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    _files_given(worker, client, of_worker)
    for number, held in enumerate(held_answers(bundle)):
        if number:
            tasks.give_answer(answer=held, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
        else:
            tasks.flag_item(answer=held, by=worker, words=f"{of_worker}-broken", seconds=5)
            broken = held.item
    tasks.finish_bundle(bundle=bundle, by=worker)
    tasks.decide_flags(item=broken, by=client, is_broken=True)
    tasks.approve_answers(batch=batch, by=client)
    tasks.put_together()
    with clock.moved(by=DAY):
        tasks.close_batches()
    with clock.moved(to=clock.end_of(worker.earnings.get(about=batch.reference).pay_on)):
        payday()


def _signs(client, of_client: str) -> None:
    """A draft with a picture and a sound that are here, a name that stands in no item, and an address that leads nowhere."""
    batch = a_draft_with(f"{of_client}-1.png", f"https://localhost/{of_client}", client=client)
    given(batch, {f"{of_client}.zip": zipped({f"{of_client}-1.png": a_png(), f"{of_client}-stranger.png": b"x"})})


def _files_given(worker, client, mark: str) -> None:
    """One is approved and paid, another is refused for good."""
    asked = {"parts": [{"kind": "cell", "column": "文"}, {"kind": "file", "name": "f", "label": "写真", "kinds": ["picture"]}]}
    batch = a_batch(client, form=asked, rows=2, answers_each=1, most_each=1, gold_percent=0)
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    for held in held_answers(bundle):
        shot = store_given(upload(f"{mark}-shot.jpg", a_photograph(note=f"{mark}-where")))
        answer = tasks.give_answer(answer=held, by=worker, posted={}, seconds=5, files={"f": shot})
    tasks.finish_bundle(bundle=bundle, by=worker)
    tasks.refuse_answers(batch=batch, by=client, answers=[answer.pk], reason="手引きの2番とちがいます", paid_percent=0)
    tasks.agree_to_refusal(answer=answer, by=worker)
    tasks.approve_answers(batch=batch, by=client)
    tasks.put_together()


def _a_contest(worker, client, of_worker: str, of_client: str) -> None:
    job = a_contest(client)
    an_entry(job, worker, text=f"{of_worker} 灯台を描きました。", files=store_all([upload(f"{of_worker}-entry.txt", b"light" * 20)]))
    winner = an_entry(job)
    proposals.mark_entry(entry=winner, by=client, note=f"{of_client}-note")
    with closed_contest(job):
        proposals.award(job=job, by=client, winners={1: winner.number})
    _a_win(worker, client, of_worker, of_client)


def _a_win(worker, client, of_worker: str, of_client: str) -> None:
    """The worker is chosen, and paid: what the client bought stays with them, under seal."""
    job = a_contest(client, body=f"{of_client} 灯台の絵を一枚、お願いします。")
    file = upload(f"{of_worker}-won.txt", f"{of_worker} light".encode() * 9)
    won = an_entry(job, worker, text=f"{of_worker} 灯台を塗りました。", files=store_all([file]))
    with closed_contest(job):
        proposals.award(job=job, by=client, winners={1: won.number})
    with clock.moved(to=clock.end_of(worker.earnings.get(reference=won.reference).pay_on)):
        payday()
