"""Finance reads every dated row: what holds today, what will, who says so, and the town's own among them."""
import json

import pytest

from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db


def test_every_row_stands_there_with_its_source_and_the_ones_of_today_are_marked(settings, tmp_path):
    settings.FEES_FILE = tmp_path / "fees.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [
        {"from": "2099-01-01", "form": "project", "worker": [[0, 1500]], "client": [[0, 500]], "source": "decided by the town"}]}))

    browser, _person = at_work("finance")

    page = text_of(browser.get("/desk/rates/"))

    assert "decided by the town" in page and "防衛特別所得税1%" in page and "basis_points 1000" in page
    assert said("desk.rates.wage") in page and "yen 1121" in page
    assert said("desk.rates.now") in page and "2099年1月1日" in page
