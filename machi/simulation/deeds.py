"""What the people of the demo town do. Every deed is an action of a room, done at its moment by the person whose deed it is.

People are found by their address, posts by their title, the rest by who and what: a town whose making was interrupted is
found again as it was left.
"""
import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from machi.accounts import roles
from machi.accounts.actions import describe_client, found_organisation, give_duty, introduce, join, name_operator, speak, vouch_for_address
from machi.accounts.models import Agreement, Party, User
from machi.accounts.queries import party_of
from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Offer
from machi.files.storing import shown, store_all
from machi.jobs import actions as jobs
from machi.jobs.models import Job
from machi.jobs.plans import Step, written
from machi.journey import actions as journey
from machi.messaging.actions import mark_read, send_message
from machi.messaging.queries import thread_about
from machi.notifications.actions import mark_all_read
from machi.organisations import actions as organisations
from machi.organisations.models import Invitation
from machi.packages.actions import WORDS, open_package, write_package
from machi.payments.actions import name_bank_account
from machi.portfolio.actions import add_piece
from machi.profiles import actions as profiles
from machi.proposals import actions as proposals
from machi.proposals.models import Proposal
from machi.reviews.actions import say_thanks, write_review
from machi.shared.money import Yen
from machi.simulation import drawings
from machi.simulation import story as told
from machi.simulation.batches import TaskDeeds
from machi.simulation.contests import ContestDeeds
from machi.simulation.weeks import WeekDeeds, terms_of
from machi.taxonomy.models import Category, Skill

PAPERS = dict.fromkeys(Agreement.Paper, "1")        # the papers of the gate in their first version


