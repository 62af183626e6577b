"""Every table says to whom its rows belong: the data map from which taking home, erasing and their tests are made (trust.md T40)."""
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from machi.accounts.models import Party, User
from machi.contracts.models import Contract
from machi.privacy.belongings import DECLARED, OF_THE_TOWN, Fate, belongings, unclear
from machi.shared.privacy import BUSINESS, PRIVATE, PUBLIC, TECHNICAL


def test_every_table_says_whose_its_rows_are():
    """Read machi/privacy/belongings.py: a line in DECLARED or OF_THE_TOWN says what the columns do not."""
    assert unclear(apps.get_models()) == {}
    assert len(belongings()) > 25


def test_nothing_is_declared_that_does_not_exist():
    assert (set(DECLARED) | set(OF_THE_TOWN)) - {table._meta.label for table in apps.get_models()} == set()


def test_the_ways_lead_to_people():
    """Every lookup of the map can be asked, and ends at a person."""
    for one in belongings().values():
        for path in (*one.own, *one.shared):
            field, table = None, one.table
            for name in path.split("__"):
                field = table._meta.pk if name == "pk" else table._meta.get_field(name)
                table = field.related_model or table
            assert table._meta.label == settings.AUTH_USER_MODEL, f"{one.label}: {path}"


def test_what_is_only_the_persons_goes_and_what_others_stand_on_is_emptied():
    fates = {label: one.fate for label, one in belongings().items()}

    assert fates["profiles.Strength"] == fates["notifications.Notice"] == fates["payments.BankAccount"] == Fate.GO
    assert fates["proposals.Proposal"] == fates["jobs.Job"] == fates["payments.Payout"] == Fate.EMPTY
    assert fates["contracts.Contract"] == fates["reviews.Review"] == Fate.STAY


@isolate_apps("machi.profiles", "machi.jobs")
def test_a_table_that_nobody_has_thought_through_is_found():
    class Diary(models.Model):                      # words, and nobody's
        text = models.TextField(db_comment=PRIVATE)

        class Meta:
            app_label = "profiles"

    class Wish(models.Model):                       # plain: one person
        user = models.ForeignKey(User, models.CASCADE, related_name="+", db_comment=TECHNICAL)
        text = models.TextField(db_comment=PRIVATE)

        class Meta:
            app_label = "profiles"

    class Recommendation(models.Model):             # two people: whose
        writer = models.ForeignKey(User, models.CASCADE, related_name="+", db_comment=TECHNICAL)
        about = models.ForeignKey(User, models.CASCADE, related_name="+", db_comment=TECHNICAL)
        text = models.TextField(db_comment=PUBLIC)

        class Meta:
            app_label = "profiles"

    class Invitation(models.Model):                 # a person and a party: whose
        party = models.ForeignKey(Party, models.CASCADE, related_name="+", db_comment=BUSINESS)
        user = models.ForeignKey(User, models.CASCADE, related_name="+", db_comment=BUSINESS)

        class Meta:
            app_label = "jobs"

    class Remark(models.Model):                     # both sides have the contract: who wrote it
        contract = models.ForeignKey(Contract, models.CASCADE, related_name="+", db_comment=TECHNICAL)
        text = models.TextField(db_comment=PRIVATE)

        class Meta:
            app_label = "jobs"

    class Round(models.Model):                      # no words: both sides have it
        contract = models.ForeignKey(Contract, models.CASCADE, related_name="+", db_comment=TECHNICAL)
        number = models.IntegerField(db_comment=TECHNICAL)

        class Meta:
            app_label = "jobs"

    assert sorted(unclear([Diary, Wish, Recommendation, Invitation, Remark, Round])) == [
        "jobs.Invitation", "jobs.Remark", "profiles.Diary", "profiles.Recommendation"]


@isolate_apps("allauth.account")
def test_a_table_of_a_library_that_names_a_person_is_found():
    class Token(models.Model):
        user = models.ForeignKey(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "account"

    assert list(unclear([Token])) == ["account.Token"]


@pytest.mark.parametrize("label", ["accounts.User", "profiles.Strength", "payments.Payout", "jobs.Job"])
def test_what_is_typed_is_emptied_and_numbers_are_not(label):
    one = belongings()[label]
    names = {field.name for field in one.emptied()}

    assert {"email", "statement", "holder_kana", "client_address"} & names
    assert not {"id", "user", "state", "amount_yen", "reward_yen", "joined_at"} & names
