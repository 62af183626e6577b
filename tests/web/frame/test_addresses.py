"""Another address becomes somebody's first: the one before is told so, and hears for some days where their money goes."""
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from machi.accounts.models import FormerAddress
from machi.notifications.actions import send_waiting
from tests.people import a_person, with_bank_account
from tests.web.contracts.walking import signed_in

pytestmark = pytest.mark.django_db


def test_a_stranger_who_puts_another_address_first_does_not_keep_the_owner_from_hearing_of_the_account(town):
    owner = a_person()
    before = owner.email
    EmailAddress.objects.bulk_create([EmailAddress(user=owner, email=before, verified=True, primary=True),
                                      EmailAddress(user=owner, email="stranger@example.jp", verified=True)])
    browser = signed_in(owner)
    browser.post(reverse("account_email"), {"action_primary": "", "email": "stranger@example.jp"})
    browser.post(reverse("account_email"), {"action_remove": "", "email": before})
    owner.refresh_from_db()
    assert (owner.email, owner.emailaddress_set.count()) == ("stranger@example.jp", 1)
    mail.outbox.clear()

    with_bank_account(owner)
    send_waiting()
    assert [letter.to for letter in mail.outbox] == [["stranger@example.jp"], [before]]
    assert FormerAddress.objects.get().email == before
