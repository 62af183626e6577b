"""The verbs of posts: writing, publishing, keeping and closing them, their seats, the pot of a contest, and questions that all may read."""
from machi.jobs.actions.contests import count_entry, end_contest, number_entry, open_pot, refuse_pot
from machi.jobs.actions.keeping import (
    PATIENCE,
    ask_whether_open,
    confirm_open,
    copy_job,
    limit_applicants,
    pause_job,
    pause_unanswered,
    reopen_job,
    resume_job,
)
from machi.jobs.actions.looking import note_stop, return_look
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
    pass_look,
    publish_job,
    take_seat,
    use_template,
)
from machi.jobs.actions.questions import answer, ask

__all__ = ["PATIENCE", "WRITABLE", "answer", "ask", "ask_whether_open", "begin_job", "close_job", "close_overdue", "confirm_open",
           "copy_job", "count_entry", "count_proposal", "count_topics", "draft_job", "edit_job", "end_choosing", "end_contest",
           "end_membership", "fill_seat", "follow_topics", "free_seat", "lead_posts", "limit_applicants", "note_stop", "number_entry",
           "open_pot", "pass_look", "pause_job", "pause_unanswered", "publish_job", "refuse_pot", "reopen_job", "resume_job",
           "return_look", "take_seat", "use_template"]