class Deeds(ContestDeeds, TaskDeeds, WeekDeeds):
    """One life of the demo town. Remembers whom and what it has found."""

    def __init__(self, story: told.Story, today: datetime.date):
        self.story, self.today = story, today
        self.written = {job.title: job for job in story.jobs}
        self.clients = {client.person.key: client for client in story.clients}
        self.kinds = {kind.pk: kind for kind in Category.objects.order_by("pk")}
        self.users: dict[str, User] = {}
        self.jobs: dict[str, Job] = {}

    # ---- finding ------------------------------------------------------------------------------------

    def person(self, key: str) -> User:
        if key not in self.users:
            self.users[key] = User.objects.get(email=self.story.people[key].email)
        return self.users[key]

    def somebody_comes_by(self, key: str) -> User:
        """Whoever does something here also reads what the town told them."""
        user = self.person(key)
        mark_all_read(by=user)
        return user

    def job(self, title: str) -> Job:
        if title not in self.jobs:
            self.jobs[title] = Job.objects.select_related("client").get(
                title=title, client=self.party(self.written[title].client))
        return self.jobs[title]

    def proposal(self, title: str, worker: str) -> Proposal:
        return Proposal.objects.get(job=self.job(title), worker=self.person(worker))

    def offer(self, title: str, worker: str) -> Offer:
        return Offer.objects.filter(job=self.job(title), worker=self.person(worker)).order_by("-version")[0]

    def contract(self, title: str, worker: str) -> Contract:
        return Contract.objects.get(job=self.job(title), worker=self.person(worker))

    def words(self, title: str, worker: str) -> told.Proposal:
        return next(proposal for proposal in self.written[title].proposals if proposal.worker == worker)

    def party(self, key: str) -> Party:
        """For whom a client gives work: their organisation, or themselves."""
        client = self.clients[key]
        return Party.objects.get(name=client.name, kind=Party.Kind.ORGANISATION) if client.members else party_of(self.person(key))

    def client_of(self, title: str, power: str = "") -> User:
        """Who does it for the client of a post: the one member who is there for it, otherwise the person who made the organisation."""
        client = self.clients[self.written[title].client]
        return self.somebody_comes_by(next((member.person.key for member in client.members if power in member.powers), client.person.key))

    def day(self, number: int) -> datetime.date:
        return self.today + datetime.timedelta(days=number)

    # ---- people -------------------------------------------------------------------------------------

    def arrive(self, key: str) -> None:
        """Somebody joins, and writes as much of their page as they like."""
        person = self.story.people[key]
        user = User(email=person.email)
        user.set_unusable_password()
        join(user=user, versions=PAPERS)
        vouch_for_address(user=user)
        if person.name:
            user = introduce(by=user, display_name=person.name, reading=person.reading)
        if person.language:
            speak(by=user, language=person.language)
        if person.headline or person.about or person.conditions:
            profiles.write_profile(by=user, headline=person.headline, about=person.about, conditions=person.conditions)
        for statement, evidence, hand_me in person.strengths:
            profiles.add_strength(by=user, statement=statement, evidence=evidence, hand_me=hand_me)
        for topic, years, depth, note in person.hobbies:
            profiles.add_hobby(by=user, topic=topic, years=years, depth=depth, note=note)
        for role, years, category, note in person.careers:
            profiles.add_career(by=user, role=role, years=years, category=self.kinds[category] if category else None, note=note)
        for name, level, years in person.skills:
            profiles.add_skill(by=user, skill=Skill.objects.get(name_ja=name), level=level, years=years if years >= 0 else None)
        for name, issuer, year in person.certificates:
            profiles.add_certificate(by=user, name=name, issuer=issuer, year=year or None)
        for name, level in person.languages:
            profiles.add_language(by=user, name=name, level=level)
        self._say_conditions(user, person)
        journey.choose_wishes(by=user, kinds=person.wishes)
        for question, text in person.answers:
            journey.answer(by=user, question=question, text=text)

    def _say_conditions(self, user: User, person: told.Person) -> None:
        """How somebody works, what they would like to receive, and when."""
        if person.hours:
            may_leave, slack = person.alone
            profiles.write_conditions(by=user, hours=person.hours, bands=person.bands, blocks=person.blocks, channels=person.channels,
                                      may_leave_suddenly=may_leave, slack_days=slack or None)
        if person.pay:
            amount, per, tax, is_public = person.pay
            profiles.say_pay(by=user, amount_yen=amount, per=per, tax=tax, is_public=is_public)
        if person.available:
            state, is_scoutable = person.available
            is_day = isinstance(state, int)
            profiles.say_availability(by=user, standing="later" if is_day else state, from_on=self.day(state) if is_day else None,
                                      is_scoutable=is_scoutable)

    def show_piece(self, key: str, title: str) -> None:
        """A piece of work with its picture, drawn here and then once more by the town, as any picture is."""
        piece = next(one for one in self.story.pieces if (one.person, one.title) == (key, title))
        drawn = SimpleUploadedFile(f"{piece.drawing}.png", drawings.drawn(piece.drawing)) if piece.drawing else None
        with shown(drawn) as files:
            add_piece(by=self.somebody_comes_by(key), title=piece.title, part=piece.part, topics=piece.topics, shown=piece.shown,
                      category=self.kinds[piece.category] if piece.category else None, link=piece.link, alt=piece.alt,
                      year=self.today.year - piece.years_ago if piece.years_ago is not None else None, file=next(iter(files), None))

    def prepare(self, key: str, title: str) -> None:
        """A service, written and opened."""
        package = next(one for one in self.story.packages if (one.person, one.title) == (key, title))
        words = {name: getattr(package, name) for name in WORDS} | {"category": self.kinds[package.category]}
        person = self.somebody_comes_by(key)
        open_package(package=write_package(by=person, **words), by=person)

    def name_account(self, key: str, number: int) -> None:
        _day, bank, branch, digits, holder = self.story.people[key].accounts[number]
        name_bank_account(by=self.somebody_comes_by(key), bank_code=bank, branch_code=branch, kind="1", number=digits, holder_kana=holder)

    def give_duty(self, key: str, duty: str) -> None:
        """The first operator is named at the machine, everybody else by an operator."""
        operators = [person.key for person in self.story.people.values() if roles.Operator.key in person.duties]
        if key in operators:
            name_operator(email=self.story.people[key].email)
        else:
            give_duty(person=self.person(key), kind=duty, by=self.person(operators[0]))

    def describe(self, key: str) -> None:
        client, user = self.clients[key], self.person(key)
        who = {"name": client.name, "address": client.address, "contact": client.contact, "trade": client.trade,
               "has_employees": client.has_employees, "is_withholding_agent": client.is_withholding_agent}
        if client.members:
            found_organisation(by=user, **who)
        else:
            describe_client(party=party_of(user), by=user, **who)

    def invite(self, key: str, member: str) -> None:
        powers = next(one.powers for one in self.clients[key].members if one.person.key == member)
        organisations.invite(party=self.party(key), by=self.somebody_comes_by(key), email=self.story.people[member].email, powers=powers)

    def come_in(self, key: str, member: str) -> None:
        user = self.somebody_comes_by(member)
        organisations.accept(invitation=Invitation.objects.get(party=self.party(key), email=user.email), by=user)

    # ---- posts and proposals ------------------------------------------------------------------------

    def draft(self, title: str) -> None:
        self._draft(self.written[title])

    def post(self, title: str) -> None:
        job = self._draft(self.written[title])
        jobs.publish_job(job=job, by=self.client_of(title))

    def _draft(self, job: told.Job) -> Job:
        client = self.somebody_comes_by(job.client)
        return jobs.draft_job(
            client=self.party(job.client), by=client, title=job.title, body=job.body, outcome=job.outcome,
            category=self.kinds[job.category], topic=job.topic, place=job.place, reward_yen=job.reward,
            minutes_estimate=_minutes(job), plan=written([Step(title, Yen(yen), self.day(due)) for title, yen, due in job.plan]),
            closes_on=None if job.closes is None else self.day(job.closes),
            due_on=None if job.due is None else self.day(job.due), acceptance_days=job.acceptance_days, revisions_count=job.revisions,
            seats_count=job.seats, newcomer_seats_count=job.newcomers, sync=job.sync, sync_note=job.sync_note, ai=job.ai, rights=job.rights,
            **terms_of(job))

    def sketch(self, title: str, worker: str) -> None:
        proposals.save_draft(job=self.job(title), by=self.somebody_comes_by(worker), message=self.words(title, worker).text)

    def apply(self, title: str, worker: str) -> None:
        proposals.submit(job=self.job(title), by=self.somebody_comes_by(worker), message=self.words(title, worker).text)

    def withdraw(self, title: str, worker: str) -> None:
        proposals.withdraw(proposal=self.proposal(title, worker), by=self.somebody_comes_by(worker))

    def decline(self, title: str, worker: str) -> None:
        words = self.words(title, worker)
        proposals.decline(proposal=self.proposal(title, worker), by=self.client_of(title), reason=words.reason, words=words.words)

    def end_choosing(self, title: str) -> None:
        job = self.written[title]
        proposals.end_choosing(job=self.job(title), by=self.client_of(title), reason=job.reason, words=job.words)

    # ---- contracts ----------------------------------------------------------------------------------

    def offer_it(self, title: str, worker: str) -> None:
        contracts.make_offer(proposal=self.proposal(title, worker), by=self.client_of(title))

    def change_offer(self, title: str, worker: str) -> None:
        job, words = self.written[title], self.words(title, worker)
        due = job.due if words.other_due is None else words.other_due
        contracts.change_offer(offer=self.offer(title, worker), by=self.client_of(title), due_on=self.day(due),
                               reward=Yen(words.other_reward or job.reward))

    def refuse(self, title: str, worker: str) -> None:
        contracts.refuse_offer(offer=self.offer(title, worker), by=self.somebody_comes_by(worker))

    def agree(self, title: str, worker: str) -> None:
        offer = self.offer(title, worker)
        contracts.accept_offer(offer=offer, by=self.somebody_comes_by(worker), terms_hash=offer.terms_hash)

    def fund(self, title: str, worker: str) -> None:
        contracts.fund(contract=self.contract(title, worker), by=self.client_of(title, "payer"))

    def write_letter(self, title: str, worker: str, number: int) -> None:
        _day, who, text = self.words(title, worker).work.letters[number]
        writer = self.client_of(title) if who == "client" else self.somebody_comes_by(worker)
        contract = self.contract(title, worker)
        thread = thread_about(contract.reference, writer)
        mark_read(thread=thread, by=writer)
        send_message(thread=thread, by=writer, body=text, key=f"letter-{number}", title=contract.title)

    def ask_for_date(self, title: str, worker: str, number: int) -> None:
        _day, _who, later, words, _agreed = self.words(title, worker).work.dates[number]
        milestone = self.contract(title, worker).milestones.get()
        contracts.ask_for_date(milestone=milestone, by=self._of_dates(title, worker, number, asks=True), words=words,
                               wished_on=milestone.due_on + datetime.timedelta(days=later))

    def agree_on_date(self, title: str, worker: str, number: int) -> None:
        wish = self.contract(title, worker).milestones.get().date_requests.get(state="asked")
        contracts.agree_on_date(request=wish, by=self._of_dates(title, worker, number, asks=False))

    def _of_dates(self, title: str, worker: str, number: int, *, asks: bool):
        is_worker = (self.words(title, worker).work.dates[number][1] == "worker") == asks
        return self.somebody_comes_by(worker) if is_worker else self.client_of(title)

    def hand_over(self, title: str, worker: str, round: int) -> None:
        work = self.words(title, worker).work
        text = work.text if round == 1 else work.again
        files = store_all([SimpleUploadedFile(work.file, text.encode())] if work.file else [])
        contracts.deliver(milestone=self.contract(title, worker).milestones.get(), by=self.somebody_comes_by(worker), text=text,
                          ai_note=work.ai_note, files=files)

    def ask_changes(self, title: str, worker: str) -> None:
        contracts.ask_changes(milestone=self.contract(title, worker).milestones.get(), by=self.client_of(title),
                              points=self.words(title, worker).work.changes)

    def accept(self, title: str, worker: str) -> None:
        contracts.accept_delivery(milestone=self.contract(title, worker).milestones.get(), by=self.client_of(title))

    def thank(self, title: str, worker: str) -> None:
        say_thanks(contract=self.contract(title, worker), by=self.client_of(title), text=self.words(title, worker).work.thanks)

    def review(self, title: str, worker: str, side: str) -> None:
        work = self.words(title, worker).work
        again, text = work.client_says if side == "client" else work.worker_says
        writer = self.client_of(title) if side == "client" else self.somebody_comes_by(worker)
        write_review(contract=self.contract(title, worker), by=writer, again=again, text=text)


def _minutes(job: told.Job) -> int | None:
    """About how long it takes, for a client who pays between 1,500 and 2,500 yen an hour: the same in every town."""
    return job.reward and 60 * max(1, job.reward // (1_500 + 100 * (len(job.title) % 11)))
