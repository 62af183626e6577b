EXPORT_ASKED = "privacy.export_asked"
EXPORT_MADE = "privacy.export_made"
EXPORT_TAKEN = "privacy.export_taken"
CLOSED = "privacy.account_closed"                   # left, and the record waits
CAME_BACK = "privacy.came_back"
ERASED = "privacy.erased"
PAPER_READ = "privacy.sealed_paper_read"            # by finance or an auditor; about the number of the person
KEY_DESTROYED = "privacy.key_destroyed"
