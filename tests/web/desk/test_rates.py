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


@pytest.mark.parametrize("duty", ["finance", "auditor"])
def test_the_days_of_law_stand_there_in_words_with_their_source_and_cannot_be_changed_there(settings, tmp_path, duty):
    settings.LAWS_FILE = tmp_path / "laws.json"
    settings.LAWS_FILE.write_text(json.dumps({"duties": [
        {"from": "2099-01-01", "duty": "pay_date", "law": "freelance", "article": "4条", "needs_employees": True, "months": 0, "days": 45,
         "source": "a law of later"}]}))

    browser, _person = at_work(duty)

    html = browser.get("/desk/rates/")
    page = text_of(html)
    assert "フリーランス法 4条" in page and said("desk.rates.laws.days", n=60) in page and said("desk.rates.laws.days", n=45) in page
    assert "a law of later" in page and "フリーランス法 16条" in page and said("desk.rates.laws.months", n=6) in page
    row = page[page.index(said("desk.rates.laws")):]
    assert row.index("a law of later") < row.index("受け取った日から数えて60日以内")        # the newest first; the one of today is marked
    assert said("desk.rates.now") not in row[:row.index("a law of later")] and said("desk.rates.now") in row
    assert b"<form" not in html.content.partition(b"<main")[2].partition(b"</main>")[0]
    assert browser.post("/desk/rates/").status_code == 405
