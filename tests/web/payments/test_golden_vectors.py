"""The golden sums wherever money is shown, preview, post, offer, contract, statement, and in the books when it was settled."""
import re

import pytest
from django.urls import reverse

from machi.payments.models import Earning
from machi.payments.queries import withheld_for
from tests.payments.golden import VECTORS
from tests.people import a_client, a_contract, a_job, balance_of, client_of, held_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v[0]}{'-withheld' if v[1] else ''}")
def test_every_page_and_the_books_say_the_golden_sums(browser, vector):
    price, is_withheld, client_pays, fee, fee_tax, withheld, net = vector
    client = a_client(is_withholding_agent=is_withheld)
    draft = a_job(client, published=False, reward_yen=price)
    contract = a_contract(accepted=True, reward_yen=price, is_withholding_agent=is_withheld)
    worker, giver, earning = contract.worker, client_of(contract), Earning.objects.get(about=contract.reference)
    sums = [f"{amount:,}円".replace("-", "−") for amount in (price, client_pays - price, client_pays, -fee, -fee_tax, -withheld, net)]

    for person, address, large in (
            (client, reverse("jobs:preview", args=[draft.pk]), client_pays),
            (worker, reverse("jobs:detail", args=[contract.job_id]), net),
            (worker, reverse("contracts:offer", args=[contract.offer_id]), net),
            (giver, reverse("contracts:offer", args=[contract.offer_id]), client_pays),
            (worker, reverse("contracts:room", args=[contract.pk]), net),
            (giver, reverse("contracts:room", args=[contract.pk]), client_pays),
            (worker, reverse("payments:statement", args=[earning.pk]), net),
            (giver, reverse("payments:statement", args=[earning.pk]), client_pays)):
        browser.force_login(person)
        assert panel_of(browser.get(address)) == [f"{large:,}円", *sums], address
    assert (balance_of(worker), held_for(contract.pk), withheld_for(contract.client)) == (net, 0, withheld)


def panel_of(answer) -> list[str]:
    """Every sum of the money panel from top to bottom, each as a whole: 1,000円 is not found within 11,000円."""
    [panel] = re.findall(r'<div class="money-panel">.*?</dl>', answer.content.decode(), re.S)
    return re.findall(r"<(?:strong|dd)>([^<]*円)</", panel)
