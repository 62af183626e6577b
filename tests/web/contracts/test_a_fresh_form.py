"""A form that was only opened says nothing is wrong, and knows which round it is for."""
import re

import pytest
from django.urls import reverse

from tests.people import a_contract

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("deed", "state"), [("deliver", "funded"), ("accept", "delivered"), ("changes", "delivered")])
def test_a_form_that_was_only_opened_is_clean_and_names_its_round(browser, deed, state):
    contract = a_contract(**{state: True})
    browser.force_login(contract.worker if deed == "deliver" else contract.client.person)

    answer = browser.get(reverse(f"contracts:{deed}", args=[contract.pk]))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'name="round"[^>]*value="1"|value="1"[^>]*name="round"', html)
    assert 'class="summary"' not in html
