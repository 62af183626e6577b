"""A post was changed: whoever had applied hears what stood there and what stands there now."""
from machi.jobs import actions
from machi.jobs.models import Job, JobChange
from machi.notifications.models import Notice
from machi.notifications.words import said
from machi.privacy.actions import erase_account
from machi.proposals.actions import tell_of_changes, withdraw
from machi.proposals.queries import changed_since
from tests.people import a_job, a_proposal, client_of


def told(person) -> list[str]:
    return [said(notice.kind, notice.words)[1] for notice in Notice.objects.filter(
        user=person, kind__startswith="proposal.post_changed").order_by("pk")]


def test_whoever_applied_hears_what_stood_there_and_what_stands_there_now(town):
    job = a_job()
    proposal = a_proposal(job)

    actions.edit_job(job=job, by=client_of(job), reward_yen=12_000)
    tell_of_changes()
    tell_of_changes()

    [notice] = told(proposal.worker)
    assert "前は「10,000円」、今は「12,000円」" in notice
    [change] = JobChange.objects.all()
    assert (change.before, change.after, change.changed_by) == ({"reward_yen": 10_000}, {"reward_yen": 12_000}, client_of(job))
    assert changed_since(proposal) == [("reward_yen", 10_000, 12_000)]


def test_only_those_who_had_applied_before_hear_of_it_and_each_change_once(town):
    job = a_job()
    before, gone = a_proposal(job), a_proposal(job)
    withdraw(proposal=gone, by=gone.worker)
    actions.edit_job(job=job, by=client_of(job), body="新しい本文。", place="図書館")
    after = a_proposal(Job.objects.get())
    tell_of_changes()
    actions.edit_job(job=job, by=client_of(job), place="公民館")
    tell_of_changes()

    assert len(told(before.worker)) == 2 and "ほかに1か所" in told(before.worker)[0]
    assert not told(gone.worker) and len(told(after.worker)) == 1
    assert [name for name, *_values in changed_since(before)] == ["body", "place"]
    assert changed_since(after) == [("place", "図書館", "公民館")]


def test_whoever_changed_it_may_have_left_before_it_was_told(town):
    job = a_job()
    proposal = a_proposal(job)
    actions.edit_job(job=job, by=client_of(job), reward_yen=12_000)
    withdraw(proposal=proposal, by=proposal.worker)
    erase_account(by=client_of(job))

    tell_of_changes()

    assert told(proposal.worker) == [] and changed_since(proposal) == []
