"""import-linter cannot see a foreign key that names its table in a text. Rows, too, point only down; to a person from anywhere."""
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from machi.accounts.models import User
from machi.contracts.models import Contract
from machi.jobs.models import Job
from machi.profiles.models import Profile
from tests.architecture.reading import heights


def pointing_up(tables) -> list[str]:
    """Relations of our tables to a table on the same floor of another room, or on a higher floor."""
    height, found = heights(), []
    for table in tables:
        for field in (one for one in table._meta.get_fields() if one.is_relation and one.concrete):
            there, here = field.related_model._meta, table._meta
            is_person = there.label == settings.AUTH_USER_MODEL
            if there.app_label not in height or there.app_label == here.app_label or is_person:
                continue
            if height[there.app_label] >= height[here.app_label]:
                found.append(f"{here.label}.{field.name} -> {there.label}")
    return found


def our_tables():
    return [table for table in apps.get_models() if table.__module__.startswith("machi.")]


def test_rows_point_down():
    assert len(our_tables()) > 25
    assert pointing_up(our_tables()) == []


@isolate_apps("machi.jobs", "machi.payments", "machi.activity")
def test_a_key_that_points_up_is_found():
    class Advert(models.Model):
        contract = models.ForeignKey(Contract, models.PROTECT)
        job = models.ForeignKey(Job, models.PROTECT)                                # its own room
        person = models.ForeignKey(User, models.PROTECT)                            # anybody may point at a person

        class Meta:
            app_label = "jobs"

    class Letter(models.Model):
        profile = models.ForeignKey(Profile, models.PROTECT)

        class Meta:
            app_label = "payments"

    class Reader(models.Model):
        jobs = models.ManyToManyField(Job)

        class Meta:
            app_label = "activity"

    assert pointing_up([Advert, Letter, Reader]) == [
        "jobs.Advert.contract -> contracts.Contract", "payments.Letter.profile -> profiles.Profile", "activity.Reader.jobs -> jobs.Job"]
