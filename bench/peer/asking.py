"""What home and the contract room ask, as querysets of models: what belongs to a row comes along, or in one more query for all rows."""
import datetime
from itertools import chain

from django.db.models import F, Prefetch, Q

from machi.accounts.models import User
from machi.contracts.lifecycle import WishState
from machi.contracts.models import DateRequest, Delivery, DeliveryFile, Milestone, RevisionRequest
from machi.contracts.queries import NEWEST_ROUNDS, open_offers_to, track_record
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.journey.models import Wish
from machi.journey.queries import A_WEEK, Standing
from machi.matching.queries import MOST_FOR_ONE, ROOMY_AMONG, Leaning
from machi.matching.reasons import Subject, fit, reasons
from machi.notifications.models import Notice
from machi.notifications.queries import AT_HOME
from machi.payments.fees import settlement
from machi.profiles.models import PrivateConditions, WorkingConditions
from machi.profiles.queries import Page
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal
from machi.proposals.queries import open_for, proposals_of
from machi.shared import clock
from machi.web.pages.front.steps import EACH


def standing_of(user: User) -> Standing:
    """What somebody wishes for, whether they have ever applied, how many days of slack they want, and when they can work."""
    wishes = {wish.kind for wish in Wish.objects.filter(user=user)}
    conditions, private = getattr(user, "working_conditions", None), PrivateConditions.objects.filter(user=user).first()
    slack = (private.slack_days or A_WEEK * private.may_leave_suddenly) if private else 0
    return Standing(tuple(kind for kind in Wish.Kind.values if kind in wishes),
                    Proposal.objects.filter(worker=user, submitted_at__isnull=False).exists(), slack,
                    bool(conditions and conditions.bands) and WorkingConditions.Band.DAY not in conditions.bands)


def jobs_for(worker: User, page: Page, leaning: Leaning, at_most: int = 4) -> list[tuple[Job, str]]:
    """Open posts for somebody's home, each with the line that says why."""
    topics = [hobby.topic.standing_pk for hobby in page.hobbies]
    kinds = [career.category_id for career in page.careers if career.category_id]
    posts = (open_for(worker).select_related("category", "topic").defer("pairs", "topic__marks")
             .order_by("-published_at", "-pk"))
    sorts = [posts.filter(Q(topic__in=topics) | Q(category__in=kinds)), posts]
    if leaning.in_writing:
        sorts.append(posts.filter(sync=Job.Sync.NONE))
    if leaning.other_kinds:
        sorts.append(posts.exclude(category__in=kinds))
    if leaning.slack_days:
        newest = list(posts.values_list("pk", flat=True)[:ROOMY_AMONG])
        sorts.append(posts.filter(pk__in=newest, due_on__gte=F("closes_on") + datetime.timedelta(leaning.slack_days)))
    found = list({job.pk: job for job in chain.from_iterable(sort[:MOST_FOR_ONE] for sort in sorts)}.values())
    found.sort(key=lambda job: (job.topic_id in topics or job.category_id in kinds, job.published_at, job.pk), reverse=True)
    found.sort(key=lambda job: -_agrees(leaning, job, topics, kinds))
    record = track_record(worker)
    told = [(_agrees(leaning, job, topics, kinds), job, reasons(page, record, Subject.of(job))) for job in found[:at_most]]
    told.sort(key=lambda one: (-one[0], -fit(one[2])))
    return [(_with_sums(job), why[0].fact if why else "") for _number, job, why in told]


def _agrees(leaning: Leaning, job: Job, topics: list[int], kinds: list[str]) -> int:
    topic = job.topic and job.topic.standing_pk
    return sum((leaning.topics and topic in topics, leaning.kinds and job.category_id in kinds,
                leaning.other_kinds and job.category_id not in kinds, leaning.in_writing and job.sync == Job.Sync.NONE,
                leaning.own_hours and job.sync != Job.Sync.HOURS,
                leaning.slack_days and (job.due_on - job.closes_on).days >= leaning.slack_days))


def _with_sums(job: Job) -> Job:
    job.net_yen = settlement(job.reward, on=clock.today(), is_withheld=job.is_withheld).worker_receives
    job.free_newcomer_seats = job.newcomer_seats_count - job.newcomer_seats_taken
    return job


def in_hand(worker: int, today) -> list[tuple]:
    """Offers that wait for an answer, and applications that were begun, as home tells them."""
    drafts = proposals_of(worker).filter(state=ProposalState.DRAFT, job__state=JobState.OPEN, job__closes_on__gte=today)
    return [([{"pk": offer.pk, "job": offer.terms["title"], "net_yen": offer.terms["net_yen"], "answer_by": offer.answer_by.isoformat()}
              for offer in open_offers_to(worker)[:EACH]],
             [{"pk": draft.job_id, "job": draft.job.title, "closes_on": draft.job.closes_on.isoformat()} for draft in drafts[:EACH]])]


def newest_notices(user: User) -> list[Notice]:
    return list(Notice.objects.filter(user=user, read_at=None).order_by("-id")[:AT_HOME])


def steps(contract: int) -> list[Milestone]:
    """The steps of a contract, each with what was asked and agreed about its due date."""
    dates = DateRequest.objects.filter(state__in=(WishState.ASKED, WishState.AGREED)).order_by("pk")
    found = list(Milestone.objects.filter(contract=contract).prefetch_related(Prefetch("date_requests", dates, to_attr="dates"))
                 .order_by("number"))
    for one in found:
        one.told_dates = [{
            "id": date.pk, "side": date.side, "wished_on": date.wished_on.isoformat(), "words": date.words, "state": date.state,
            "version": date.version, "addition": date.addition, "addition_hash": date.addition_hash} for date in one.dates]
    return found


def newest_rounds(contract: int) -> list[tuple]:
    """What was handed over last, with its files, and what was asked to be different."""
    files = DeliveryFile.objects.select_related("file").order_by("pk")
    found = list(Delivery.objects.filter(milestone__contract=contract).select_related("milestone").prefetch_related(
        Prefetch("files", files)).order_by("-pk")[:NEWEST_ROUNDS + 1])
    asked = {(one.milestone_id, one.round): one for one in RevisionRequest.objects.filter(milestone__contract=contract)}
    return [(one.pk, one.milestone_id, one.round, one.text, one.ai_note, one.delivered_at,
             [{"pk": file.pk, "name": file.file.name, "size": file.file.size} for file in one.files.all()],
             [{"id": request.pk, "round": request.round, "points": request.points, "asked_at": request.asked_at.isoformat()}
              for request in (asked.get((one.milestone_id, one.round)),) if request], one.milestone.title)
            for one in found]
