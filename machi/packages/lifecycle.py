"""States of a service package."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class PackageState(TextChoices):
    DRAFT = "draft", _("package.state.draft")               # 下書き
    OPEN = "open", _("package.state.open")                  # 受付中
    PAUSED = "paused", _("package.state.paused")            # お休み中


S = PackageState
PACKAGE_LIFECYCLE = Lifecycle({
    (S.DRAFT, "change"): S.DRAFT,
    (S.DRAFT, "open"): S.OPEN,
    (S.OPEN, "change"): S.OPEN,                             # whoever asked before has terms of their own
    (S.OPEN, "pause"): S.PAUSED,
    (S.PAUSED, "change"): S.PAUSED,
    (S.PAUSED, "open"): S.OPEN,
})
