"""Facts this room records."""

REVIEW_WRITTEN = "review.written"
REVIEWS_OPENED = "review.opened"
RECORD_ISSUED = "review.record_issued"
RECORD_REVOKED = "review.record_revoked"
THANKS_SENT = "review.thanks_sent"
