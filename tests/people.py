"""Invented people and finished steps for tests. Everything is made through actions, as people would."""
import contextlib
import datetime
import itertools

from django.core import mail

from machi.accounts.actions import describe_client, found_organisation, give_duty, introduce, join, let_in, name_operator
from machi.accounts.models import Agreement, Membership, Party, User
from machi.accounts.queries import party_of
from machi.contracts.actions import accept_delivery, accept_offer, add_entry, deliver, fund, make_offer, order_package
from machi.jobs.actions import close_overdue, draft_job, publish_job
from machi.jobs.contests import pot_of
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.plans import monthly, written
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.organisations.actions import mail_invitations
from machi.organisations.models import Invitation
from machi.packages.actions import open_package, write_package
from machi.packages.models import Package
from machi.payments.actions import name_bank_account, pay_due, send_payouts
from machi.profiles.actions import add_hobby, count_topics
from machi.proposals.actions import begin_entry, hand_in, open_contest, submit
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxonomy.models import Category, Topic

_numbers = itertools.count(1)


def a_person(name: str = "", **columns) -> User:
    """Somebody who has joined the town and said what to be called."""
    name = name or f"町田{next(_numbers)}"
    user = join(user=User(email=f"person{next(_numbers)}@example.jp", **columns), versions=dict.fromkeys(Agreement.Paper, "2026-11"))
    return introduce(by=user, display_name=name)


def a_staff_member(*duties: str) -> User:
    """Somebody with duties; an operator was named at the machine, and gave the others."""
    person = a_person()
    giver = name_operator(email=a_person("運営の人").email).person if set(duties) != {"operator"} else None
    for duty in duties:
        give_duty(person=person, kind=duty, by=giver) if duty != "operator" else name_operator(email=person.email)
    person.refresh_from_db()
    return person


def a_client(name: str = "みなと地域スポーツ応援会", *, is_withholding_agent: bool = False) -> User:
    """Somebody whose party has everything the law wants on a post."""
    user = a_person(name)
    describe_client(party=party_of(user), by=user, name=name, address="東京都港区みなと1-2-3", contact="info@example.jp", trade="company",
                    has_employees=True, is_withholding_agent=is_withholding_agent)
    return user


def an_organisation(keeper: User | None = None, name: str = "みなと出版") -> Party:
    """An organisation with everything the law wants on a post; whoever made it has every power."""
    return found_organisation(by=keeper or a_person(), name=name, address="東京都港区みなと4-5-6", contact="hello@example.jp",
                              trade="company", has_employees=True, is_withholding_agent=False)


def a_member(party: Party, *powers, user: User | None = None) -> User:
    """Somebody who acts for an organisation, with these powers."""
    user = user or a_person()
    let_in(party=party, user=user, powers=powers)
    return user


def membership_of(party: Party, user: User) -> Membership:
    return Membership.objects.get(party=party, user=user, left_at=None)


def token_in_the_letter(invitation: Invitation) -> str:
    """What somebody who was invited finds in their mail."""
    mail_invitations()
    letter = next(one for one in mail.outbox if one.to == [invitation.email])
    return letter.body.partition("/organisations/invitation/")[2].partition("/")[0]


