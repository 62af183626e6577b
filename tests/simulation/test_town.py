"""The demo town, made once for all of these tests: its numbers, its books, its people, and the soccer story at its beginning."""
import collections
import dataclasses
import datetime
import hashlib
import io
import shutil

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import Sum
from django.test import override_settings

from machi.accounts.models import Agreement, Party, User
from machi.activity.models import Fact
from machi.contracts import invariants as contract_rules
from machi.contracts.actions import accept_offer, make_offer
from machi.contracts.models import Contract, Delivery, DeliveryFile, Milestone, Offer, TimeEntry, Timesheet
from machi.jobs.models import Job
from machi.matching.queries import applicants
from machi.messaging.models import Message
from machi.notifications.models import Notice
from machi.payments import invariants as payment_rules
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, Funding, Payout, StatementLine
from machi.payments.queries import reward_delivered
from machi.profiles.models import Career, Hobby, Profile, Strength
from machi.proposals import invariants as contest_rules
from machi.proposals.entries import Entry, EntryFile
from machi.proposals.models import Proposal
from machi.reviews.models import Review, Thanks
from machi.shared import clock
from machi.simulation.deeds import Deeds
from machi.simulation.filling import NotMade, fill
from machi.simulation.queries import worth_being
from machi.simulation.story import story
from machi.tasks import invariants as task_rules
from machi.tasks.models import Answer, Batch, Item
from tests.tasks.showing import states as pieces

TODAY = datetime.datetime(2026, 11, 24, 14, 30, tzinfo=clock.JAPAN)
SOCCER = "地域サッカークラブの試合レポート記事の執筆（毎週1本・4週間）"


@dataclasses.dataclass
class Made:
    """What can only be looked at directly after the making, before a test has emptied the folder."""

    broken: dict
    sent_yen: int
    letters: list
    digest: str


@pytest.fixture(scope="module")
def made(cleaner, django_db_blocker):
    """The demo town of one afternoon; its rows stay until the last of these tests."""
    with django_db_blocker.unblock(), override_settings(DEMO_TOWN=True), clock.moved(to=TODAY):
        try:
            yield make()
        finally:
            connections.close_all()
            cleaner.empty()


def make() -> Made:
    mail.outbox = []
    assert fill()
    broken = payment_rules.broken() | contract_rules.broken() | contest_rules.broken() | task_rules.broken()
    return Made(broken, FakeBank().sent_yen(), list(mail.outbox), digest())


def digest() -> str:
    """A fingerprint of everything people wrote and of every yen, whatever the numbers of the rows."""
    rows = [
        User.objects.values_list("email", "display_name", "language"), Party.objects.values_list("name", "address", "is_withholding_agent"),
        Profile.objects.values_list("user__email", "headline", "about"), Strength.objects.values_list("user__email", "statement"),
        Hobby.objects.values_list("user__email", "topic__name", "years"), Career.objects.values_list("user__email", "role", "years"),
        Job.objects.values_list("title", "body", "state", "reward_yen", "closes_on", "due_on", "seats_taken", "newcomer_seats_taken"),
        Proposal.objects.values_list("job__title", "worker__email", "message", "state", "reason", "reason_words"),
        Entry.objects.values_list("job__title", "worker__email", "title", "text", "state", "reward_yen"),
        Offer.objects.values_list("job__title", "worker__email", "version", "state", "terms_hash", "takes_newcomer_seat"),
        Contract.objects.values_list("title", "worker__email", "state"),
        Milestone.objects.values_list("contract__title", "contract__worker__email", "state", "held_yen", "pay_on", "was_accepted_by_town"),
        Delivery.objects.values_list("milestone__contract__title", "round", "text"),
        Timesheet.objects.values_list("contract__title", "starts_on", "minutes", "billed_minutes"),
        TimeEntry.objects.values_list("timesheet__contract__title", "started_at", "ended_at", "note", "mended_reason"),
        DeliveryFile.objects.values_list("file__name", "file__sha256"),
        Message.objects.values_list("sender__email", "body"),
        Review.objects.values_list("contract__title", "writer__email", "again", "text"),
        Thanks.objects.values_list("contract__title", "worker__email", "text"), Notice.objects.values_list("user__email", "kind"),
        Earning.objects.values_list("title", "worker__email", "amount_yen", "withheld_yen", "pay_on"),
        Payout.objects.values_list("worker__email", "amount_yen", "state", "paid_on"),
        Funding.objects.values_list("party__name", "amount_yen"), StatementLine.objects.values_list("value_on", "amount_yen"),
    ]
    return hashlib.sha256(repr([sorted(map(repr, table)) for table in rows]).encode()).hexdigest()


