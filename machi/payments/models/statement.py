"""Our copy of what the bank wrote, line by line, under the keys of our books."""
from django.db import models

from machi.shared.privacy import BUSINESS, TECHNICAL


class StatementLine(models.Model):
    """A line of the bank's own statement, as it was read. The bank's file is the outside record; this is our copy."""

    key = models.CharField(max_length=60, primary_key=True, db_comment=TECHNICAL)
    value_on = models.DateField(db_comment=TECHNICAL)
    amount_yen = models.BigIntegerField(db_comment=BUSINESS)                    # in: above zero, out: below
    read_at = models.DateTimeField(db_comment=TECHNICAL)
