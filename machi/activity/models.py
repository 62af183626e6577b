"""Facts: who did what, when. Written in the transaction of the deed, never changed (the database refuses)."""
from django.conf import settings
from django.db import models
from django.db.models.expressions import Func

from machi.shared.privacy import BUSINESS, TECHNICAL


class CurrentTransaction(Func):
    """The number of the writing transaction, without which "in the order of commits" cannot be asked."""

    function, template = "pg_current_xact_id", "%(function)s()"


class TransactionNumber(models.Field):
    """PostgreSQL's xid8."""

    def db_type(self, connection):
        return "xid8"


class Fact(models.Model):
    """Something that happened. `name` comes from the facts.py of a room, `about` is a reference such as contract:12."""

    written_in = TransactionNumber(db_default=CurrentTransaction(), editable=False, db_comment=TECHNICAL)
    happened_at = models.DateTimeField(db_comment=TECHNICAL)
    name = models.CharField(max_length=60, db_comment=TECHNICAL)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False,
                              db_comment=BUSINESS)          # nobody: the town's clock did it
    about = models.CharField(max_length=60, db_comment=TECHNICAL)
    data = models.JSONField(default=dict, db_comment=BUSINESS)

    class Meta:
        indexes = [models.Index(fields=["about", "id"], name="fact_about"),
                   models.Index(fields=["actor", "id"], name="fact_actor"),
                   models.Index(fields=["written_in", "id"], name="fact_order")]


class Cursor(models.Model):
    """How far a reader of facts has come, in the order of commits."""

    reader = models.CharField(max_length=60, primary_key=True, db_comment=TECHNICAL)
    written_in = models.CharField(max_length=20, default="0", db_comment=TECHNICAL)     # an xid8, as text
    fact_id = models.BigIntegerField(default=0, db_comment=TECHNICAL)
