"""What somebody may do for a party: four powers, each given by itself. A person's own party gives its person every one."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Power(TextChoices):
    MEMBER = "member", _("power.member")            # 募集と応募: writes and publishes posts, reads applicants, talks
    APPROVER = "approver", _("power.approver")      # お願いと検収: chooses, offers, accepts deliveries, asks for changes
    PAYER = "payer", _("power.payer")               # お金: puts money in escrow, sees statements and withheld tax
    KEEPER = "keeper", _("power.keeper")            # 世話役: has every power; invites, changes powers, says who the party is


EVERY_POWER = frozenset(power.value for power in Power)
READS_WORK = (Power.MEMBER, Power.APPROVER)         # who reads what people wrote and handed over; whoever pays sees the money


def with_all_it_brings(powers) -> frozenset[str]:
    """Whoever keeps an organisation has every power."""
    return EVERY_POWER if Power.KEEPER in powers else frozenset(map(str, powers)) & EVERY_POWER
