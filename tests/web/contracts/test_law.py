"""Both sides read the same check of their contract, take it along as a file, and nobody else does."""
import csv
import io

import pytest

from machi.accounts.powers import Power
from tests.people import a_contract, a_member, a_person, an_hourly_contract, an_organisation, client_of
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_the_room_leads_both_sides_to_the_same_table():
    contract = a_contract(delivered=True)
    pages = []
    for person in (contract.worker, client_of(contract)):
        browser = signed_in(person)
        assert f'href="/contracts/{contract.pk}/law/"' in browser.get(f"/contracts/{contract.pk}/").content.decode()
        pages.append(text_of(browser.get(f"/contracts/{contract.pk}/law/")))

    for page in pages:
        for words in ("law.reach", "law.nine", "law.acts", "law.refuse", "law.force", "law.end.short", "law.not_advice"):
            assert said(words) in page
        assert page.count(said("law.state.ok")) == 12 and page.count(said("law.state.blocked")) == 8


def test_strangers_see_neither_the_page_nor_the_file():
    contract = a_contract(funded=True)
    for address in ("law/", "law.csv"):
        assert signed_in(a_person()).get(f"/contracts/{contract.pk}/{address}").status_code == 404


def test_who_only_pays_reads_it_too():
    party = an_organisation()
    contract = a_contract(party=party, by=party.people(Power.KEEPER)[0], funded=True)
    payer = a_member(party, Power.PAYER)

    assert said("law.nine") in text_of(signed_in(payer).get(f"/contracts/{contract.pk}/law/"))


def test_the_file_has_a_row_for_each_thing_and_no_cell_is_a_formula():
    contract = a_contract(funded=True, title="=HYPERLINK()の記事")
    answer = signed_in(contract.worker).get(f"/contracts/{contract.pk}/law.csv")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert len(rows) == 1 + 3 + 9 + 1 + 7 + 1 + 2 and {len(row) for row in rows} == {7}
    assert rows[1][0].startswith("'=") and rows[4][5] == "3条" and "フリーランス法3条" in rows[4][6]


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_it_stands_there_in_each_language(language):
    contract = an_hourly_contract(funded=True)
    browser = signed_in(contract.worker)
    browser.cookies["django_language"] = language

    assert browser.get(f"/contracts/{contract.pk}/law/").status_code == 200


def test_it_asks_as_often_of_many_weeks_as_of_a_few(django_assert_max_num_queries):
    few, many = an_hourly_contract(funded=True), an_hourly_contract(funded=True, weeks_count=20)

    def counted():
        return django_assert_max_num_queries(20)
    asked = [queries_of(signed_in(contract.worker), f"/contracts/{contract.pk}/law/", counted) for contract in (few, many)]

    assert asked[0] == asked[1]
