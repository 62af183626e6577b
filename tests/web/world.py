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
from machi.contracts.models import Contract, DeliveryFile, Dispute, DisputeFile, Offer, StandIn, TimeEntry
from machi.documents.models import Document
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.messaging.actions import send_message
from machi.messaging.queries import thread_about
from machi.notifications.models import Notice
from machi.organisations.models import Invitation
from machi.packages.models import Package
from machi.payments.actions import ask_adjustment, expect_deposit, lift_clean_stop, stop_money
from machi.payments.models import Adjustment, BankLine, Debt, Earning, ExpectedDeposit, MoneyStop, PayoutBatch, Refund, Taken
from machi.portfolio.models import Piece, PieceFile
from machi.privacy.actions import erase_account
from machi.privacy.models import Paper
from machi.profiles.actions import add_strength
from machi.profiles.models import Career, Certificate, Hobby, KnownSkill, Language, Strength
from machi.proposals import actions as proposals
from machi.proposals.actions import save_draft
from machi.proposals.entries import Entry
from machi.proposals.models import Proposal
from machi.reviews.actions import issue_record
from machi.reviews.models import IssuedRecord
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.models import Answer, AnswerFile, Batch, Bundle
from machi.taxonomy.models import Topic
from tests.payments.statements import Account
from tests.people import (
    a_client,
    a_contest,
    a_job,
    a_look,
    a_package,
    a_person,
    a_proposal,
    a_staff_member,
    a_topic,
    an_entry,
    an_offer,
    closed_contest,
    payday,
    with_bank_account,
)
from tests.states.dispute_moves import a_difference
from tests.states.taken_moves import lost_from
from tests.web import things
from tests.web.contracts.walking import signed_in
from tests.web.desk.staff import with_second_key
from tests.web.things import CANARY

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
    finished = things.contracted(job, worker, "finished")
    milestone = finished.milestones.get()
    with clock.moved(to=clock.end_of(milestone.pay_on)):
        payday()
    staff = {duty: a_staff_member(duty) for duty in roles.DUTIES}
    delivered = things.contracted(a_job(client, title="二つ目"), worker, "delivered")
    send_message(thread=thread_about(delivered.reference, client), by=client, body=CANARY, key="k", title="x")
    gone = a_client("街を出る会")
    parted = things.contracted(a_job(gone, title="八つ目"), worker, "finished")
    parted_win = an_entry(a_contest(gone, title="出ていく会のマーク", closes_on=clock.today()), worker)
    with closed_contest(parted_win.job) as contest:
        proposals.award(job=contest, by=gone, winners={1: parted_win.number})
    with clock.moved(to=clock.end_of(max(one.pay_on for one in worker.earnings.all()))):
        payday()
    erase_account(by=gone)
    return World(
        worker=worker, client=client, stranger=stranger,
        draft=a_job(client, published=False, title=CANARY), job=job,
        paused=things.paused(client, worker), writing=save_draft(job=a_job(client, title="三つ目"), by=worker, message=CANARY),
        proposal=a_proposal(a_job(client, title="四つ目"), worker, CANARY),
        offer=an_offer(a_proposal(a_job(client, title="五つ目"), worker, CANARY)),
        **things.tasks(client, worker), appealed=things.appealed(),
        unfunded=things.contracted(a_job(client, title="六つ目"), worker, "unfunded"),
        funded=things.contracted(a_job(client, title="七つ目"), worker, "funded"),
        noticed=things.noticed(client, worker), monthly=things.monthly(client, worker), stand_in=things.stand_in(client, worker),
        owed=Debt.objects.create(party=party_of(client), reference="chargeback:0", amount_yen=5, back_yen=5, since_at=clock.now()),
        left_owed=things.left(),
        taken=lost_from(things.contracted(a_job(client, title="九つ目"), worker, "funded").milestones.get()),
        odd=Quarantine.objects.create(thing="pi_1", why="amount", amount_yen=1, currency="jpy", found_at=clock.now()),
        line=Account(staff["finance"]).shows((700, "ｼﾗﾅｲ ﾋﾄ"))[0],
        back=Refund.objects.order_by("pk").first(),
        deposit=expect_deposit(party=party_of(client), place="milestone:0", about=delivered.reference, title=CANARY,
                               amount=Yen(11_000), until_at=clock.now() + datetime.timedelta(days=7), by=client),
        delivered=delivered, parted=parted, parted_win=parted_win,
        asked=things.asked(client, worker), **things.disputed(client, worker), heard=a_difference(),
        proposed=things.proposed(client, worker), **things.hourly(client, worker),
        paper=Paper.objects.sealed().order_by("pk").first(),
        finished=finished, document=things.order(finished), file=DeliveryFile.objects.get(delivery__milestone__contract=delivered),
        earning=Earning.objects.get(about=finished.reference), notice=worker.notices.order_by("pk").first(),
        strength=add_strength(by=worker, statement="聞き書きができます"), record=issue_record(by=worker, called=CANARY),
        package=a_package(worker), resting=a_package(worker, opened=False, title=CANARY),
        piece=things.piece(worker, "観戦記", Piece.Shown.EVERYBODY), hidden=things.piece(worker, CANARY, Piece.Shown.ME),
        passkey=Authenticator.objects.create(user=worker, type="webauthn", data={"name": CANARY, "credential": PASSKEY}),
        session=UserSession.objects.create(user=worker, ip="192.0.2.1", session_key="s" * 32, user_agent="Firefox/140.0 Windows"),
        batch=PayoutBatch.objects.create(value_on=clock.today(), state="withdrawn", total_yen=5, count=1, limit_yen=9,
                                         proposed_by=staff["finance"], proposed_at=clock.now()),
        adjustment=ask_adjustment(by=staff["finance"], what="was_fee", amount=Yen(7), reason="placed", words="手数料でした。"),
        stop=lift_clean_stop(stop=stop_money(rule="a rule of an earlier town", rows=[7])),
        staff=staff, duty=staff["editor"].duties.get(), topic=a_topic("港の霧笛"), look=a_look(), **things.of_a_page(worker),
        **things.contests(client, worker, job), **things.organisation(client, worker))