def a_job(client: User | None = None, *, published: bool = True, party: Party | None = None, **values):
    """A post that is whole, for ten thousand yen; of a person, or of the organisation for which they write it."""
    client = client or a_client()
    today = clock.today()
    written = {
        "title": "地域サッカーの試合レポート", "body": "週末の試合を見て、1,500字ほどの記事を書いてください。",
        "category": Category.objects.get(pk="writing"), "topic": "サッカー", "place": "自宅など、どこでも", "reward_yen": 10_000,
        "closes_on": today + datetime.timedelta(days=7), "due_on": today + datetime.timedelta(days=21),
        "sync": "none", "ai": "declared", "seats_count": 1, "newcomer_seats_count": 0}
    written["minutes_estimate"] = max(1, (values.get("reward_yen") or 10_000) // 333)     # half an hour for ten thousand yen
    job = draft_job(client=party or party_of(client), by=client, **(written | values))
    return publish_job(job=job, by=client) if published else job


def a_contest(client: User | None = None, *, opened: bool = True, prizes=(30_000, 10_000), **values):
    """A contest with two prizes, its pot paid in; open for a week."""
    client = client or a_client()
    written = {"title": "応援会のマーク", "reward_yen": None, "due_on": None, "plan": [], "takes": "either", "hours": 1} | values
    job = a_job(client, published=False, form="contest", prizes_yen=list(prizes), **written)
    return open_contest(job=job, by=client, pot=pot_of(job.contest)) if opened else job


def an_entry(job=None, worker: User | None = None, text: str = "港に立つ灯台を、一筆で描きました。", files=()):
    """An entry that was handed in."""
    entry = begin_entry(job=job or a_contest(), by=worker or a_person())
    return hand_in(entry=entry, by=entry.worker, title="灯台", text=text, ai_note="使っていません", files=files)


def a_look(client: User | None = None, body: str = "記録係のお願いです。勤務時間は9時から18時まで、シフト制です。") -> JobLook:
    """A post that waits until somebody of the town has read it."""
    return publish_job(job=a_job(client, published=False, body=body), by=client).looks.get() if client else a_look(a_client(), body)


@contextlib.contextmanager
def closed_contest(job):
    """The closing day is over, and the clock has gone round."""
    with clock.moved(to=clock.start_of(job.closes_on + datetime.timedelta(days=1))):
        close_overdue()
        yield Job.objects.get(pk=job.pk)


def a_topic(name: str) -> Topic:
    """A topic that somebody brought and that stands on their page, as the background has counted."""
    topic = add_hobby(by=a_person(), topic=name, years=4, depth="doing").topic
    count_topics()
    topic.refresh_from_db()
    return topic


def a_package(worker: User | None = None, *, opened: bool = True, **words) -> Package:
    """A service for ten thousand yen, two weeks from the last day of answering; open."""
    written = {"title": "1,500字の取材記事", "body": "1時間の取材と、1,500字の記事を1本。", "needs": "話を聞ける方",
               "category": Category.objects.get(pk="writing"), "price_yen": 10_000, "days_count": 14, "revisions_count": 2,
               "place": "自宅など、どこでも", "sync": "none", "sync_note": "", "ai": "declared", "rights": "transferred"}
    package = write_package(by=worker or a_person(), **(written | words))
    return open_package(package=package, by=package.worker) if opened else package


def an_order(package: Package | None = None, client: User | None = None, key: str = "", words: str = "会報にのせます。"):
    """A service that was asked for, and waits for its worker's answer."""
    package, client = package or a_package(), client or a_client()
    return order_package(package=package, client=party_of(client), by=client, version=package.version, words=words,
                         key=key or f"form{next(_numbers)}")


def a_proposal(job=None, worker: User | None = None, message: str = "サッカーを10年続けています。流れの変わった瞬間を書けます。"):
    """A proposal that was sent."""
    return submit(job=job or a_job(), by=worker or a_person(), message=message)


def client_of(thing) -> User:
    """The person who acts for the client of a job, an offer or a contract; of an organisation whoever made it."""
    return thing.client.person or thing.client.people("keeper")[0]


def an_offer(proposal=None):
    """An offer that waits for its answer."""
    proposal = proposal or a_proposal()
    return make_offer(proposal=proposal, by=client_of(proposal.job))


def a_contract(*, funded: bool = False, delivered: bool = False, accepted: bool = False, **job_values):
    """A contract of ten thousand yen, as far along as asked; with `party` and `by`, of an organisation."""
    client = job_values.pop("by", None) or a_client(is_withholding_agent=job_values.pop("is_withholding_agent", False))
    worker = job_values.pop("worker", None)
    offer = an_offer(a_proposal(a_job(client, **job_values), worker))
    contract = accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    if funded or delivered or accepted:
        contract = fund(contract=contract, by=client)
    milestone = contract.milestones.order_by("number").first()
    if delivered or accepted:
        deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
    if accepted:
        accept_delivery(milestone=milestone, by=client)
    contract.refresh_from_db()
    return contract


def a_contract_in_steps(*, funded: bool = False, prices=(10_000, 20_000, 30_000), **job_values):
    """A contract in several steps, a week apart; the money of the first is held where asked."""
    due_on = clock.today() + datetime.timedelta(days=20)
    plan = [{"title": f"区切り{number}", "price_yen": price, "due_on": (due_on + datetime.timedelta(days=7 * number)).isoformat()}
            for number, price in enumerate(prices, 1)]
    last = due_on + datetime.timedelta(days=7 * len(prices))
    return a_contract(funded=funded, reward_yen=sum(prices), plan=plan, due_on=last, **job_values)


def a_contract_in_months(months: int = 3, *, funded: bool = False, **job_values):
    """A contract for the same work every month, at ten thousand yen; the money of the first month is held where asked."""
    last = clock.months_away(clock.today() + datetime.timedelta(days=20), months - 1)
    plan = written(monthly(months, 10_000 * months, last))
    return a_contract(funded=funded, reward_yen=10_000 * months, plan=plan, due_on=last, **job_values)


def an_hourly_contract(*, funded: bool = False, rate_yen: int = 1_500, weekly_hours: int = 10, weeks_count: int = 3, **job_values):
    """A contract for work by the hour, three weeks of at most ten hours; the money of the first is held where asked."""
    return a_contract(funded=funded, form="hourly", rate_yen=rate_yen, weekly_hours=weekly_hours, weeks_count=weeks_count, reward_yen=None,
                      due_on=None, minutes_estimate=None, **job_values)


@contextlib.contextmanager
def in_week(contract, number: int = 1, *, hour: float = 10, day: int = 0):
    """Within a week of a contract: by default Monday at ten."""
    sheet = contract.timesheets.get(milestone__number=number)
    with clock.moved(to=clock.start_of(sheet.starts_on + datetime.timedelta(days=day)) + datetime.timedelta(hours=hour)):
        yield sheet


def hours_written(sheet, hours: float = 4, *, day: int = 0, begin: float = 9, note: str = ""):
    """Hours of one day of a week, written down by hand once they are over."""
    start = clock.start_of(sheet.starts_on + datetime.timedelta(days=day)) + datetime.timedelta(hours=begin)
    with clock.moved(to=start + datetime.timedelta(hours=hours, minutes=1)):
        return add_entry(timesheet=sheet, by=sheet.contract.worker, started_at=start, ended_at=start + datetime.timedelta(hours=hours),
                         note=note)


def balance_of(worker: User) -> Yen:
    """What the books say the town owes a worker and has not sent yet."""
    return balance(Kind.WORKER.of(worker.pk))


def held_for(contract: int) -> Yen:
    """What the books say lies in escrow for a contract."""
    return balance(Kind.ESCROW.of(contract))


def with_bank_account(worker: User, number: str = "1234567") -> User:
    """Somebody whose money has somewhere to go."""
    name_bank_account(by=worker, bank_code="0005", branch_code="001", kind="1", number=number, holder_kana="マチダ タロウ",
                      legal_kana="まちだ たろう")
    return worker


def payday() -> None:
    """The background's round on a pay date: set aside, tell the bank, read its statement."""
    pay_due()
    send_payouts()
