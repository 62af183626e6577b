"""The verbs of posts: writing, publishing and closing them, and their seats."""
from machi.jobs.actions.posting import (
    WRITABLE,
    begin_job,
    close_job,
    close_overdue,
    count_proposal,
    count_topics,
    draft_job,
    edit_job,
    end_choosing,
    end_membership,
    fill_seat,
    follow_topics,
    free_seat,
    lead_posts,
    publish_job,
    take_seat,
)

__all__ = ["WRITABLE", "begin_job", "close_job", "close_overdue", "count_proposal", "count_topics", "draft_job", "edit_job", "end_choosing",
           "end_membership", "fill_seat", "follow_topics", "free_seat", "lead_posts", "publish_job", "take_seat"]
