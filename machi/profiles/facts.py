"""Facts this room records."""

PROFILE_WRITTEN = "profile.written"
NAMES_WRITTEN = "profile.names_written"
CONDITIONS_WRITTEN = "profile.conditions_written"
PAY_SAID = "profile.pay_said"
AVAILABILITY_SAID = "profile.availability_said"
ENTRY_ADDED = "profile.entry_added"
ENTRY_REMOVED = "profile.entry_removed"
