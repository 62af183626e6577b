"""The verbs of posts: writing, publishing and closing them, their seats, the pot of a contest, and questions that all may read."""
from machi.jobs.actions.contests import count_entry, end_contest, number_entry, open_pot, refuse_pot
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
    use_template,
)
from machi.jobs.actions.questions import answer, ask

__all__ = ["WRITABLE", "answer", "ask", "begin_job", "close_job", "close_overdue", "count_entry", "count_proposal", "count_topics",
           "draft_job", "edit_job", "end_choosing", "end_contest", "end_membership", "fill_seat", "follow_topics", "free_seat",
           "lead_posts", "number_entry", "open_pot", "publish_job", "refuse_pot", "take_seat", "use_template"]
