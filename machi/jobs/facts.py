"""Facts this room records."""

JOB_DRAFTED = "job.drafted"
JOB_PUBLISHED = "job.published"
JOB_CHANGED = "job.changed"
JOB_CLOSED = "job.closed"
JOB_PAUSED = "job.paused"
JOB_RESUMED = "job.resumed"
JOB_REOPENED = "job.reopened"
JOB_LIMITED = "job.limited"                     # at most so many may apply; none: the limit is gone
JOB_CONFIRMED = "job.confirmed"                 # the client said that it is still open
JOB_AWARDED = "job.awarded"
JOB_ENDED = "job.ended"
JOB_HANDED_OVER = "job.handed_over"            # another member of the organisation looks after it
JOB_STOPPED = "job.stopped"                     # a rule about words found something to change
LOOK_ASKED = "job.look_asked"
LOOK_LAPSED = "job.look_lapsed"
LOOK_ANSWERED = "job.look_answered"
QUESTION_ASKED = "job.question_asked"
QUESTION_ANSWERED = "job.question_answered"
