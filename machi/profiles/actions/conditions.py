"""How somebody works, what they would like to receive, and when: conditions, never reasons."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.profiles import facts
from machi.profiles.actions.person import hold
from machi.profiles.actions.words import write_profile
from machi.profiles.models import Availability, Pay, PrivateConditions, Profile, WorkingConditions
from machi.shared.errors import DomainError
from machi.shared.seals import refuse_if_overtaken, seal, values_of

SHARED, OWN = ("hours", "bands", "blocks", "channels"), ("may_leave_suddenly", "slack_days")
EVENINGS = [WorkingConditions.Band.NIGHT, WorkingConditions.Band.WEEKEND]           # 平日の夜と土日 (F09)


@transaction.atomic
def write_conditions(*, by, hours: int | None = None, bands=(), blocks=(), channels=(), conditions: str | None = None,
                     may_leave_suddenly: bool = False, slack_days: int | None = None, seen: str | None = None) -> WorkingConditions:
    """A person says how they work. What is theirs alone (急に離れることがある, 納期のゆとり) goes where no page of others reads."""
    shared = {"hours": hours, "bands": [band for band in WorkingConditions.Band.values if band in bands],
              "blocks": sorted(map(int, blocks)), "channels": [way for way in WorkingConditions.Channel.values if way in channels]}
    own = {"may_leave_suddenly": may_leave_suddenly, "slack_days": slack_days}
    hold(by)
    saved = WorkingConditions.objects.filter(user=by).first()
    refuse_if_overtaken(seen, conditions_as_saved(by, saved), shared | own | {"conditions": conditions or ""})
    written, _is_new = WorkingConditions.objects.update_or_create(user=by, defaults=shared)
    PrivateConditions.objects.update_or_create(user=by, defaults=own)
    if conditions is not None:
        write_profile(by=by, conditions=conditions)
    activity.record(actor=by, fact=facts.CONDITIONS_WRITTEN, about=f"user:{by.pk}")
    return written


def conditions_as_saved(user, saved: WorkingConditions | None = None) -> dict:
    """The whole section as its form shows it."""
    saved = saved or WorkingConditions.objects.filter(user=user).first()
    own, profile = PrivateConditions.objects.filter(user=user).first(), Profile.objects.filter(user=user).first()
    said = {"bands": [], "blocks": [], "channels": []} if saved is None else values_of(saved, SHARED)
    own_said = {"may_leave_suddenly": False} if own is None else values_of(own, OWN)
    return said | own_said | {"conditions": profile.conditions if profile else ""}


@transaction.atomic
def like_evenings(*, by) -> WorkingConditions:
    """平日の夜と土日, in one tap: beside a main job (F09). Nothing else of the conditions changes. The tap is offered to whoever chose no
    hours yet: raises Overtaken where another window chose some.
    """
    hold(by)
    saved = WorkingConditions.objects.filter(user=by).first()
    refuse_if_overtaken(seal({}), values_of(saved, ["bands"]), {"bands": EVENINGS})
    written, _is_new = WorkingConditions.objects.update_or_create(user=by, defaults={"bands": EVENINGS})
    activity.record(actor=by, fact=facts.CONDITIONS_WRITTEN, about=f"user:{by.pk}")
    return written


@transaction.atomic
def say_pay(*, by, amount_yen: int | None, per: str = Pay.Per.HOUR, tax: str = Pay.Tax.INCLUDED, is_public: bool = False,
            seen: str | None = None) -> Pay | None:
    """What somebody would like to receive. An empty amount takes it off the page."""
    hold(by)
    saved = Pay.objects.filter(user=by).first()
    typed = {"amount_yen": amount_yen, "per": per, "tax": tax, "is_public": is_public}
    refuse_if_overtaken(seen, values_of(saved, typed), typed)
    activity.record(actor=by, fact=facts.PAY_SAID, about=f"user:{by.pk}")
    if amount_yen is None:
        Pay.objects.filter(user=by).delete()
        return None
    return Pay.objects.update_or_create(user=by, defaults=typed)[0]


@transaction.atomic
def say_availability(*, by, standing: str, from_on: datetime.date | None = None, is_scoutable: bool = False,
                     seen: str | None = None) -> Availability:
    """Whether somebody can take work now, from a day on, or rests; and whether clients may write first."""
    if (standing == Availability.Standing.LATER) != (from_on is not None):
        raise DomainError(_("me.availability.day"))
    hold(by)
    saved = Availability.objects.filter(user=by).first()
    typed = {"standing": standing, "from_on": from_on, "is_scoutable": is_scoutable}
    refuse_if_overtaken(seen, values_of(saved, typed), typed)
    activity.record(actor=by, fact=facts.AVAILABILITY_SAID, about=f"user:{by.pk}")
    return Availability.objects.update_or_create(user=by, defaults=typed)[0]
