"""A small town in which everybody has something: for the permission matrix, and for whoever needs a thing of every kind.

In every private text stands a canary. On a page of somebody whom it does not concern it must never be seen.
"""
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.test import Client

from machi.accounts import roles
from machi.accounts.actions import vouch_for_address
from machi.accounts.models import Duty, User
from machi.contracts import actions as contracts
from machi.contracts.files import store_all
from machi.contracts.models import Contract, DeliveryFile, Offer
from machi.jobs.models import Job
from machi.messaging.actions import send_message
from machi.messaging.queries import thread_about
from machi.notifications.models import Notice
from machi.payments.models import Earning
from machi.profiles.actions import add_strength
from machi.profiles.models import Strength
from machi.proposals.actions import save_draft
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.taxonomy.actions import topic_named
from machi.taxonomy.models import Topic
from tests.people import a_client, a_job, a_person, a_proposal, a_staff_member, an_offer, payday, with_bank_account
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
    job: Job
    writing: Proposal
    proposal: Proposal
    offer: Offer
    unfunded: Contract
    funded: Contract
    delivered: Contract
    finished: Contract
    file: DeliveryFile
    earning: Earning
    notice: Notice
    strength: Strength
    passkey: Authenticator
    duty: Duty
    topic: Topic                        # that somebody brought
    staff: dict[str, User]              # duty -> who holds only that one

    def browsers(self) -> dict[str, Client]:
        """A fresh browser of each role; everybody but the visitor has just proved who they are."""
        return {"visitor": Client(), **{role: _just_signed_in(getattr(self, role)) for role in ("worker", "client", "stranger")}}

    def staff_browsers(self) -> dict[str, Client]:
        """A fresh browser of everybody with a duty: `finance` has used a second key, `finance-bare` has not."""
        return {name: browser for duty, person in self.staff.items() for name, browser in (
            (duty, with_second_key(signed_in(person), person)), (f"{duty}-bare", signed_in(person)))}


def _just_signed_in(user: User) -> Client:
    browser = signed_in(user)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": clock.now().timestamp(), "email": user.email, "reauthenticated": True}]
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
    return World(
        worker=worker, client=client, stranger=stranger, draft=a_job(client, published=False, title=CANARY), job=job,
        writing=save_draft(job=a_job(client, title="三つ目"), by=worker, message=CANARY),
        proposal=a_proposal(a_job(client, title="四つ目"), worker, CANARY),
        offer=an_offer(a_proposal(a_job(client, title="五つ目"), worker, CANARY)),
        unfunded=_contract(a_job(client, title="六つ目"), worker, "unfunded"),
        funded=_contract(a_job(client, title="七つ目"), worker, "funded"),
        delivered=delivered, finished=finished, file=DeliveryFile.objects.get(delivery__milestone__contract=delivered),
        earning=Earning.objects.get(about=finished.reference), notice=worker.notices.order_by("pk").first(),
        strength=add_strength(by=worker, statement="聞き書きができます"),
        passkey=Authenticator.objects.create(user=worker, type="webauthn", data={"name": CANARY, "credential": PASSKEY}),
        staff=staff, duty=staff["editor"].duties.get(), topic=topic_named("港の霧笛"))


def _contract(job: Job, worker: User, how_far: str) -> Contract:
    offer = an_offer(a_proposal(job, worker, CANARY))
    contract = contracts.accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash)
    client = job.client.person
    if how_far != "unfunded":
        contracts.fund(contract=contract, by=client)
    milestone = contract.milestones.get()
    if how_far in ("delivered", "finished"):
        files = store_all([upload("下書き.txt", CANARY.encode())])
        contracts.deliver(milestone=milestone, by=worker, text=CANARY, ai_note="なし", files=files)
    if how_far == "finished":
        contracts.accept_delivery(milestone=milestone, by=client)
    return contract