# ---- numbers and books --------------------------------------------------------------------------

def test_all_rules_of_the_books_hold(made):
    assert made.broken == {}


def test_reward_delivered_is_what_left_the_bank(made):
    delivered = reward_delivered()

    assert delivered.amount == made.sent_yen > 1_000_000
    assert delivered.people_count >= 15
    assert delivered.amount == Payout.objects.filter(state="paid").aggregate(sum=Sum("amount_yen"))["sum"]


def test_everything_is_there_in_every_state(made):
    def states(model):
        return collections.Counter(model.objects.values_list("state", flat=True))

    assert Job.objects.count() == 86 and Job.objects.values("category").distinct().count() >= 12
    assert states(Job).keys() == {"draft", "open", "closed", "awarded", "ended"} and states(Job)["open"] > 20
    assert states(Proposal).keys() == {"draft", "submitted", "offered", "accepted", "refused", "withdrawn", "not_chosen", "closed"}
    assert states(Offer).keys() == {"open", "accepted", "refused", "expired", "replaced"}
    assert states(Contract).keys() == {"pending_funding", "active", "completed", "void"}
    assert states(Milestone).keys() == {"agreed", "funded", "delivered", "accepted", "settled", "refunded", "void"}
    assert states(Payout).keys() == {"paid", "returned"}


def test_the_moments_between_the_states_are_there_too(made):
    assert Milestone.objects.filter(state="funded", revisions_used=1).exists()                     # sent back for changes
    assert Milestone.objects.filter(state="delivered", revisions_used=1).exists()                  # and handed over again
    assert Milestone.objects.filter(state="accepted", was_accepted_by_town=True).exists()
    assert Earning.objects.filter(payout=None, pay_on__gt=clock.today()).count() >= 4              # waits for its pay date
    assert Earning.objects.filter(payout=None, pay_on__lt=clock.today(), worker__bank_account=None).exists()     # came back
    assert Review.objects.filter(opened_at=None).exists() and Review.objects.filter(opened_at__isnull=False).exists()
    assert {"yes", "perhaps"} <= set(Review.objects.values_list("again", flat=True))
    assert Delivery.objects.filter(files__isnull=False).exists()
    assert Thanks.objects.count() >= 20 and Message.objects.count() >= 60
    assert Notice.objects.filter(read_at=None).exists() and Notice.objects.filter(read_at__isnull=False).exists()


def test_work_by_the_hour_is_there_in_every_state_of_a_week(made):
    weeks = Timesheet.objects.order_by("pk")
    paid = Earning.objects.filter(reference__in=[sheet.milestone.reference for sheet in weeks], payout__state="paid")

    assert collections.Counter(weeks.values_list("milestone__state", flat=True)) == {
        "settled": 4, "accepted": 1, "refunded": 1, "delivered": 1, "funded": 2, "agreed": 3}
    assert weeks.get(milestone__state="funded", milestone__revisions_used=1).submit_by > clock.now()           # asked, not answered
    assert weeks.get(milestone__state="delivered").milestone.accept_by > clock.now()
    assert weeks.filter(milestone__was_accepted_by_town=True).count() == 1 and paid.count() >= 2
    assert weeks.get(milestone__state="funded", milestone__revisions_used=0).starts_on == clock.today() - datetime.timedelta(days=1)
    assert TimeEntry.objects.exclude(mended_reason="").count() == 1 and not TimeEntry.objects.filter(ended_at=None).exists()


def test_whoever_was_not_chosen_heard_why_in_the_clients_own_words(made):
    answered = Proposal.objects.filter(state="not_chosen")
    assert answered.exclude(reason_words="").count() >= 20
    assert answered.exclude(reason="seats").values("reason").distinct().order_by("reason").count() >= 4


def test_a_payout_that_came_back_can_be_on_its_way_again(made):
    """One person has mended the account since: the same money went out a second time, under another key, and arrived."""
    returned = Payout.objects.filter(state="returned").order_by("pk")
    assert [payout.worker.payouts.filter(state="paid", amount_yen__gte=payout.amount_yen).exists() for payout in returned].count(True) == 1


def test_paydays_have_run_month_after_month_each_on_its_printed_day(made):
    paid = Earning.objects.filter(payout__state="paid").order_by("pk").values_list("pay_on", "payout__paid_on")
    late = [(pay_on, paid_on) for pay_on, paid_on in paid if pay_on != paid_on]

    assert len({(paid_on.year, paid_on.month) for _pay_on, paid_on in paid}) >= 6
    assert len(late) == 1                           # the one that came back, and left again once the account was mended


def test_twelve_clients_have_posts_and_nearly_every_open_post_has_applicants(made):
    posts = collections.Counter(Job.objects.values_list("client", flat=True))

    assert len(posts) == 12 and min(posts.values()) >= 4
    assert not Job.objects.exclude(form="contest").filter(state="awarded", contracts=None).exists()
    assert Job.objects.exclude(form="contest").filter(state="open", proposals_count=0).count() <= 2
    assert set(Job.objects.filter(form="contest").values_list("state", flat=True)) == {"draft", "open", "closed", "awarded"}
    assert set(Entry.objects.values_list("state", flat=True)) == {"draft", "submitted", "awarded", "not_chosen"}
    assert not EntryFile.objects.exclude(preview="made").exists()


# ---- its people ---------------------------------------------------------------------------------

def test_everybody_came_in_by_the_gate(made):
    people = User.objects.order_by("pk")
    assert 40 <= people.count() <= 60
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == people.count()
    assert Agreement.objects.count() == len(Agreement.Paper) * people.count()
    assert all(person.email.endswith("@demo.machi.example") and not person.has_usable_password() for person in people)


def test_the_people_worth_being_are_named_with_a_line_each(made):
    said = io.StringIO()
    call_command("demo_people", stdout=said)

    people = worth_being()
    assert 8 <= len(people) <= 24
    for somebody in people:
        assert somebody.user.name in said.getvalue() and somebody.line in said.getvalue()


def test_what_is_said_about_them_is_so(made):
    people = {somebody.user.email.partition("@")[0]: somebody.user for somebody in worth_being()}

    assert Offer.objects.filter(worker=people["hara"], state="open").count() == 1
    assert Milestone.objects.filter(contract__worker=people["arai"], state="funded", revisions_used=1).count() == 1
    assert Milestone.objects.filter(contract__worker=people["lin"], state="funded").count() == 1
    assert people["fukui"].payouts.get().state == "returned"
    assert Milestone.objects.filter(contract__client__name="かもめ新報社", state="delivered").count() == 1
    assert Contract.objects.filter(client__name="かもめ新報社", state="pending_funding").count() == 1
    assert not Profile.objects.filter(user=people["mado"]).exists()


# ---- the soccer story, at its beginning ---------------------------------------------------------

def test_three_people_wait_for_an_answer_and_the_one_who_knows_soccer_stands_first(made):
    job = Job.objects.get(title=SOCCER)
    people = applicants(job, job.client.person)

    assert (job.state, job.seats_count, job.newcomer_seats_count, job.seats_taken, str(job.topic)) == ("open", 2, 1, 0, "サッカー")
    assert [one.proposal.worker.name for one in people] == ["海老原 剛", "佐久間 玲", "永井 ことは"]
    assert {one.proposal.state for one in people} == {"submitted"}
    assert people[0].reasons[0].aspect == "knowledge"
    assert [one.record.is_newcomer for one in people] == [False, False, True]


