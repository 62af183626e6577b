"""The things of which the world of the matrix (world.py) has one each, when they take more than a line to come about."""
import datetime

from machi.accounts.models import User
from machi.contracts import actions as contracts
from machi.contracts.models import Contract, DeliveryFile, StandIn
from machi.documents.actions import issue
from machi.documents.gathering import contract_with, order_of
from machi.documents.models import Document
from machi.files.storing import shown, store_all, store_given
from machi.jobs.actions import ask, end_membership, pause_job
from machi.jobs.models import Job
from machi.messaging.actions import send_message
from machi.messaging.queries import thread_about
from machi.organisations.actions import invite
from machi.payments.models import Earning
from machi.portfolio.actions import add_piece
from machi.portfolio.models import Piece
from machi.privacy.actions import erase_account
from machi.profiles.actions import add_career, add_certificate, add_hobby, add_language, add_skill
from machi.profiles.models import Entry as ProfileEntry
from machi.proposals import actions as proposals
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.actions import appeal, finish_bundle, give_answer, leave_bundle, publish_batch, refuse_answers, save_half, take_bundle
from machi.tasks.models import Answer, Batch
from machi.taxonomy.models import Skill
from tests.files.drawn import a_pdf
from tests.people import (
    a_client,
    a_contest,
    a_contract_in_months,
    a_job,
    a_member,
    a_person,
    a_proposal,
    an_entry,
    an_hourly_contract,
    an_offer,
    an_organisation,
    client_of,
    closed_contest,
    hours_written,
    membership_of,
    token_in_the_letter,
)
from tests.states.dispute_moves import a_difference
from tests.tasks.making import a_batch, a_draft, held_answers, price_of
from tests.tasks.showing import a_draft_with, a_png, given
from tests.web.contracts.walking import upload

CANARY = "kanari"


def appealed() -> Answer:
    batch, worker = a_batch(a_client("問いを出す会")), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    answer = held_answers(bundle)[0]
    give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    leave_bundle(bundle=bundle, by=worker)
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason=f"{CANARY} 手引きとちがいます", paid_percent=0)
    answer.refresh_from_db()
    return appeal(answer=answer, by=worker, words=CANARY)


def filed(client: User, worker: User) -> dict:
    asked = {"parts": [{"kind": "cell", "column": "文"}, {"kind": "file", "name": "f", "label": "写し", "kinds": ["text"]}]}
    batch = a_batch(client, form=asked, rows=1, answers_each=1, most_each=1, gold_percent=0)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    files = {"f": store_given(upload("写し.txt", CANARY.encode()))}
    answer = give_answer(answer=held_answers(bundle)[0], by=worker, posted={}, seconds=5, files=files)
    finish_bundle(bundle=bundle, by=worker)
    return {"filed": batch, "task_file": answer.files.get()}


