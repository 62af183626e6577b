"""The golden sums (fees 20/10/5 %, tax 10 %, whole yen) wherever money is shown: preview, post, offer, contract, statement."""
import pytest
from django.urls import reverse

from machi.payments.models import Earning
from tests.people import a_client, a_contract, a_job, client_of

pytestmark = pytest.mark.django_db

# price without tax, withheld or not -> the client pays, fee, tax on the fee, withheld, the worker receives
VECTORS = [
    (1_000, False, 1_100, 220, 22, 0, 858),
    (10_000, False, 11_000, 2_200, 220, 0, 8_580),
    (100_000, False, 110_000, 21_000, 2_100, 0, 86_900),
    (200_000, False, 220_000, 31_000, 3_100, 0, 185_900),
    (500_000, False, 550_000, 47_500, 4_750, 0, 497_750),
    (10_000, True, 11_000, 2_200, 220, 1_021, 7_559),
    (200_000, True, 220_000, 31_000, 3_100, 20_420, 165_480),
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v[0]}{'-withheld' if v[1] else ''}")
def test_every_page_shows_the_golden_sums(browser, vector):
    price, is_withheld, *sums = vector
    client = a_client(is_withholding_agent=is_withheld)
    draft = a_job(client, published=False, reward_yen=price)
    contract = a_contract(accepted=True, reward_yen=price, is_withholding_agent=is_withheld)
    earning = Earning.objects.get(about=contract.reference)

    for person, address in (
            (client, reverse("jobs:preview", args=[draft.pk])),
            (contract.worker, reverse("jobs:detail", args=[contract.job_id])),
            (contract.worker, reverse("contracts:offer", args=[contract.offer_id])),
            (client_of(contract), reverse("contracts:room", args=[contract.pk])),
            (contract.worker, reverse("contracts:room", args=[contract.pk])),
            (contract.worker, reverse("payments:statement", args=[earning.pk]))):
        browser.force_login(person)
        html = browser.get(address).content.decode().replace("<span>", "").replace("</span>", "")
        missing = [f"{amount:,}" for amount in (price, *sums) if amount and f"{amount:,}円" not in html]
        assert not missing, f"{address}: {missing}"
