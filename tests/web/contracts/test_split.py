"""The pages of a difference that the town takes part in: who looks at it, what is proposed, both answers, and what was ruled."""
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts import actions
from machi.contracts.models import Dispute
from machi.payments import actions as payments
from tests.conftest import broken_rules
from tests.people import a_contract, a_member, an_hourly_contract, an_organisation, balance_of, client_of, held_for, hours_written
from tests.states.dispute_moves import a_difference, ruled
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
WIDTHLESS = re.compile("<wbr>|\u200b")
WHY = "半分まで書けています。"


def counted():
    return CaptureQueriesContext(connection)


def pages_of(dispute: Dispute) -> dict:
    contract = dispute.milestone.contract
    return {"worker": signed_in(contract.worker), "client": signed_in(client_of(contract))}


def room_of(dispute: Dispute) -> str:
    return f"/contracts/{dispute.milestone.contract_id}/"


@pytest.mark.parametrize(("state", "key"), [
    ("heard", "dispute.heard.town"), ("escalated", "ruling.now"), ("mediation", "mediation.now"), ("drafted", "ruling.drafted")])
def test_both_read_where_it_stands_and_who_looks_at_it(state, key):
    dispute = a_difference(state)
    for browser in pages_of(dispute).values():
        page = text_of(browser.get(room_of(dispute)))
        assert said(key).partition("%")[0] in page and "そうは思いません。" in page
        assert (dispute.mediator.name in page if dispute.mediator and state != "drafted" else True)
        assert WHY not in page or state == "proposed"


def test_the_head_of_the_room_says_whose_turn_it_is():
    dispute = a_difference("proposed")
    mine, theirs = (heads_of(dispute)[side] for side in ("worker", "client"))
    assert said("mediation.split") in mine and said("mediation.split") in theirs
    actions.agree_to_split(dispute=dispute, by=dispute.milestone.contract.worker)
    mine, theirs = (heads_of(dispute)[side] for side in ("worker", "client"))
    assert said("mediation.split") not in mine and said("standing.disputed") in mine and said("mediation.split") in theirs
    for state in ("escalated", "drafted"):
        assert all("街の二人が確かめて決めます" in head for head in heads_of(a_difference(state)).values()), state


def heads_of(dispute: Dispute) -> dict[str, str]:
    """What stands above everything else in the room: whose turn it is."""
    pages = {side: WIDTHLESS.sub("", browser.get(room_of(dispute)).content.decode()) for side, browser in pages_of(dispute).items()}
    return {side: re.search(r'<section class="fit" id="now".*?</section>', page, re.DOTALL)[0] for side, page in pages.items()}


def test_both_agree_on_the_page_with_both_sides_money_and_it_ends_so(town):
    dispute = a_difference("proposed")
    contract, browsers = dispute.milestone.contract, pages_of(dispute)
    for side, browser in browsers.items():
        page = text_of(browser.get(room_of(dispute)))
        assert WHY in page and said("mediation.answer.go") in page, side
        page = text_of(browser.get(f"{room_of(dispute)}dispute/split/"))
        assert "3,432円" in page and "4,400円" in page and said("change.part.back", gross="6,600円") in page
    answer = browsers["client"].post(f"{room_of(dispute)}dispute/split/", {"answer": "agree"})
    assert answer.status_code == 302 and held_for(contract.pk) == 11_000
    assert said("mediation.agreed.mine").partition("%")[0] in text_of(browsers["client"].get(room_of(dispute)))
    assert browsers["client"].get(f"{room_of(dispute)}dispute/split/").status_code == 302
    assert browsers["client"].post(f"{room_of(dispute)}dispute/split/", {"answer": "refuse"}).status_code == 409

    browsers["worker"].post(f"{room_of(dispute)}dispute/split/", {"answer": "agree"})
    assert balance_of(contract.worker) == 3_432
    page = text_of(browsers["worker"].get(f"{room_of(dispute)}?story=all"))
    assert said("story.settled_as_proposed") in page and said("story.dispute_proposed") in page


def test_one_says_no_with_words_and_nothing_typed_is_lost():
    dispute = a_difference("proposed")
    browser, address = pages_of(dispute)["worker"], f"{room_of(dispute)}dispute/split/"
    answer = browser.post(address, {"words": "わたしの理由です"})
    assert answer.status_code == 422 and "わたしの理由です" in answer.content.decode()
    answer = browser.post(address, {"answer": "refuse", "words": "長" * 1001})
    assert answer.status_code == 422

    browser.post(address, {"answer": "refuse", "words": "もっと書きました。"})
    dispute.refresh_from_db()
    assert (dispute.state, dispute.proposal.refused_words) == ("escalated", "もっと書きました。")


def test_a_refusal_while_money_is_stopped_goes_on_and_an_agreement_waits():
    dispute = a_difference("proposed")
    actions.agree_to_split(dispute=dispute, by=client_of(dispute.milestone.contract))
    payments.stop_money(why="確かめます。")
    browser, address = pages_of(dispute)["worker"], f"{room_of(dispute)}dispute/split/"

    assert browser.post(address, {"answer": "agree"}).status_code == 503
    assert browser.post(address, {"answer": "refuse"}).status_code == 302


def test_what_was_ruled_stays_to_be_read_with_its_reason_and_both_sides_money(town):
    dispute = ruled()
    for browser in pages_of(dispute).values():
        page = text_of(browser.get(f"{room_of(dispute)}?story=all"))
        assert said("ruling.title") in page and WHY in page and said("story.ruling_signed") in page
        assert said("change.part.back", gross="6,600円") in page and said("dispute.assure").partition("%(gross)s")[2] not in page
    assert broken_rules() == {}


def test_whoever_only_pays_sees_that_it_rests_and_no_words():
    party = an_organisation()
    contract = a_contract(funded=True, party=party, by=party.people("keeper")[0])
    payer = a_member(party, "payer")
    dispute = a_difference("proposed", contract=contract)

    page = text_of(signed_in(payer).get(room_of(dispute)))
    assert WHY not in page and "そうは思いません。" not in page and said("mediation.answer.go") not in page
    assert signed_in(payer).get(f"{room_of(dispute)}dispute/split/").status_code == 302


def test_a_week_by_the_hour_has_its_own_page_for_it(town):
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    dispute = a_difference("proposed", contract=contract, price=6_000)
    address = f"{room_of(dispute)}weeks/1/dispute/split/"
    for browser in pages_of(dispute).values():
        assert WHY in text_of(browser.get(address)) and said("mediation.answer.go") in text_of(browser.get(f"{room_of(dispute)}weeks/1/"))
        assert browser.post(address, {"answer": "agree"}).status_code == 302
    dispute.refresh_from_db()
    assert dispute.state == "closed" and held_for(contract.pk) == 0


def test_the_list_of_contracts_says_whose_answer_is_waited_for():
    dispute = a_difference("proposed")
    browser = pages_of(dispute)["worker"]
    assert said("mediation.answer.go") in text_of(browser.get("/contracts/"))
    actions.agree_to_split(dispute=dispute, by=dispute.milestone.contract.worker)
    assert said("mediation.answer.go") not in text_of(browser.get("/contracts/"))


def test_the_room_asks_as_few_questions_whatever_the_town_has_done():
    few, many = (queries_of(pages_of(dispute)["worker"], room_of(dispute), counted)
                 for dispute in (a_difference("heard"), a_difference("proposed")))
    assert few == many
