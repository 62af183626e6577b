"""Who may take home, leave, and read what is sealed."""
from machi.privacy.lifecycle import EXPORT_LIFECYCLE
from machi.privacy.models import Export


def can_take(user, export: Export) -> bool:
    return user.pk == export.user_id and export.is_ready


def can_drop(export: Export) -> bool:
    return EXPORT_LIFECYCLE.allows(export.state, "drop")
