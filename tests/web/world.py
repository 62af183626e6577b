"""A small town in which everybody has something: for the permission matrix, and for whoever needs a thing of every kind.

In every private text stands a canary. On a page of somebody whom it does not concern it must never be seen.
"""
import datetime
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from machi.accounts import roles
from machi.accounts.actions import vouch_for_address
from machi.accounts.models import Duty, Membership, Party, User
from machi.accounts.queries import party_of
from machi.cards.models import Quarantine
from machi.contracts import actions as contracts
from machi.contracts.models import Contract, DeliveryFile, Dispute, DisputeFile, Offer, StandIn, TimeEntry
from machi.documents.actions import issue
from machi.documents.gathering import contract_with, order_of
from machi.documents.models import Document
from machi.files.storing import shown, store_all, store_given
from machi.jobs.actions import ask, end_membership, pause_job
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.messaging.actions import send_message
from machi.messaging.queries import thread_about
from machi.notifications.models import Notice
from machi.organisations.actions import invite
from machi.organisations.models import Invitation
from machi.packages.models import Package
from machi.payments.actions import ask_adjustment, expect_deposit, lift_clean_stop, stop_money
from machi.payments.models import Adjustment, BankLine, Debt, Earning, ExpectedDeposit, MoneyStop, PayoutBatch, Refund, Taken
from machi.portfolio.actions import add_piece
from machi.portfolio.models import Piece, PieceFile
from machi.privacy.actions import erase_account
from machi.privacy.models import Paper
from machi.profiles.actions import add_career, add_certificate, add_hobby, add_language, add_skill, add_strength
from machi.profiles.models import Career, Certificate, Hobby, KnownSkill, Language, Strength
from machi.profiles.models import Entry as ProfileEntry
from machi.proposals import actions as proposals
from machi.proposals.actions import save_draft
from machi.proposals.entries import Entry
from machi.proposals.models import Proposal
from machi.reviews.actions import issue_record
from machi.reviews.models import IssuedRecord
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.actions import appeal, finish_bundle, give_answer, leave_bundle, publish_batch, refuse_answers, save_half, take_bundle
from machi.tasks.models import Answer, AnswerFile, Batch, Bundle
from machi.taxonomy.models import Skill, Topic
from tests.files.drawn import a_pdf
from tests.payments.statements import Account
from tests.people import (
    a_client,
    a_contest,
    a_contract_in_months,
    a_job,
    a_look,
    a_member,
    a_package,
    a_person,
    a_proposal,
    a_staff_member,
    a_topic,
    an_entry,
    an_hourly_contract,
    an_offer,
    an_organisation,
    client_of,
    closed_contest,
    hours_written,
    membership_of,
    payday,
    token_in_the_letter,
    with_bank_account,
)
from tests.states.dispute_moves import a_difference
from tests.states.taken_moves import lost_from
from tests.tasks.making import a_batch, a_draft, held_answers, price_of
from tests.tasks.showing import a_draft_with, a_png, given
from tests.web.contracts.walking import signed_in, upload
from tests.web.desk.staff import with_second_key

CANARY = "kanari"
NOWHERE = 999_999_999
# A passkey as a browser hands it over when it is made; nobody has its other half.
PASSKEY = {
    "id": "a2tra2tra2tra2tra2traw", "rawId": "a2tra2tra2tra2tra2traw", "type": "public-key", "clientExtensionResults": {}, "response": {
        "attestationObject":
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABFAAAAAQAAAAAAAAAAAAAAAAAAAAAAEGtra2tra2"
            "tra2tra2tra2ulAQIDJiABIVgg9gjpy5LSPE4WQHIHPFyCPpdwtPPVFHh6z1m4pyt4cYQiWCDKNKa4ollltaxmlPtHl-42FcecBZ_l5lYl7U6wqi1F5A",
        "clientDataJSON":
            "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWTJOalkyTmpZMk5qWTJOalkyTmpZdyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3QiLC"
            "Jjcm9zc09yaWdpbiI6ZmFsc2V9"}}


