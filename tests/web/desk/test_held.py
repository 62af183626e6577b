"""Finance and auditors read what is held for people, against what lies at the bank: now, day by day, and what is open for longest."""
import datetime

import pytest

from machi.ledger.accounts import Kind
from machi.ledger.queries import sums_by_kind, town_sums_at
from machi.ledger.seal import seal_until
from machi.payments.queries import held
from machi.shared import clock
from tests.people import a_contract, a_person, with_bank_account
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work
from tests.web.payments.test_earnings import earned_by

ADDRESS = "/desk/held/"


def test_what_is_held_and_what_lies_there_are_the_ledgers_sums(db):
    a_contract(funded=True)
    earned_by(with_bank_account(a_person()))
    sums = sums_by_kind()

    page = text_of(at_work("finance")[0].get(ADDRESS))

    assert sum(sums.values()) == 0 and sums[Kind.ESCROW] and sums[Kind.WORKER] == 8_580
    owed = sums[Kind.ESCROW] + sums[Kind.WORKER] + sums.get(Kind.WITHHELD, 0)
    assert f"{owed:,}円" in page and f"{-sums[Kind.BANK]:,}円" in page and said("held.enough") in page and "8,580円" in page
    assert said("held.open.step") in page and said("held.days.none") in page and said("held.months.none") in page


def test_too_little_at_the_bank_is_said_before_anything_else(monkeypatch, db):
    monkeypatch.setattr(held, "sums_by_kind", lambda: {Kind.ESCROW: 1_000, Kind.BANK: -999, Kind.LOSS: -1})

    page = text_of(at_work("auditor")[0].get(ADDRESS))

    assert said("held.too_little.text") in page and "−1円" in page


def test_a_sealed_day_keeps_its_figure_whatever_comes_after(town):
    a_contract(funded=True)
    moment = datetime.datetime.now(datetime.UTC)
    before = {kind: total for kind, total in sums_by_kind().items() if kind >= 50}
    seal_until(moment)

    a_contract(funded=True)
    seal_until(datetime.datetime.now(datetime.UTC))

    [then, nothing] = town_sums_at([moment, moment - datetime.timedelta(days=400)])
    assert then == before and nothing == {} and sums_by_kind()[Kind.BANK] == 2 * then[Kind.BANK]


def test_the_fees_of_a_month_are_there_once_it_is_over_and_sealed(town, clock_at):
    earned_by(with_bank_account(a_person()))
    first = clock.today().replace(day=1)
    seal_until(datetime.datetime.now(datetime.UTC))
    assert held.fees_by_month(3) == []

    clock_at(clock.start_of(clock.months_away(first, 2)))

    assert held.fees_by_month(3) == [(clock.months_away(first, 1), 0), (first, sums_by_kind()[Kind.FEE])]


@pytest.mark.parametrize("duty", ["operator", "moderator"])
def test_it_is_nobody_elses_desk(db, duty):
    assert at_work(duty)[0].get(ADDRESS).status_code == 404