def test_the_client_can_choose_the_soccer_player_and_the_newcomer(made):
    job = Job.objects.get(title=SOCCER)
    with transaction.atomic():
        for name in ("海老原 剛", "永井 ことは"):
            offer = make_offer(proposal=job.proposals.get(worker__display_name=name), by=job.client.person)
            accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
        job.refresh_from_db()
        assert (job.state, job.newcomer_seats_taken) == ("awarded", 1)
        assert all(offer.terms["withheld_yen"] == 2_450 for offer in job.offers.order_by("pk"))
        transaction.set_rollback(True)


# ---- making it ----------------------------------------------------------------------------------

def test_mails_of_months_ago_fill_no_folder(made):
    assert 10 <= len(made.letters) <= 60
    assert not Notice.objects.filter(mailed_at=None, mail_from__lt=clock.now() - datetime.timedelta(days=1)).exists()


def test_made_again_nothing_happens(made):
    before = Fact.objects.count()

    assert fill() is False
    assert Fact.objects.count() == before


def test_a_town_where_people_live_gets_no_invented_ones(made):
    with transaction.atomic():
        hidden = Fact.objects.filter(name__startswith="demo.")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("machi.simulation.facts.LIVED", "nobody.has_lived")
            patch.setattr("machi.simulation.facts.FILLED", "nothing.was_filled")
            with pytest.raises(NotMade, match="People live here already"):
                fill()
        assert hidden.exists()


def test_a_real_town_gets_no_invented_people(made):
    with override_settings(DEMO_TOWN=False), pytest.raises(NotMade, match="MACHI_DEMO_TOWN"):
        fill()


class PlugPulled(BaseException):
    """The process dies."""


def test_the_same_day_gives_the_same_town_even_when_its_making_was_interrupted(made, cleaner, monkeypatch):
    """The town is made a second time, dies inside a deposit, and is completed: the same texts, the same yen."""
    cleaner.empty()
    shutil.rmtree(settings.BANK_FOLDER, ignore_errors=True)
    usual, calls = Deeds.fund, []

    def fund(self, *about):
        usual(self, *about)                         # the bank has booked it, the town has not kept it yet
        calls.append(about)
        if len(calls) == 20:
            raise PlugPulled
    monkeypatch.setattr(Deeds, "fund", fund)
    with pytest.raises(PlugPulled):
        fill()
    assert Contract.objects.exists() and not Fact.objects.filter(name="demo.filled").exists()

    again = make()

    assert again.broken == {}
    assert again.digest == made.digest
    assert again.sent_yen == reward_delivered().amount


def test_micro_tasks_wait_for_somebody_and_what_was_answered_is_put_together(made):
    voices, signs, loaves = Batch.objects.order_by("published_at")
    known = {row[0]: row[1] for row in next(batch for batch in story().batches if batch.key == "voices").rows}
    items = Item.objects.filter(batch=voices, truth__isnull=True, outcome="agreed")

    assert (voices.state, signs.state, loaves.state, loaves.is_for_newcomers) == ("open", "open", "open", True)
    assert Answer.objects.filter(batch=voices, state="approved", closing__isnull=False).count() > 50      # nobody spoke against them
    assert Item.objects.filter(batch=voices, places_free__gt=0).exists() and not Answer.objects.filter(batch=loaves).exists()
    assert items.count() >= 18 and sum(item.result["about"] == known[item.cells[1]] for item in items) >= items.count() * 0.9


def test_small_work_with_pictures_waits_for_somebody_and_each_is_told_in_words(made):
    signs = Batch.objects.get(title__contains="看板")

    assert pieces(signs) == dict.fromkeys(next(one for one in story().batches if one.key == "signs").signs, "here")
    assert Item.objects.filter(batch=signs, places_free__gt=0).count() == 8 == Answer.objects.filter(batch=signs).count()
    assert all(len(cells[2]) >= 10 for cells in Item.objects.filter(batch=signs).values_list("cells", flat=True))
