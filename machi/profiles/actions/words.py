"""Who somebody is: their names, and a few words."""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts import actions as accounts
from machi.accounts.models import User
from machi.activity import actions as activity
from machi.profiles import facts
from machi.profiles.actions.person import hold
from machi.profiles.models import Names, Profile, Unsaved
from machi.profiles.queries import names_as_saved
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.seals import refuse_if_overtaken, values_of


@transaction.atomic
def write_profile(*, by, headline: str | None = None, about: str | None = None, conditions: str | None = None,
                  seen: str | None = None) -> Profile:
    """A person says who they are, and how they like to work (conditions, never reasons). What is not named stays as it is.

    `seen` is the seal of what the form had read; raises Overtaken where another window saved other words meanwhile.
    """
    lines = {"headline": headline, "about": about, "conditions": conditions}
    words = {name: text for name, text in lines.items() if text is not None}
    hold(by)
    saved = Profile.objects.filter(user=by).first()
    refuse_if_overtaken(seen, values_of(saved, words), words)
    profile, _is_new = Profile.objects.update_or_create(user=by, defaults=words | {"changed_at": clock.now()})
    for place in words:
        _forget(by, place)
    activity.record(actor=by, fact=facts.PROFILE_WRITTEN, about=f"user:{by.pk}")
    return profile


@transaction.atomic
def write_names(*, by, call_name: str, call_reading: str = "", legal_name: str = "", legal_reading: str = "",
                shown: str = Names.Shown.CALL, seen: str | None = None) -> User:
    """A person says what to be called, what papers call them, how both are read, and which one others see (F91).

    Only the chosen name and its reading are handed to `accounts`, where every other page finds them.
    """
    person = hold(by)
    typed = {"legal_name": legal_name, "legal_reading": legal_reading, "call_name": call_name, "call_reading": call_reading, "shown": shown}
    saved = Names.objects.filter(user=by).first()
    refuse_if_overtaken(seen, names_as_saved(person, saved), typed)
    if shown == Names.Shown.LEGAL and not legal_name:
        raise DomainError(_("me.names.nothing_to_show"))
    Names.objects.update_or_create(user=by, defaults=typed)
    activity.record(actor=by, fact=facts.NAMES_WRITTEN, about=f"user:{by.pk}")
    name, reading = (legal_name, legal_reading) if shown == Names.Shown.LEGAL else (call_name, call_reading)
    return accounts.introduce(by=by, display_name=name, reading=reading)


@transaction.atomic
def keep_unsaved(*, by, place: str, values: dict) -> Unsaved:
    """What is being typed waits here; others go on reading what was saved."""
    unsaved, _is_new = Unsaved.objects.update_or_create(user=by, place=place, defaults={"values": values, "saved_at": clock.now()})
    return unsaved


def _forget(by, place: str) -> None:
    Unsaved.objects.filter(user=by, place=place).delete()
