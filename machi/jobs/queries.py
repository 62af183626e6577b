"""Questions about posts."""
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.jobs import plans, wages, wordings
from machi.jobs.contests import Contest
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.plans import Step
from machi.jobs.questions import JobQuestion
from machi.jobs.templates import OPEN_PLACE, is_open
from machi.shared import clock
from machi.shared.question import Question


def missing_items(job: Job) -> list[str]:
    """What the law and the other side still need before a post can be published, in the words of the form."""
    party = job.client
    wanted = [
        (job.title, _("job.title.label")), (job.body, _("job.body.label")), (job.category_id, _("job.category.label")),
        (job.place, _("job.place.label")), *_pay(job), (job.closes_on, _("job.closes_on.label")),
        (job.sync, _("job.sync.label")), (job.ai, _("job.ai.label")),
        (party.name, _("client.name.label")), (party.address, _("client.address.label")), (party.contact, _("client.contact.label")),
    ]
    missing = [words for value, words in wanted if not value]
    if any(map(is_open, (job.title, job.body, job.outcome, job.place))):
        missing.append(_("job.open_places") % {"mark": OPEN_PLACE})
    if job.closes_on and job.closes_on < clock.today():
        missing.append(_("job.closes_on.past"))
    if job.closes_on and job.due_on and job.due_on <= job.closes_on:
        missing.append(_("job.due_on.before_close"))
    if (minutes := _time(job)) and job.reward_yen and _price(job) < wages.least_for(minutes):
        missing.append(wages.too_little(minutes))
    return missing + plans.faults(plans.read(job.plan), job.reward_yen, job.due_on, job.closes_on)


def _pay(job: Job) -> list[tuple]:
    """What a form of work needs to say about its money and its days."""
    if job.form == Job.Form.HOURLY:
        return [(job.rate_yen, _("job.rate.label")), (job.weekly_hours, _("job.weekly_hours.label")),
                (job.weeks_count, _("job.weeks.label"))]
    if job.is_contest:
        contest = Contest.objects.filter(job=job).first() or Contest(job=job)
        return [(contest.prizes_yen, _("contest.prizes.label")), (contest.takes, _("contest.takes.label")),
                (contest.hours, _("contest.hours.label"))]
    return [(job.reward_yen, _("job.reward.label")), (job.minutes_estimate, _("job.hours.label")), (job.due_on, _("job.due_on.label"))]


def _time(job: Job) -> int | None:
    """For how many minutes the price below is paid: of a contest, whoever wins its smallest prize."""
    return 60 if job.form == Job.Form.HOURLY else job.minutes_estimate


def _price(job: Job) -> int:
    if job.is_contest:
        return min(Contest.objects.get(job=job).prizes_yen)
    return job.rate_yen if job.form == Job.Form.HOURLY else job.reward_yen


def plan_of(job: Job) -> list[Step]:
    """The steps of a post, in their order: the client's, or the whole work as the only one. Their prices add up to the reward."""
    return plans.read(job.plan) or [Step(job.title, job.reward, job.due_on)]


def is_to_look_at(job: Job) -> bool:
    """Does somebody read these words before the post opens? Not whoever writes decides it, but what they wrote: a rule that doubts;
    words that were stopped, of a client through whom nobody has worked yet; or the last post of this client that was read went back.
    """
    answered = JobLook.objects.exclude(answer__in=("", JobLook.Answer.LAPSED))
    if answered.filter(job=job, version=job.version, answer=JobLook.Answer.PASSED).exists():
        return False
    if wordings.found_in(wordings.words_of(job)):
        return True
    last = answered.filter(job__client=job.client_id).order_by("-answered_at", "-pk").first()
    if last and last.answer == JobLook.Answer.RETURNED:
        return True
    return bool(job.stopped_at) and not Job.objects.filter(client=job.client_id, seats_accepted__gt=0).exists()


def newest_look(job: Job) -> JobLook | None:
    """What the town says, or has not yet said, about a draft."""
    return JobLook.objects.filter(job=job).exclude(answer=JobLook.Answer.LAPSED).order_by("-pk").first()


def looks_before(look: JobLook) -> int:
    """How many posts wait longer than this one."""
    return JobLook.objects.waiting().filter(asked_at__lt=look.asked_at).count()


def jobs_given_by(user, party: int) -> QuerySet[Job]:
    """The posts of one party for which this person reads work, newest first."""
    return Job.objects.given_by(user).filter(client=party).select_related("category", "topic", "contact").order_by("-pk")


def looked_after_counts(party: Party) -> dict[int, int]:
    """How many posts of an organisation each of its people looks after."""
    posts = Job.objects.filter(client=party, contact__isnull=False).order_by("contact")
    return dict(posts.values_list("contact").annotate(count=Count("pk")))


_questions = Question(lambda job: JobQuestion.objects.filter(job=job).select_related("asker").order_by("pk"))


def about_questions(job: int) -> list:
    """What `questions_about` asks, for `asked_together`."""
    return [_questions.about(job)]


def questions_about(job: int) -> list[JobQuestion]:
    """What was asked about a post, and answered, oldest first."""
    return _questions(job)


def free_seats(job: Job) -> tuple[int, int]:
    """Seats nobody was asked for yet: those for everybody, and those for newcomers."""
    for_newcomers = job.newcomer_seats_count - job.newcomer_seats_taken
    return job.seats_count - job.seats_taken - for_newcomers, for_newcomers
