"""What a client types on the six screens of a post, and how it is sent."""
import datetime

from machi.jobs.models import Job
from machi.shared import clock

HTMX = {"HX-Request": "true"}


def in_days(days: int) -> str:
    return (clock.today() + datetime.timedelta(days=days)).isoformat()


WHO = {"address": "東京都港区みなと1-2-3", "contact": "a@example.jp", "trade": "sole",
       "has_employees": False, "is_withholding_agent": False}


def screens() -> dict[str, dict]:
    """What a client types, screen by screen."""
    return {
        "kind": {"form": "project", "category": "writing"},
        "what": {"title": "地域サッカーの記事", "body": "週末の試合を見て、記事を書いてください。",
                 "outcome": "文章のファイル1つ", "topic": "サッカー"},
        "reward": {"reward_yen": "１０，０００円", "minutes_estimate": "４時間"},
        "dates": {"closes_on": in_days(7), "due_on": in_days(21), "seats_count": "２人", "newcomer_seats_count": "1"},
        "how": {"sync": "none", "sync_note": "", "channels": ["text"], "place": "自宅など、どこでも", "ai": "declared",
                "rights": "transferred", "block_minutes": "30", "slack_days": "0",
                "revisions_count": "2", "acceptance_days": "7"},
        "client": {"name": "みなと応援会", "address": "東京都港区みなと1-2-3", "contact": "info@example.jp", "trade": "company",
                   "has_employees": "on"}}


def post(browser, job: Job, step: str, typed: dict, version: int | None = None, **more):
    job.refresh_from_db()
    known = {} if step == "client" else {"version": job.version if version is None else version}
    return browser.post(f"/jobs/{job.pk}/write/{step}/", typed | known, **more)
