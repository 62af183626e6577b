"""Facts this room records. `topics` are the numbers of all rows that are called otherwise, or stand for another topic, since then."""

TOPIC_RENAMED = "topic.renamed"
TOPIC_MERGED = "topic.merged"
TOPIC_PARTED = "topic.parted"
CHANGED = {TOPIC_RENAMED, TOPIC_MERGED, TOPIC_PARTED}
