"""How somebody stands before the tax law: what the town must know to pay them right, and nothing more (money.md 2.1)."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.shared.privacy import PERSONAL, TECHNICAL


class TaxStanding(models.Model):
    """What a worker says of themselves. Who has said nothing counts as a person without employees and without a number."""

    class Kind(models.TextChoices):
        PERSON = "person", _("taxes.kind.person")           # 個人
        COMPANY = "company", _("taxes.kind.company")        # 法人

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tax_standing", db_comment=PERSONAL)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PERSON, db_comment=PERSONAL)
    has_employees = models.BooleanField(default=False, db_comment=PERSONAL)     # 従業員: 20 hours a week and 31 days or more
    number = models.CharField(max_length=14, blank=True, db_comment=PERSONAL)   # 登録番号: T and 13 digits
    valid_from = models.DateField(null=True, db_comment=PERSONAL)               # registered since
    said_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(name="tax_number_has_its_day", condition=(
            Q(number="", valid_from=None) | ~Q(number="") & Q(valid_from__isnull=False)))]

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY
