"""Facts this room records."""

REVIEW_WRITTEN = "review.written"
REVIEWS_OPENED = "review.opened"
THANKS_SENT = "review.thanks_sent"
