"""From which work tax is withheld, and the reason that people read."""
import datetime
import json

import pytest
from django.utils import translation

from machi.taxes.rates import rows
from machi.taxes.withholding import WORDS, Proposal, because, class_of, proposed
from machi.taxonomy import lists


def test_every_category_of_the_town_has_its_class():
    named = [code for row in rows("work") for code in row.says["categories"]]

    assert sorted(named) == sorted(row["code"] for row in lists.categories())


@pytest.mark.parametrize(("category", "is_withheld"), [
    ("writing", True), ("translation", True), ("interpreting", True), ("design", True), ("photo", True), ("talks", True),
    ("signing", False), ("web", False), ("software", False), ("questions", False), ("editing", False), ("data", False), ("", False)])
def test_the_work_decides(category, is_withheld):
    assert proposed(category=category, is_agent=True).is_withheld is is_withheld


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_reason_is_said_in_every_language(language):
    with translation.override(language):
        said = [Proposal(True, reason).words for reason in WORDS]

    assert all(words and "taxes." not in words for words in said)
    assert len(set(said)) == len(said)


def test_the_client_and_the_worker_decide_too():
    assert proposed(category="design", is_agent=True) == (True, "design")
    assert proposed(category="design", is_agent=False) == (False, "client")
    assert proposed(category="design", is_agent=True, is_company=True) == (False, "company")
    assert proposed(category="web", is_agent=False, is_company=True) == (False, "code"), "the work comes first: it holds for everybody"


def test_a_part_that_the_law_lists_is_work_that_the_law_lists():
    assert proposed(category="web", is_agent=True, has_part=True) == (True, "part")
    assert proposed(category="design", is_agent=True, has_part=True) == (True, "design"), "all of it is"
    assert proposed(category="web", is_agent=False, has_part=True) == (False, "client")


def test_the_day_decides_too(settings, tmp_path):
    settings.TAXES_FILE = tmp_path / "taxes.json"
    settings.TAXES_FILE.write_text(json.dumps({"work": [{"from": "2099-01-01", "class": "editing", "is_withheld": True,
                                                         "categories": ["editing"], "source": "asked at the tax office"}]}))

    assert not proposed(category="editing", is_agent=True).is_withheld
    assert proposed(category="editing", is_agent=True, on=datetime.date(2099, 1, 1)) == (True, "editing")


def test_a_reason_without_words_of_its_own_has_the_general_ones_and_none_has_none():
    with translation.override("en"):
        assert because("dance", is_withheld=True) == because("listed", is_withheld=True)
        assert because("dance", is_withheld=False) == because("other", is_withheld=False) != because("listed", is_withheld=False)
    assert because("", is_withheld=True) == because("", is_withheld=False) == ""


def test_a_town_may_know_better_what_its_work_is(settings, tmp_path):
    settings.TAXES_FILE = tmp_path / "taxes.json"
    settings.TAXES_FILE.write_text(json.dumps({"work": [{"from": "2026-01-01", "class": "editing", "is_withheld": True,
                                                         "categories": ["editing"], "source": "asked at the tax office"}]}))

    found = proposed(category="editing", is_agent=True)

    assert found == (True, "editing") and class_of("data") == ("other", False)
    with translation.override("en"):
        assert found.words == "This work is on the list of work from which tax is withheld (Income Tax Act, article 204)."


def test_of_a_class_only_the_newest_row_holds(settings, tmp_path):
    """A row without a category takes it out of the class, as the desk of rates shows it."""
    assert class_of("copy") == ("manuscript", True)
    settings.TAXES_FILE = tmp_path / "taxes.json"
    settings.TAXES_FILE.write_text(json.dumps({"work": [{"from": "2026-01-01", "class": "manuscript", "is_withheld": True,
                                                         "categories": ["writing", "script"], "source": "asked at the tax office"}]}))

    assert (class_of("writing"), class_of("copy")) == (("manuscript", True), ("other", False))
