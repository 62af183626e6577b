"""A contest of many entries in a town of the bench, made once: most with a picture that has its preview, some that still wait for it,
some with a text.
"""
import datetime

from django.db import connection

from machi.accounts.models import User
from machi.files.models import File
from machi.jobs.actions import draft_job
from machi.jobs.contests import Contest, pot_of
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.proposals.actions import open_contest
from machi.proposals.entries import Entry, EntryFile
from machi.proposals.lifecycle import EntryState
from machi.shared import clock

DAY = datetime.timedelta(days=1)


def contest_of(count: int) -> Job:
    """The contest with so many entries, and its client."""
    title = f"{count}件の作品が届いたコンペ"
    found = Job.objects.filter(title=title, contest__entries_count=count).select_related("client__person").first()
    return found or _made(title, count)


def _made(title: str, count: int) -> Job:
    posts = Job.objects.filter(form=Job.Form.PROJECT, published_at__isnull=False)
    given = posts.select_related("client__person", "category").order_by("pk")[0]
    job = draft_job(client=given.client, by=given.client.person, form=Job.Form.CONTEST, title=title, body=given.body,
                    category=given.category, topic="", closes_on=clock.today() + 7 * DAY, ai=Job.AI.DECLARED, prizes_yen=[200_000],
                    hours=4, takes=Contest.Takes.EITHER)
    job = open_contest(job=job, by=given.client.person, pot=pot_of(Contest.objects.get(job=job)))
    makers = list(User.objects.exclude(pk=given.client.person_id).order_by("pk")[:count])
    now = clock.now()
    entries = Entry.objects.bulk_create([
        Entry(job=job, worker=makers[number % len(makers)], number=number + 1, state=EntryState.SUBMITTED,
              title=f"灯台 {number + 1}", text="港に立つ灯台を、一筆で描きました。朝の光が当たる側を明るくしています。",
              ai_note="使っていません", drafted_at=now, saved_at=now, submitted_at=now) for number in range(count)])
    files = File.objects.bulk_create([
        File(owner=entry.worker, name="灯台.png", stored_as=f"{job.pk:032x}{entry.number:032x}", kind="png", size=240_000, sha256="0" * 64,
             width=None if _waits(entry) else 800, height=None if _waits(entry) else 600, kept_at=now)
        for entry in entries if entry.number % 8])
    drawn = [entry for entry in entries if entry.number % 8]
    EntryFile.objects.bulk_create([
        EntryFile(entry=entry, file=file, preview=EntryFile.Preview.WAITING if _waits(entry) else EntryFile.Preview.MADE)
        for entry, file in zip(drawn, files, strict=True)])
    Contest.objects.filter(job=job).update(entries_count=count, last_number=count)
    # its client chooses now, and it stands in no list of open posts, where other pages are measured
    Job.objects.filter(pk=job.pk).update(state=JobState.CLOSED, closed_at=now, closes_on=clock.today() - DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE proposals_entry, proposals_entryfile, files_file")
    return job


def _waits(entry: Entry) -> bool:
    return entry.number % 8 == 7
