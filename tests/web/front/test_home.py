"""Home: what comes next, on both sides of the work (F17)."""
import datetime
import re

import pytest

from machi.accounts.actions import describe_client
from machi.accounts.queries import chosen_role, party_of
from machi.contracts.actions import deliver
from machi.payments.queries import next_payment
from machi.profiles.actions import add_hobby, write_profile
from machi.profiles.queries import page_of
from machi.proposals.actions import save_draft
from machi.proposals.queries import posts_with_waiting
from machi.reviews.actions import CLOSED_FOR, open_waiting, write_review
from machi.reviews.policies import can_review
from machi.web.pages.front.steps import next_steps
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of, with_bank_account


def steps_of(user) -> list[str]:
    role = chosen_role(user)
    return [step.kind for step in next_steps(user, page_of(user), list(posts_with_waiting(user, role.party)[:5]), role, next_payment(user))]


def home_of(browser, user) -> str:
    browser.force_login(user)
    return browser.get("/home/").content.decode().replace("<wbr>", "")


def begun(user):
    write_profile(by=user, headline="記録を書きます")
    return user


def test_a_stranger_is_asked_to_sign_in(db, browser):
    assert browser.get("/home/").headers["Location"].startswith("/account/login/")


def test_the_first_thing_to_do_is_my_page_until_it_has_begun_unless_somebody_waits_for_an_answer(db, browser):
    worker, asked = a_person(), a_person()
    save_draft(job=a_job(), by=worker, message="書きかけ")
    an_offer(a_proposal(worker=asked))

    assert steps_of(worker) == ["page", "draft"] and steps_of(begun(worker)) == ["draft", "page"]
    assert steps_of(asked) == ["offer", "page"]


def test_a_new_person_finds_one_deed_and_kind_empty_rooms(db, browser):
    page = home_of(browser, a_person("みどり"))

    assert "みどりさんのホーム" in page and page.partition("<main")[2].count('class="btn solid"') == 1
    assert "/me/begin/" in page
    assert "お見せできる募集がまだありません" in page and "予定はまだありません" in page and "新しいお知らせはありません" in page


@pytest.mark.parametrize("state, worker_does, client_does", [
    ({}, None, "fund"), ({"funded": True}, "deliver", None), ({"delivered": True}, None, "accept"),
    ({"accepted": True}, ("account", "review"), "review")])
def test_each_side_of_a_contract_sees_its_own_next_move(db, state, worker_does, client_does):
    contract = a_contract(**state)

    moves = worker_does if isinstance(worker_does, tuple) else (worker_does,)
    assert [kind for kind in steps_of(contract.worker) if kind != "page"] == [move for move in moves if move]
    assert [kind for kind in steps_of(contract.client.person) if kind != "page"] == ([client_does] if client_does else [])


def test_a_review_that_can_no_longer_be_written_is_not_asked_for(db, clock_at):
    contract = a_contract(accepted=True)
    write_review(contract=contract, by=client_of(contract), again="yes", text="")
    clock_at(contract.ended_at + CLOSED_FOR - datetime.timedelta(hours=1))
    open_waiting()
    assert "review" in steps_of(contract.worker) and can_review(contract.worker, contract)

    clock_at(contract.ended_at + CLOSED_FOR + datetime.timedelta(hours=1))
    open_waiting()
    assert "review" not in steps_of(contract.worker) and not can_review(contract.worker, contract)


def test_applicants_who_wait_and_drafts_that_were_not_sent_are_named(db, browser):
    client, worker = a_client(), a_person()
    job = a_job(client, title="商店街の紹介文")
    a_proposal(job)
    save_draft(job=job, by=worker, message="書きかけ")

    assert "applicants" in steps_of(client) and "draft" in steps_of(worker)
    assert f"/jobs/{job.pk}/applicants/" in home_of(browser, client) and f"/jobs/{job.pk}/apply/" in home_of(browser, worker)


def test_jobs_come_with_the_reason(db, browser):
    worker = a_person()
    add_hobby(by=worker, topic="サッカー", years=10, depth="watching")
    a_job(title="週末の試合を書く仕事", topic="サッカー")

    page, whoever_wrote_nothing = home_of(browser, worker), home_of(browser, a_person())

    assert "週末の試合を書く仕事" in page and "趣味：サッカー 10年" in page and "あなたに合いそうな仕事" in page
    assert "週末の試合を書く仕事" in whoever_wrote_nothing and "新しい募集" in whoever_wrote_nothing
    assert "あなたに合いそうな仕事" not in whoever_wrote_nothing, "nobody knows yet"


def test_the_next_payment_is_an_amount_and_a_day(db, browser):
    worker = with_bank_account(a_contract(accepted=True).worker)

    page = home_of(browser, worker)

    assert "8,580円" in page and re.search(r"\d+月\d+日（.）に口座へ。", page) and "account" not in steps_of(worker)


def test_where_money_has_nowhere_to_go_that_is_the_first_thing_said_and_no_day_is_promised(db, browser, clock_at):
    contract = a_contract(accepted=True)
    page = home_of(browser, contract.worker)

    assert steps_of(contract.worker)[0] == "account" and "口座を登録する" in page
    assert "に口座へ。" not in page and "口座を登録すると、お送りします。" in page
    clock_at(f"{contract.milestones.get().pay_on + datetime.timedelta(days=1)} 10:00")
    assert "支払日は" in home_of(browser, contract.worker) and "すぐに送ります" in home_of(browser, contract.worker)


def test_nobody_sees_what_waits_for_others(db, browser):
    a_contract(delivered=True)
    an_offer()

    assert "納品を確かめる" not in home_of(browser, a_person()) and "お願いに返事" not in home_of(browser, a_person())


def test_home_asks_the_same_number_of_questions_however_much_waits(db, browser, django_assert_num_queries, django_assert_max_num_queries):
    worker = begun(a_person())
    one_contract_each(worker)
    browser.force_login(worker)
    browser.get("/home/")
    with django_assert_max_num_queries(40) as few:
        browser.get("/home/")
    questions = len(few)
    for _more in range(3):
        one_contract_each(worker)
    browser.get("/home/")                               # the kinds of work are asked for once a minute

    with django_assert_num_queries(questions):
        browser.get("/home/")


def one_contract_each(user) -> None:
    """One of everything that can wait for this person, as worker and as client."""
    a_contract(worker=user, funded=True)
    a_contract(worker=user, accepted=True)
    an_offer(a_proposal(worker=user))
    save_draft(job=a_job(), by=user, message="書きかけ")
    a_proposal(a_job(client=described(user)))
    milestone = a_contract(worker=a_person(), funded=True).milestones.get()
    deliver(milestone=milestone, by=milestone.contract.worker, text="できました。", ai_note="使っていません")
    assert client_of(milestone.contract) != user


def described(user):
    """The same person as somebody who gives work."""
    describe_client(party=party_of(user), by=user, name=user.name, address="東京都港区みなと1-2-3", contact="a@example.jp", trade="sole",
                    has_employees=False, is_withholding_agent=False)
    return user
