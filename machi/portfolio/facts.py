"""Facts this room records."""

PIECE_ADDED = "portfolio.piece_added"
PIECE_CHANGED = "portfolio.piece_changed"
PIECE_REMOVED = "portfolio.piece_removed"
PIECE_BROUGHT_BACK = "portfolio.piece_brought_back"
