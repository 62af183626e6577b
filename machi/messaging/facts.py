"""Facts this room records."""

MESSAGE_SENT = "message.sent"
