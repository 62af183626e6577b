"""Applying, and the answer that always comes: with a reason, kindly, from the client or in the end from the town."""
import datetime

import pytest

from machi.contracts.actions import accept_offer, change_offer, make_offer
from machi.contracts.actions.agreeing import TIME_TO_ANSWER
from machi.jobs.actions import close_job, edit_job
from machi.jobs.models import Job
from machi.proposals import actions
from machi.proposals.models import Proposal, Reason
from machi.proposals.queries import LONGEST_WAIT, alternatives_count, answered_by, applicants_of, open_for
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.people import a_client, a_job, a_person, a_proposal, client_of

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


# ---- writing ---------------------------------------------------------------------------------------------------------

def test_what_is_being_written_is_kept_and_seen_by_nobody_else():
    job, worker = a_job(), a_person()
    actions.save_draft(job=job, by=worker, message="まだ途中")
    draft = actions.save_draft(job=job, by=worker, message="まだ途中です", version=1)

    assert (draft.message, draft.version, draft.state) == ("まだ途中です", 2, "draft")
    assert not Proposal.objects.visible_to(client_of(job)).exists() and not applicants_of(job, client_of(job)).exists()
    with pytest.raises(DomainError):
        actions.save_draft(job=job, by=worker, message="古い窓", version=1)
    assert Proposal.objects.get().message == "まだ途中です"


def test_pressed_twice_it_is_sent_once():
    job, worker = a_job(), a_person()
    first, second = (actions.submit(job=job, by=worker, message="書けます") for _press in range(2))

    assert first == second and Job.objects.get().proposals_count == 1
    assert client_of(job).notices.filter(kind="proposal.arrived").count() == 1
    with pytest.raises(NotAllowed):
        actions.submit(job=job, by=worker, message="別の文")


def test_nobody_applies_to_their_own_post():
    job = a_job()

    with pytest.raises(NotAllowed):
        actions.submit(job=job, by=client_of(job), message="自分で")


def test_a_withdrawn_proposal_keeps_its_words_and_can_be_sent_again():
    proposal = a_proposal()
    actions.withdraw(proposal=proposal, by=proposal.worker)
    assert (Job.objects.get().proposals_count, Proposal.objects.get().message) == (0, proposal.message)
    assert not applicants_of(proposal.job, client_of(proposal.job)).exists()

    actions.submit(job=proposal.job, by=proposal.worker, message="気が変わりました")
    assert Job.objects.get().proposals_count == 1


@pytest.mark.parametrize(("late", "may"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)])
def test_a_draft_is_sent_until_the_last_second(clock_stands_at, late, may):
    job, worker = a_job(), a_person()
    actions.save_draft(job=job, by=worker, message="間に合うか")
    clock_stands_at(clock.end_of(job.closes_on) + late)

    if may:
        actions.submit(job=job, by=worker, message="間に合うか")
    else:
        with pytest.raises(NotAllowed):
            actions.submit(job=job, by=worker, message="間に合うか")
    assert Proposal.objects.get().message == "間に合うか"


# ---- the client's answer ---------------------------------------------------------------------------------------------

def test_who_is_not_chosen_hears_why_and_where_to_go_next():
    proposal, other = a_proposal(), a_job()
    actions.decline(proposal=proposal, by=client_of(proposal.job), reason=Reason.TOPIC, words="ありがとうございました")

    notice = proposal.worker.notices.get(kind="proposal.not_chosen")
    assert (notice.words["reason_word"], notice.words["n"], notice.words["k"], notice.words["m"]) == ("reason.topic", 1, 1, 1)
    assert alternatives_count(proposal.worker) == 1 and other.state == "open"
    assert Proposal.objects.get().reason_words == "ありがとうございました"


def test_where_nothing_else_is_open_no_number_is_promised():
    proposal = a_proposal()
    actions.decline(proposal=proposal, by=client_of(proposal.job), reason=Reason.BUDGET)

    assert proposal.worker.notices.get().kind == "proposal.not_chosen_only"


def test_when_the_choosing_is_over_everybody_has_an_answer():
    job = a_job(seats_count=2)
    chosen, *others = (a_proposal(job) for _number in range(3))
    offer = make_offer(proposal=chosen, by=client_of(job))
    accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    assert actions.end_choosing(job=job, by=client_of(job), reason=Reason.RECORD) == 2
    assert set(Proposal.objects.filter(pk__in=[p.pk for p in others]).values_list("state", "reason")) == {("not_chosen", "record")}
    assert not Proposal.objects.filter(state="submitted").exists()
    with pytest.raises(DomainError):
        actions.end_choosing(job=job, by=client_of(job), reason=Reason.RECORD)


def test_where_nobody_was_chosen_all_hear_the_same():
    job = a_job()
    proposals = [a_proposal(job) for _number in range(2)]
    actions.end_choosing(job=job, by=client_of(job), reason=Reason.PLAN)

    told = [proposal.worker.notices.get() for proposal in proposals]
    assert {notice.kind for notice in told} == {"proposal.nobody_chosen_only"} and told[0].words == told[1].words
    assert set(Proposal.objects.values_list("state", flat=True)) == {"closed"}


