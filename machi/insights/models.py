"""Numbers of the town, computed by night from what really happened; about many people at once, never about one."""
from django.db import models
from django.db.models import F, Q

from machi.shared.privacy import TECHNICAL


class BandFigure(models.Model):
    """On one day: of the applications by people whose page was so far written, how many led to a request (お願い)."""

    day = models.DateField(db_comment=TECHNICAL)
    from_percent = models.PositiveSmallIntegerField(db_comment=TECHNICAL)       # the lower end of the band
    people_count = models.PositiveIntegerField(db_comment=TECHNICAL)
    proposals_count = models.PositiveIntegerField(db_comment=TECHNICAL)         # sent, and answered since
    chosen_count = models.PositiveIntegerField(db_comment=TECHNICAL)            # of these
    known_count = models.PositiveIntegerField(db_comment=TECHNICAL)             # of these: completeness as it was when sent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "from_percent"], name="one_figure_of_a_band"),
            models.CheckConstraint(name="band_figures", condition=Q(
                chosen_count__lte=F("proposals_count"), known_count__lte=F("proposals_count"), people_count__lte=F("proposals_count"),
                from_percent__lte=100)),
        ]
