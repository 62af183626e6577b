"""Who may take home, leave, and read what is sealed."""
from machi.accounts import roles
from machi.accounts.models import Duty
from machi.privacy.lifecycle import EXPORT_LIFECYCLE
from machi.privacy.models import Export


def can_take(user, export: Export) -> bool:
    return user.pk == export.user_id and export.is_ready


def can_drop(export: Export) -> bool:
    return EXPORT_LIFECYCLE.allows(export.state, "drop")


def can_read_sealed(user) -> bool:
    """Finance and auditors, as long as they are it."""
    return Duty.objects.current().filter(person=user.pk, kind__in=(roles.Finance.key, roles.Auditor.key)).exists()
