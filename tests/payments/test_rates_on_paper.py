"""What a paper holds of the fees, and what is asked of them beside a price: the same to the yen, whatever a file says later."""
import datetime
import json

import pytest

from machi.payments import fees
from machi.payments.fees import Settlement, rates, rates_in, settlement, settlement_by, settlement_in
from machi.shared.money import Yen

TODAY = datetime.date(2026, 11, 23)
BOTH = Settlement(*map(Yen, (10_000, 1_000, 2_200, 220, 1_021, 500, 50)))


def test_rates_that_were_written_down_are_read_as_they_were():
    paper = json.loads(json.dumps(rates(TODAY).on_paper()))

    assert paper == rates(TODAY).on_paper() == {"tax": 1_000, "worker": [[0, 2_000], [100_000, 1_000], [200_000, 500]], "client": [[0, 0]],
                     "withholding": [[0, 1_021], [1_000_000, 2_042]]}
    assert rates_in(paper) == rates(TODAY) and rates_in(paper).worker == ((0, 2_000), (100_000, 1_000), (200_000, 500))


def test_a_settlement_that_was_written_down_is_read_as_it_was_and_older_papers_know_no_fee_of_the_client():
    paper = BOTH.in_yen()
    assert settlement_in(paper) == BOTH

    del paper["client_fee_yen"], paper["client_fee_tax_yen"]
    assert settlement_in(paper) == Settlement(*map(Yen, (10_000, 1_000, 2_200, 220, 1_021, 0, 0)))
    del paper["fee_yen"]
    with pytest.raises(KeyError):
        settlement_in(paper)


def test_several_settlements_are_added_part_by_part():
    assert fees.summed([BOTH, BOTH, BOTH]) == Settlement(*map(Yen, (30_000, 3_000, 6_600, 660, 3_063, 1_500, 150)))


def test_the_fee_goes_on_from_what_was_before():
    whole, first = settlement(Yen(150_000), on=TODAY), settlement(Yen(90_000), on=TODAY)
    rest = settlement(Yen(60_000), on=TODAY, before=Yen(90_000))

    assert rest.fee == whole.fee - first.fee == 6_700 and rest.fee < settlement(Yen(60_000), on=TODAY).fee
    assert settlement_by(rates(TODAY), Yen(60_000), before=Yen(90_000)) == rest


@pytest.mark.parametrize(("at_once", "is_withheld", "withheld"), [(50_000, True, 0), (50_001, True, 1_021), (50_001, False, 0)])
def test_of_a_small_prize_nothing_is_withheld_up_to_its_very_sum(at_once, is_withheld, withheld):
    money = fees.prize_settlement(rates(TODAY, "contest"), Yen(10_000), small=Yen(50_000), is_withheld=is_withheld, at_once=Yen(at_once))

    assert money == settlement(Yen(10_000), on=TODAY, form="contest", is_withheld=bool(withheld)) and money.withheld == withheld


def test_the_steps_of_a_fee_are_told_for_each_form_side_and_day(settings, tmp_path):
    settings.FEES_FILE = tmp_path / "fees.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [
        {"from": "2026-11-24", "form": "hourly", "worker": [[0, 1_500]], "client": [[0, 500]], "source": "decided by the town"}]}))

    assert fees.fee_steps(TODAY) == fees.fee_steps(TODAY, form="hourly") == ((0, 2_000), (100_000, 1_000), (200_000, 500))
    assert fees.fee_steps(TODAY, side="client") == ((0, 0),)
    later = TODAY + datetime.timedelta(days=1)
    assert (fees.fee_steps(later, form="hourly"), fees.fee_steps(later, form="hourly", side="client")) == (((0, 1_500),), ((0, 500),))


@pytest.mark.parametrize(("name", "row"), [
    ("FEES_FILE", {"fee": [{"from": TODAY.isoformat(), "form": "project", "worker": [[0, 0]], "client": [[0, 0]], "source": "a gift"}]}),
    ("TAXES_FILE", {"consumption_tax": [{"from": TODAY.isoformat(), "basis_points": 0, "source": "a gift"}]})])
def test_a_file_that_was_written_or_named_just_now_counts_at_once(settings, tmp_path, name, row):
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    for place in (one, other):
        place.write_text("{}")
    setattr(settings, name, one)
    before = rates(TODAY)

    one.write_text(json.dumps(row))
    assert rates(TODAY) != before
    setattr(settings, name, other)
    assert rates(TODAY) == before


@pytest.mark.parametrize(("changed", "words"), [
    ({"form": "dance"}, "a form is one of project, hourly, contest, package, task, bonus, not 'dance'"),
    ({"worker": [[0, 5_001]]}, "a fee of more than half for project: nobody would work for that"),
    ({"client": [[0, 0], [9, 5_001]]}, "a fee of more than half for project: nobody would work for that")])
def test_a_fee_that_cannot_be_is_told_in_a_sentence(changed, words):
    row = {"from": "2026-12-01", "form": "project", "worker": [[0, 5_000]], "client": [[0, 0]], "source": "x"}
    fees._check_fee(row)                                # half is allowed

    with pytest.raises(ValueError) as fault:
        fees._check_fee(row | changed)
    assert str(fault.value) == words