def tasks(client: User, worker: User) -> dict:
    batch, other = a_batch(client), a_batch(client, rows=1, answers_each=1, most_each=1, gold_percent=0)
    bundle, worked = (take_bundle(batch=one, by=worker, minutes=15) for one in (batch, other))
    save_half(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": [CANARY]})
    answer = give_answer(answer=held_answers(worked)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=worked, by=worker)
    refuse_answers(batch=other, by=client, answers=[answer.pk], reason=f"{CANARY}と手引きの2番", paid_percent=50)
    return filed(client, worker) | {
            "tasks_draft": a_draft(client, title=CANARY, body=CANARY), "tasks": batch, "bundle": bundle, "worked": worked,
            "signs": given(a_draft_with("1.png", client=client, title=CANARY), {"1.png": a_png()}), "shown": pictured(client, worker)}


def pictured(client: User, worker: User) -> Batch:
    """Of its two pictures the second one is not in the example."""
    batch = given(a_draft_with("1.png", "2.png", client=client), {"1.png": a_png(), "2.png": a_png((20, 20))})
    publish_batch(batch=batch, by=client, amount=price_of(batch))
    take_bundle(batch=batch, by=worker, minutes=15)
    return batch


def paused(client: User, worker: User) -> Job:
    job = a_job(client, title=CANARY, body=CANARY)
    a_proposal(job, worker)
    return pause_job(job=job, by=client)


def noticed(client: User, worker: User) -> Contract:
    """A long contract whose end was said a month ahead."""
    contract = contracted(a_job(client, title="十一個目", due_on=clock.today() + datetime.timedelta(days=200)), worker, "funded")
    contracts.give_notice(contract=contract, by=client, last_on=clock.today() + datetime.timedelta(days=40))
    return contract


def monthly(client: User, worker: User) -> Contract:
    return a_contract_in_months(2, funded=True, by=client, worker=worker, title="十三個目")


def stand_in(client: User, worker: User) -> StandIn:
    contract = contracted(a_job(client, title="十二個目"), worker, "funded")
    return contracts.name_stand_in(contract=contract, by=worker, person=a_person(), kept_percent=50)


def asked(client: User, worker: User) -> Contract:
    contract = contracted(a_job(client, title="九つ目"), worker, "funded")
    contracts.ask_to_end(contract=contract, by=worker, prices={1: Yen(2_000)}, words=CANARY)
    for about, helps in (("price", ()), ("care", ("days",))):
        contracts.ask_to_talk(contract=contract, by=worker, about=about, helps=helps, words=CANARY)
    return contract


def disputed(client: User, worker: User) -> dict:
    contract = contracted(a_job(client, title="十個目"), worker, "funded")
    dispute = contracts.open_dispute(milestone=contract.milestones.get(), by=client, reason=CANARY,
                                     files=store_all([upload("画面.txt", CANARY.encode())]))
    return {"disputed": contract, "evidence": dispute.files.get()}


def proposed(client: User, worker: User) -> Contract:
    contract = contracted(a_job(client, title="十四個目"), worker, "funded")
    a_difference("proposed", contract=contract)
    return contract


def hourly(client: User, worker: User) -> dict:
    """Work by the hour whose first week is funded and written in."""
    contract = an_hourly_contract(funded=True, by=client, worker=worker, title="十一個目")
    return {"hourly": contract, "hours": hours_written(contract.timesheets.get(milestone__number=1), 1, note=CANARY)}


def contests(client: User, worker: User, job: Job) -> dict:
    contest, over = a_contest(client), a_contest(client, closes_on=clock.today())
    entry, won = (an_entry(one, worker, CANARY, store_all([upload("下書き.txt", CANARY.encode() * 9)])) for one in (contest, over))
    with closed_contest(over):
        proposals.award(job=over, by=client, winners={1: won.number})
    sketch = proposals.begin_entry(job=contest, by=worker)
    return {"pot": a_contest(client, opened=False, title=CANARY), "contest": contest, "entry": entry, "won": won,
            "sketch": proposals.save_entry(entry=sketch, by=worker, title=CANARY, text=CANARY),
            "question": ask(job=job, by=worker, words="何時までに要りますか。")}


def of_a_page(worker: User) -> dict[str, ProfileEntry]:
    """One entry of each other kind on the worker's page, by the name that its address calls it."""
    return {
        "career": add_career(by=worker, role="記録係", years=8),
        "hobby": add_hobby(by=worker, topic="港の霧笛", years=8, depth="doing"),
        "skill": add_skill(by=worker, skill=Skill.objects.order_by("code").first(), level="alone"),
        "certificate": add_certificate(by=worker, name="簿記3級"), "language": add_language(by=worker, name="手話", level="work")}


def piece(worker: User, title: str, seen_by: str) -> Piece:
    with shown(upload("見本.pdf", a_pdf())) as [file]:
        return add_piece(by=worker, title=title, part=title, shown=seen_by, file=file, alt=title)


def organisation(client: User, worker: User) -> dict:
    party = an_organisation(client)
    people = {power: a_member(party, power) for power in ("member", "approver", "payer")}
    former = a_member(party, "member")
    end_membership(membership=membership_of(party, former), by=former)
    invited = invite(party=party, by=client, email="invited@example.jp", powers=["member"])
    posts = [a_job(client, party=party, title=f"団体の募集{number}") for number in range(6)]
    delivered, finished = contracted(posts[0], worker, "delivered"), contracted(posts[1], worker, "finished")
    send_message(thread=thread_about(delivered.reference, client), by=client, body=CANARY, key="k", title="x")
    return people | {
        "party": party, "former": former, "colleague": membership_of(party, a_member(party, "member")), "invited": invited,
        "token": token_in_the_letter(invited), "our_job": posts[5], "our_contest": a_contest(client, party=party),
        "our_draft": a_job(client, party=party, published=False, title=CANARY), "our_proposal": a_proposal(posts[2], worker, CANARY),
        "our_offer": an_offer(a_proposal(posts[3], worker, CANARY)), "our_unfunded": contracted(posts[4], worker, "unfunded"),
        "our_delivered": delivered, "our_finished": finished,
        "our_file": DeliveryFile.objects.get(delivery__milestone__contract=delivered),
        "our_earning": Earning.objects.get(about=finished.reference), "our_document": order(finished)}


def order(contract: Contract) -> Document:
    return issue(next(order_of(contract_with(contract.pk), 1)))


def contracted(job: Job, worker: User, how_far: str) -> Contract:
    offer = an_offer(a_proposal(job, worker, CANARY))
    contract = contracts.accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash)
    client = client_of(job)
    if how_far != "unfunded":
        contracts.fund(contract=contract, by=client)
    milestone = contract.milestones.get()
    if how_far in ("delivered", "finished"):
        files = store_all([upload("下書き.txt", CANARY.encode())])
        contracts.deliver(milestone=milestone, by=worker, text=CANARY, ai_note="なし", files=files)
    if how_far == "finished":
        contracts.accept_delivery(milestone=milestone, by=client)
    return contract


def left() -> User:
    gone = a_person("出ていった人")
    erase_account(by=gone)
    Earning.objects.create(worker=gone, party=None, reference="adjust:0", about="adjust:0", title="訂正", price_yen=5, tax_yen=0, fee_yen=0,
                           fee_tax_yen=0, withheld_yen=0, amount_yen=5, pay_on=clock.today(), earned_at=clock.now())
    return gone
