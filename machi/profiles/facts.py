"""Facts this room records."""

PROFILE_WRITTEN = "profile.written"
ENTRY_ADDED = "profile.entry_added"
ENTRY_REMOVED = "profile.entry_removed"
HOBBIES_JOINED = "profile.hobbies_joined"