def test_after_the_last_seat_the_others_can_still_be_answered():
    job = a_job()
    chosen, waiting = a_proposal(job), a_proposal(job)
    offer = make_offer(proposal=chosen, by=client_of(job))
    accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    for stranger in (a_client(), waiting.worker):
        with pytest.raises(NotAllowed):
            actions.end_choosing(job=job, by=stranger, reason=Reason.SEATS)

    assert actions.end_choosing(job=job, by=client_of(job), reason=Reason.SEATS) == 1
    assert Job.objects.get().state == "awarded"


# ---- the town's answer -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("late", "is_over"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_a_client_who_never_answers_is_answered_for(clock_stands_at, late, is_over):
    proposal = a_proposal()
    job = close_job(job=proposal.job, by=client_of(proposal.job))
    clock_stands_at(job.closed_at + actions.PATIENCE + late)

    assert actions.answer_for_silent_clients() == is_over
    assert Proposal.objects.get().state == ("closed" if is_over else "submitted")
    assert proposal.worker.notices.filter(kind="proposal.closed_by_town_only").count() == is_over
    assert actions.answer_for_silent_clients() == 0


@pytest.mark.parametrize("seats", [1, 2])
def test_a_client_who_chose_and_forgot_the_others_is_answered_for(seats):
    job = a_job(seats_count=seats)
    chosen, waiting = a_proposal(job), a_proposal(job)
    offer = make_offer(proposal=chosen, by=client_of(job))
    accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    if Job.objects.get().state == "open":
        close_job(job=job, by=client_of(job))

    with clock.moved(by=actions.PATIENCE + DAY):
        assert actions.answer_for_silent_clients() == 1
        assert actions.answer_for_silent_clients() == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("not_chosen", "seats")


def test_a_client_who_chose_long_after_the_deadline_has_time_for_the_others():
    job = a_job()
    chosen, waiting = a_proposal(job), a_proposal(job)
    close_job(job=job, by=client_of(job))

    with clock.moved(by=actions.PATIENCE - DAY):
        offer = make_offer(proposal=chosen, by=client_of(job))
        accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
        assert actions.answer_for_silent_clients() == 0
        with clock.moved(by=actions.COURTESY + DAY):
            assert actions.answer_for_silent_clients() == 1
    assert Proposal.objects.get(pk=waiting.pk).state == "not_chosen"


def test_while_an_offer_waits_the_town_waits():
    job = a_job(seats_count=2)
    make_offer(proposal=a_proposal(job), by=client_of(job))
    waiting = a_proposal(job)
    close_job(job=job, by=client_of(job))

    with clock.moved(by=actions.PATIENCE + DAY):
        assert actions.answer_for_silent_clients() == 0
    assert Proposal.objects.get(pk=waiting.pk).state == "submitted"


@pytest.mark.parametrize("says_yes", [True, False], ids=["accepted on the last day", "not answered"])
def test_nobody_waits_longer_than_every_applicant_was_promised(clock_at, says_yes):
    """The slowest client there can be: asked on the last day of patience, then other terms, then the last seat."""
    job = a_job()
    chosen, waiting = a_proposal(job), a_proposal(job)
    promised = answered_by(job)
    clock_at(f"{promised - 9 * DAY} 10:00")
    close_job(job=job, by=client_of(job))
    offer = make_offer(proposal=chosen, by=client_of(job), due_on=promised + 30 * DAY)
    clock_at(f"{promised - 3 * DAY} 10:00")
    offer = change_offer(offer=offer, by=client_of(job), due_on=promised + 40 * DAY, reward=job.reward)
    clock_at(f"{promised - DAY} 23:00")
    if says_yes:
        accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    assert actions.answer_for_silent_clients() == 0

    clock_at(f"{promised} 00:01")
    assert actions.answer_for_silent_clients() == 1 and actions.answer_for_silent_clients() == 0
    assert Proposal.objects.get(pk=waiting.pk).state == "not_chosen"
    if not says_yes:
        accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)     # who was asked still has their own time


def test_the_longest_wait_holds_the_clients_patience_and_one_open_offer():
    assert LONGEST_WAIT == DAY + actions.PATIENCE + TIME_TO_ANSWER


def test_nobody_applies_to_terms_they_have_not_read():
    job, worker = a_job(), a_person()
    edit_job(job=job, by=client_of(job), reward_yen=1_000)

    with pytest.raises(DomainError):
        actions.submit(job=job, by=worker, message="書けます", read=job.version)
    assert not Proposal.objects.filter(state="submitted").exists() and not client_of(job).notices.exists()
    assert actions.submit(job=job, by=worker, message="書けます", read=Job.objects.get().version).state == "submitted"


def test_a_post_that_the_wage_has_overtaken_is_recommended_to_nobody(clock_at):
    clock_at("2025-09-01 10:00")
    days = {"closes_on": datetime.date(2025, 12, 1), "due_on": datetime.date(2025, 12, 20)}
    a_job(reward_yen=1_055, minutes_estimate=60, **days)
    fair = a_job(reward_yen=1_121, minutes_estimate=60, **days)

    clock_at("2025-10-01 10:00")

    assert list(open_for(a_person())) == [fair]