@dataclass
class World:
    """Two sides with one thing of every kind between them, and a stranger to whom none of it belongs."""

    worker: User
    client: User
    stranger: User
    draft: Job
    tasks_draft: Batch                  # micro-tasks: not out yet, and out with answers of the worker
    tasks: Batch
    signs: Batch                        # with pictures: not out yet, and out, where the worker has a bundle of it
    shown: Batch
    filed: Batch                        # the worker answered it with a file
    task_file: AnswerFile
    appealed: Answer                    # of two others, and somebody of the town is asked
    job: Job
    paused: Job                         # the worker had applied to it
    writing: Proposal
    proposal: Proposal
    offer: Offer
    bundle: Bundle                      # of them, under way
    worked: Bundle                      # of others, done; its first answer was refused
    unfunded: Contract
    funded: Contract
    noticed: Contract
    monthly: Contract                   # the same work every month
    stand_in: StandIn                   # the worker of a contract has named somebody; nobody has answered
    hourly: Contract
    hours: TimeEntry
    delivered: Contract
    asked: Contract                     # the worker wishes to end it, and waits for an answer
    disputed: Contract                  # the client sees its one step differently
    heard: Dispute                      # of two others: both have told, and nobody of the town has taken it up
    proposed: Contract                  # somebody of the town has proposed how to split its one step
    parted: Contract
    parted_win: Entry
    paper: Paper
    finished: Contract
    document: Document                  # the order of it
    owed: Debt                          # what the client owed the town: nothing of it is open, or they could begin nothing
    left_owed: User                     # has left for good, and something came back for them
    taken: Taken                        # held money that a client's bank has for good
    odd: Quarantine                     # the payment service says something else than it was asked for
    line: BankLine                      # somebody paid in, and nobody knows yet for what
    back: Refund                        # of a part that was not paid
    deposit: ExpectedDeposit            # the client was asked to transfer it
    file: DeliveryFile
    evidence: DisputeFile               # of the client, beside their words
    earning: Earning
    notice: Notice
    strength: Strength
    package: Package
    resting: Package
    piece: Piece
    hidden: Piece
    career: Career
    hobby: Hobby
    skill: KnownSkill
    certificate: Certificate
    language: Language
    record: IssuedRecord
    passkey: Authenticator
    session: UserSession
    duty: Duty
    topic: Topic                        # that somebody brought
    look: JobLook                       # a post that somebody of the town reads before it opens
    batch: PayoutBatch                  # that was taken back: nothing of it left
    adjustment: Adjustment              # somebody of the finance desk has asked for it
    stop: MoneyStop                     # that was lifted: money moves in this town
    staff: dict[str, User]              # duty -> who holds only that one
    # an organisation that the client keeps: its people with one power each, one who left, and its own things
    party: Party
    member: User
    approver: User
    payer: User
    former: User
    colleague: Membership
    invited: Invitation
    token: str
    # a contest of the client: not out yet, and out with an entry, a draft and a question; and one that is over
    pot: Job
    contest: Job
    entry: Entry
    sketch: Entry
    won: Entry
    question: JobQuestion
    our_job: Job
    our_contest: Job
    our_draft: Job
    our_proposal: Proposal
    our_offer: Offer
    our_unfunded: Contract
    our_delivered: Contract
    our_finished: Contract
    our_file: DeliveryFile
    our_earning: Earning
    our_document: Document

    def files(self) -> dict[str, DeliveryFile | DisputeFile | PieceFile | AnswerFile]:
        """The file that belongs to a thing, by the name of the thing."""
        return {"delivered": self.file, "parted": self.file, "our_delivered": self.our_file, "disputed": self.evidence,
                "heard": self.evidence, "piece": self.piece.files.get(),
                "hidden": self.hidden.files.get(), "entry": self.entry.files.get(), "won": self.won.files.get(),
                "parted_win": self.won.files.get(), "appealed": self.task_file, "task_file": self.task_file}

    def browsers(self) -> dict[str, Client]:
        """A fresh browser of each role; everybody but the visitor has just proved who they are."""
        return {"visitor": Client(), **{role: _just_signed_in(getattr(self, role)) for role in (
            "worker", "client", "stranger", "member", "approver", "payer", "former")}}

    def staff_browsers(self) -> dict[str, Client]:
        """A fresh browser of everybody with a duty: `finance` has used a second key, `finance-bare` has not."""
        return {name: browser for duty, person in self.staff.items() for name, browser in (
            (duty, with_second_key(signed_in(person), person)), (f"{duty}-bare", signed_in(person)))}


