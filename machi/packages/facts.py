"""Facts this room records."""

PACKAGE_WRITTEN = "package.written"
PACKAGE_CHANGED = "package.changed"
PACKAGE_OPENED = "package.opened"
PACKAGE_PAUSED = "package.paused"
