"""The pot of a contest on the page of what a client paid: who got what, what went back, to the yen as the ledger has it."""
import pytest
from django.db import connection

from machi.ledger.accounts import Kind
from machi.payments.actions import read_statement, send_refunds
from machi.proposals import actions
from machi.shared import clock
from tests.people import a_client, a_contest, a_contract, a_person, an_entry, client_of, closed_contest
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = clock.datetime.timedelta(days=1)


def out_of_the_pot(job) -> dict[str, int]:
    """What the ledger moved out of this pot, by the kind of account it went to."""
    pot, kinds = Kind.POT.of(job.pk), (Kind.WORKER, Kind.FEE, Kind.CONSUMPTION_TAX, Kind.WITHHELD, Kind.CLIENT_CREDIT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT credit_id, sum(amount_yen) FROM ledger_transfer WHERE debit_id = %s GROUP BY credit_id", [pot])
        rows = cursor.fetchall()
    found: dict[str, int] = {}
    for number, amount in rows:
        kind = max((kind for kind in kinds if kind.of() <= number), key=lambda kind: kind.of())
        found[kind.name] = found.get(kind.name, 0) + int(amount)
    return found


def test_a_pot_shows_who_got_what_of_it_and_what_went_back(db):
    job = a_contest(a_client(is_withholding_agent=True), prizes=(60_000, 10_000, 5_000))
    first, second = an_entry(job), an_entry(job)
    browser = signed_in(client_of(job))
    assert said("paid.pot.held") in text_of(browser.get("/earnings/paid/")) and "82,500円" in text_of(browser.get("/earnings/paid/"))

    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={1: second.number, 2: first.number})
        page = text_of(browser.get("/earnings/paid/"))
        out = out_of_the_pot(job)
        assert sum(out.values()) == 82_500 == 66_000 + 11_000 + 5_500
        assert (out["WITHHELD"], out["CLIENT_CREDIT"]) == (6_126, 5_500)
        for words in (said("paid.pot.prize", n=1, worker=f"{second.worker.name}さん"), "66,000円", "11,000円", "5,500円",
                      said("paid.pot.returning"), "6,126円"):
            assert words in page, words
        send_refunds()
        read_statement()
        assert said("paid.pot.returning") not in text_of(browser.get("/earnings/paid/"))


def test_a_pot_that_was_split_names_entries_and_its_rest_to_the_yen(db):
    job = a_contest()
    entries = [an_entry(job) for _number in range(3)]
    with closed_contest(job), clock.moved(by=15 * DAY):
        actions.settle_contests()
        page = text_of(signed_in(client_of(job)).get("/earnings/paid/"))

    out = out_of_the_pot(job)
    assert out["WORKER"] + out["FEE"] + out["CONSUMPTION_TAX"] == 3 * 14_666 and out["CLIENT_CREDIT"] == 2
    assert page.count("14,666円") == 3 and "2円" in page.replace("12円", "")
    assert said("paid.pot.share", n=2) in page and entries[1].worker.name not in page


def test_nobody_else_reads_it_and_a_full_page_asks_no_more_than_a_short_one(db, django_assert_max_num_queries):
    client = a_client()
    a_contract(by=client, funded=True)
    for number in range(4):
        job = a_contest(client, title=f"マーク{number}")
        an_entry(job)
        with closed_contest(job):
            actions.award(job=job, by=client, winners={1: 1})
    browser = signed_in(client)
    browser.get("/earnings/paid/")

    with django_assert_max_num_queries(17):
        page = text_of(browser.get("/earnings/paid/"))
    assert all(f"マーク{number}" in page for number in range(4)) and said("room.statement") in page
    assert "マーク" not in text_of(signed_in(a_person()).get("/earnings/paid/"))
    assert "マーク" not in text_of(signed_in(a_client()).get("/earnings/paid/"))