def _just_signed_in(user: User) -> Client:
    browser = signed_in(user)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": clock.now().timestamp() + 3600, "email": user.email, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def a_world() -> World:
    worker, client, stranger = a_person("街田さん"), a_client("みなと応援会"), a_client("よその会")
    User.objects.filter(pk=worker.pk).update(email=f"{CANARY}@example.jp")
    worker.refresh_from_db()
    for person in (worker, client, stranger):
        vouch_for_address(user=person)
    with_bank_account(worker, "7654321")
    job = a_job(client, seats_count=5)
    finished = _contract(job, worker, "finished")
    milestone = finished.milestones.get()
    with clock.moved(to=clock.end_of(milestone.pay_on)):
        payday()
    staff = {duty: a_staff_member(duty) for duty in roles.DUTIES}
    delivered = _contract(a_job(client, title="二つ目"), worker, "delivered")
    send_message(thread=thread_about(delivered.reference, client), by=client, body=CANARY, key="k", title="x")
    gone = a_client("街を出る会")
    parted = _contract(a_job(gone, title="八つ目"), worker, "finished")
    parted_win = an_entry(a_contest(gone, title="出ていく会のマーク", closes_on=clock.today()), worker)
    with closed_contest(parted_win.job) as contest:
        proposals.award(job=contest, by=gone, winners={1: parted_win.number})
    with clock.moved(to=clock.end_of(max(one.pay_on for one in worker.earnings.all()))):
        payday()
    erase_account(by=gone)
    return World(
        worker=worker, client=client, stranger=stranger,
        draft=a_job(client, published=False, title=CANARY), job=job,
        paused=_paused(client, worker), writing=save_draft(job=a_job(client, title="三つ目"), by=worker, message=CANARY),
        proposal=a_proposal(a_job(client, title="四つ目"), worker, CANARY),
        offer=an_offer(a_proposal(a_job(client, title="五つ目"), worker, CANARY)),
        **_tasks(client, worker), appealed=_appealed(),
        unfunded=_contract(a_job(client, title="六つ目"), worker, "unfunded"),
        funded=_contract(a_job(client, title="七つ目"), worker, "funded"),
        noticed=_noticed(client, worker), monthly=_monthly(client, worker), stand_in=_stand_in(client, worker),
        owed=Debt.objects.create(party=party_of(client), reference="chargeback:0", amount_yen=5, back_yen=5, since_at=clock.now()),
        left_owed=_left(),
        taken=lost_from(_contract(a_job(client, title="九つ目"), worker, "funded").milestones.get()),
        odd=Quarantine.objects.create(thing="pi_1", why="amount", amount_yen=1, currency="jpy", found_at=clock.now()),
        line=Account(staff["finance"]).shows((700, "ｼﾗﾅｲ ﾋﾄ"))[0],
        back=Refund.objects.order_by("pk").first(),
        deposit=expect_deposit(party=party_of(client), place="milestone:0", about=delivered.reference, title=CANARY,
                               amount=Yen(11_000), until_at=clock.now() + datetime.timedelta(days=7), by=client),
        delivered=delivered, parted=parted, parted_win=parted_win,
        asked=_asked(client, worker), **_disputed(client, worker), heard=a_difference(),
        proposed=_proposed(client, worker), **_hourly(client, worker),
        paper=Paper.objects.sealed().order_by("pk").first(),
        finished=finished, document=_order(finished), file=DeliveryFile.objects.get(delivery__milestone__contract=delivered),
        earning=Earning.objects.get(about=finished.reference), notice=worker.notices.order_by("pk").first(),
        strength=add_strength(by=worker, statement="聞き書きができます"), record=issue_record(by=worker, called=CANARY),
        package=a_package(worker), resting=a_package(worker, opened=False, title=CANARY),
        piece=_piece(worker, "観戦記", Piece.Shown.EVERYBODY), hidden=_piece(worker, CANARY, Piece.Shown.ME),
        passkey=Authenticator.objects.create(user=worker, type="webauthn", data={"name": CANARY, "credential": PASSKEY}),
        session=UserSession.objects.create(user=worker, ip="192.0.2.1", session_key="s" * 32, user_agent="Firefox/140.0 Windows"),
        batch=PayoutBatch.objects.create(value_on=clock.today(), state="withdrawn", total_yen=5, count=1, limit_yen=9,
                                         proposed_by=staff["finance"], proposed_at=clock.now()),
        adjustment=ask_adjustment(by=staff["finance"], what="was_fee", amount=Yen(7), reason="placed", words="手数料でした。"),
        stop=lift_clean_stop(stop=stop_money(rule="a rule of an earlier town", rows=[7])),
        staff=staff, duty=staff["editor"].duties.get(), topic=a_topic("港の霧笛"), look=a_look(), **_of_a_page(worker),
        **_contests(client, worker, job), **_organisation(client, worker))


