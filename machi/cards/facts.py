"""Facts this room records."""

CARD_OPENED = "card.opened"                         # somebody was led to the page where a card is typed
CARD_QUARANTINED = "card.quarantined"
QUARANTINE_CLOSED = "card.quarantine_closed"
