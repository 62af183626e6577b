"""Joining: what was agreed to is written down, one address is one person, and the giving side is a party."""
import pytest
from django.db import IntegrityError, transaction

from machi.accounts.actions import describe_client, introduce, join, speak
from machi.accounts.models import Agreement, Party, User
from machi.accounts.queries import party_of
from machi.activity.queries import history_of
from tests.people import a_client, a_person

pytestmark = pytest.mark.django_db
VERSIONS = {"terms": "2026-11", "privacy": "2026-10", "rules": "2026-11", "adult": "1"}


def test_joining_writes_down_what_was_agreed_to_in_which_version():
    user = join(user=User(email="aoi@example.jp"), versions=VERSIONS)

    assert dict(user.agreements.order_by("paper").values_list("paper", "version")) == VERSIONS
    assert {agreed.agreed_at for agreed in user.agreements.all()} == {user.joined_at}
    assert party_of(user).person == user
    assert [fact.name for fact in history_of(f"user:{user.pk}")] == ["account.joined"]


@pytest.mark.parametrize("again", ["aoi@example.jp", "AOI@Example.JP"])
def test_one_address_is_one_person(again):
    join(user=User(email="aoi@example.jp"), versions=VERSIONS)

    with pytest.raises(IntegrityError), transaction.atomic():
        join(user=User(email=again), versions=VERSIONS)
    assert User.objects.count() == Party.objects.count() == 1
    assert User.objects.get_by_natural_key("Aoi@example.jp").email == "aoi@example.jp"


def test_the_same_paper_in_the_same_version_is_agreed_to_once():
    user = a_person()

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(user=user, paper="terms", version="2026-11", agreed_at=user.joined_at)
    Agreement.objects.create(user=user, paper="terms", version="2027-01", agreed_at=user.joined_at)


def test_people_are_called_what_they_say():
    user = join(user=User(email="aoi@example.jp"), versions=VERSIONS)

    introduce(by=user, display_name="𠮷田あおい")
    speak(by=user, language="ja-simple")

    user.refresh_from_db()
    assert (user.name, user.language) == ("𠮷田あおい", "ja-simple")


def test_a_party_is_described_by_whoever_acts_for_it_only():
    client, stranger = a_client("みなと応援会"), a_person()
    words = {"name": "別の名前", "address": "x", "contact": "x", "trade": "sole", "has_employees": False, "is_withholding_agent": True}

    with pytest.raises(Party.DoesNotExist):
        describe_client(party=party_of(client), by=stranger, **words)
    assert party_of(client).name == "みなと応援会"
    assert describe_client(party=party_of(stranger), by=stranger, **words).is_withholding_agent is True


def test_a_company_is_not_called_san_and_a_person_is():
    company, person = party_of(a_client("みなと応援会")), party_of(a_person("あおい"))

    assert company.words() == {"client": "みなと応援会"}
    assert person.words() == {"client_person": "あおい"}


@pytest.mark.parametrize("wrong", [{"kind": "person", "person": None}, {"kind": "organisation"}])
def test_a_person_stands_behind_a_person_party_and_nobody_behind_an_organisation(wrong):
    person = a_person()
    Party.objects.filter(person=person).delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(**{"person": person} | wrong)