def _appealed() -> Answer:
    batch, worker = a_batch(a_client("問いを出す会")), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    answer = held_answers(bundle)[0]
    give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    leave_bundle(bundle=bundle, by=worker)
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason=f"{CANARY} 手引きとちがいます", paid_percent=0)
    answer.refresh_from_db()
    return appeal(answer=answer, by=worker, words=CANARY)


def _filed(client: User, worker: User) -> dict:
    asked = {"parts": [{"kind": "cell", "column": "文"}, {"kind": "file", "name": "f", "label": "写し", "kinds": ["text"]}]}
    batch = a_batch(client, form=asked, rows=1, answers_each=1, most_each=1, gold_percent=0)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    files = {"f": store_given(upload("写し.txt", CANARY.encode()))}
    answer = give_answer(answer=held_answers(bundle)[0], by=worker, posted={}, seconds=5, files=files)
    finish_bundle(bundle=bundle, by=worker)
    return {"filed": batch, "task_file": answer.files.get()}


def _tasks(client: User, worker: User) -> dict:
    batch, other = a_batch(client), a_batch(client, rows=1, answers_each=1, most_each=1, gold_percent=0)
    bundle, worked = (take_bundle(batch=one, by=worker, minutes=15) for one in (batch, other))
    save_half(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": [CANARY]})
    answer = give_answer(answer=held_answers(worked)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=worked, by=worker)
    refuse_answers(batch=other, by=client, answers=[answer.pk], reason=f"{CANARY}と手引きの2番", paid_percent=50)
    return _filed(client, worker) | {
            "tasks_draft": a_draft(client, title=CANARY, body=CANARY), "tasks": batch, "bundle": bundle, "worked": worked,
            "signs": given(a_draft_with("1.png", client=client, title=CANARY), {"1.png": a_png()}), "shown": _shown(client, worker)}


def _shown(client: User, worker: User) -> Batch:
    """Of its two pictures the second one is not in the example."""
    batch = given(a_draft_with("1.png", "2.png", client=client), {"1.png": a_png(), "2.png": a_png((20, 20))})
    publish_batch(batch=batch, by=client, amount=price_of(batch))
    take_bundle(batch=batch, by=worker, minutes=15)
    return batch


def _paused(client: User, worker: User) -> Job:
    job = a_job(client, title=CANARY, body=CANARY)
    a_proposal(job, worker)
    return pause_job(job=job, by=client)


def _noticed(client: User, worker: User) -> Contract:
    """A long contract whose end was said a month ahead."""
    contract = _contract(a_job(client, title="十一個目", due_on=clock.today() + datetime.timedelta(days=200)), worker, "funded")
    contracts.give_notice(contract=contract, by=client, last_on=clock.today() + datetime.timedelta(days=40))
    return contract


def _monthly(client: User, worker: User) -> Contract:
    return a_contract_in_months(2, funded=True, by=client, worker=worker, title="十三個目")


def _stand_in(client: User, worker: User) -> StandIn:
    contract = _contract(a_job(client, title="十二個目"), worker, "funded")
    return contracts.name_stand_in(contract=contract, by=worker, person=a_person(), kept_percent=50)


def _asked(client: User, worker: User) -> Contract:
    contract = _contract(a_job(client, title="九つ目"), worker, "funded")
    contracts.ask_to_end(contract=contract, by=worker, prices={1: Yen(2_000)}, words=CANARY)
    for about, helps in (("price", ()), ("care", ("days",))):
        contracts.ask_to_talk(contract=contract, by=worker, about=about, helps=helps, words=CANARY)
    return contract


def _disputed(client: User, worker: User) -> dict:
    contract = _contract(a_job(client, title="十個目"), worker, "funded")
    dispute = contracts.open_dispute(milestone=contract.milestones.get(), by=client, reason=CANARY,
                                     files=store_all([upload("画面.txt", CANARY.encode())]))
    return {"disputed": contract, "evidence": dispute.files.get()}


def _proposed(client: User, worker: User) -> Contract:
    contract = _contract(a_job(client, title="十四個目"), worker, "funded")
    a_difference("proposed", contract=contract)
    return contract


def _hourly(client: User, worker: User) -> dict:
    """Work by the hour whose first week is funded and written in."""
    contract = an_hourly_contract(funded=True, by=client, worker=worker, title="十一個目")
    return {"hourly": contract, "hours": hours_written(contract.timesheets.get(milestone__number=1), 1, note=CANARY)}


def _contests(client: User, worker: User, job: Job) -> dict:
    contest, over = a_contest(client), a_contest(client, closes_on=clock.today())
    entry, won = (an_entry(one, worker, CANARY, store_all([upload("下書き.txt", CANARY.encode() * 9)])) for one in (contest, over))
    with closed_contest(over):
        proposals.award(job=over, by=client, winners={1: won.number})
    sketch = proposals.begin_entry(job=contest, by=worker)
    return {"pot": a_contest(client, opened=False, title=CANARY), "contest": contest, "entry": entry, "won": won,
            "sketch": proposals.save_entry(entry=sketch, by=worker, title=CANARY, text=CANARY),
            "question": ask(job=job, by=worker, words="何時までに要りますか。")}


def _of_a_page(worker: User) -> dict[str, ProfileEntry]:
    """One entry of each other kind on the worker's page, by the name that its address calls it."""
    return {
        "career": add_career(by=worker, role="記録係", years=8),
        "hobby": add_hobby(by=worker, topic="港の霧笛", years=8, depth="doing"),
        "skill": add_skill(by=worker, skill=Skill.objects.order_by("code").first(), level="alone"),
        "certificate": add_certificate(by=worker, name="簿記3級"), "language": add_language(by=worker, name="手話", level="work")}


def _piece(worker: User, title: str, seen_by: str) -> Piece:
    with shown(upload("見本.pdf", a_pdf())) as [file]:
        return add_piece(by=worker, title=title, part=title, shown=seen_by, file=file, alt=title)


def _organisation(client: User, worker: User) -> dict:
    party = an_organisation(client)
    people = {power: a_member(party, power) for power in ("member", "approver", "payer")}
    former = a_member(party, "member")
    end_membership(membership=membership_of(party, former), by=former)
    invited = invite(party=party, by=client, email="invited@example.jp", powers=["member"])
    posts = [a_job(client, party=party, title=f"団体の募集{number}") for number in range(6)]
    delivered, finished = _contract(posts[0], worker, "delivered"), _contract(posts[1], worker, "finished")
    send_message(thread=thread_about(delivered.reference, client), by=client, body=CANARY, key="k", title="x")
    return people | {
        "party": party, "former": former, "colleague": membership_of(party, a_member(party, "member")), "invited": invited,
        "token": token_in_the_letter(invited), "our_job": posts[5], "our_contest": a_contest(client, party=party),
        "our_draft": a_job(client, party=party, published=False, title=CANARY), "our_proposal": a_proposal(posts[2], worker, CANARY),
        "our_offer": an_offer(a_proposal(posts[3], worker, CANARY)), "our_unfunded": _contract(posts[4], worker, "unfunded"),
        "our_delivered": delivered, "our_finished": finished,
        "our_file": DeliveryFile.objects.get(delivery__milestone__contract=delivered),
        "our_earning": Earning.objects.get(about=finished.reference), "our_document": _order(finished)}


def _order(contract: Contract) -> Document:
    return issue(next(order_of(contract_with(contract.pk), 1)))


def _contract(job: Job, worker: User, how_far: str) -> Contract:
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


def _left() -> User:
    gone = a_person("出ていった人")
    erase_account(by=gone)
    Earning.objects.create(worker=gone, party=None, reference="adjust:0", about="adjust:0", title="訂正", price_yen=5, tax_yen=0, fee_yen=0,
                           fee_tax_yen=0, withheld_yen=0, amount_yen=5, pay_on=clock.today(), earned_at=clock.now())
    return gone
