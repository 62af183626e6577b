"""States of an export (お持ち帰り)."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class ExportState(TextChoices):
    REQUESTED = "requested", _("export.state.requested")    # waits for the background
    MAKING = "making", _("export.state.making")             # being written; how far, the row says
    READY = "ready", _("export.state.ready")                # lies there until its day
    GONE = "gone", _("export.state.gone")                   # its day is over, or another took its place


S = ExportState
EXPORT_LIFECYCLE = Lifecycle({
    (S.REQUESTED, "begin"): S.MAKING,
    (S.MAKING, "begin"): S.MAKING,                          # whoever was at it is dead: from the beginning again
    (S.MAKING, "finish"): S.READY,
    (S.REQUESTED, "drop"): S.GONE,
    (S.MAKING, "drop"): S.GONE,
    (S.READY, "drop"): S.GONE,
})
