"""Facts this room records."""

JOB_DRAFTED = "job.drafted"
JOB_PUBLISHED = "job.published"
JOB_CHANGED = "job.changed"
JOB_CLOSED = "job.closed"
JOB_AWARDED = "job.awarded"
JOB_ENDED = "job.ended"
