"""Work by the hour (時間報酬): what one week pays at most, and about when it is over, follow from what the client says."""
import datetime

WEEK = datetime.timedelta(days=7)


def settle(job) -> None:
    """Fill in what follows from the hours, and take away what belongs to another form of work. It writes nothing.

    The week of choosing counts too: work begins about a week after the closing day.
    """
    if job.form != job.Form.HOURLY:
        job.rate_yen = job.weekly_hours = job.weeks_count = None
        return
    job.plan = []
    job.reward_yen = job.rate_yen * job.weekly_hours if job.rate_yen and job.weekly_hours else None
    job.due_on = job.closes_on + WEEK * (1 + job.weeks_count) if job.closes_on and job.weeks_count else None
