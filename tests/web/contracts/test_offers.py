"""An offer on the screen: read in full, agreed to as it was read, declined without harm, changed while it is open."""
import datetime
import itertools

import pytest

from machi.contracts.actions import accept_offer, change_offer, refuse_offer
from machi.contracts.models import Contract, Offer
from machi.notifications.words import moment
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_job, a_person, a_proposal, an_offer, an_order, client_of
from tests.web.contracts.walking import hidden, said, signed_in, text_of


def changed(offer, *, reward=12_000, days=30):
    return change_offer(offer=offer, by=client_of(offer), due_on=clock.today() + datetime.timedelta(days=days), reward=Yen(reward))


def test_the_worker_reads_all_the_law_wants_in_writing(db):
    offer = an_offer()

    page = signed_in(offer.worker).get(f"/offers/{offer.pk}/")

    text = text_of(page)
    for label in ("client", "worker", "agreed_on", "work", "due_on", "place", "accept_by", "reward", "pay_on", "paid_by", "revisions", "ai",
                  "rights", "contact"):
        assert said(f"agreed.{label}") in text
    for words in ("みなと地域スポーツ応援会", "東京都港区みなと1-2-3", "info@example.jp", offer.worker.name, "地域サッカーの試合レポート",
                  "1,500字ほど", "10,000円", "11,000円", "8,580円", "2回まで", offer.terms_hash, "第1版"):
        assert words in text


def test_agreeing_makes_the_contract_and_opens_its_page(db):
    offer = an_offer()
    browser = signed_in(offer.worker)
    form = {"terms_hash": hidden(browser.get(f"/offers/{offer.pk}/"), "terms_hash")}

    answer = browser.post(f"/offers/{offer.pk}/accept/", form)

    contract = Contract.objects.get(offer=offer)
    assert answer.headers["Location"] == f"/contracts/{contract.pk}/"
    assert said("standing.agreed.worker") in text_of(browser.get(answer.headers["Location"]))
    assert said("agreed.formed", when=moment(contract.formed_at)) in text_of(browser.get(f"/offers/{offer.pk}/"))


def test_terms_that_changed_on_the_way_are_shown_again_with_a_mark(db):
    offer = an_offer()
    browser = signed_in(offer.worker)
    old = {"terms_hash": hidden(browser.get(f"/offers/{offer.pk}/"), "terms_hash")}
    after = changed(offer)

    answer = browser.post(f"/offers/{offer.pk}/accept/", old)

    assert answer.status_code == 409 and not Contract.objects.exists()
    text = text_of(answer)
    assert said("error.409") in text
    assert text.count(said("agreed.changed") + "1") >= 1                # 変更12月…: the day
    assert said("agreed.before", before=said("agreed.reward.text", price="10,000円", total="11,000円")) in text
    assert hidden(answer, "terms_hash") == after.terms_hash and f"/offers/{after.pk}/accept/" in answer.content.decode()
    assert browser.post(f"/offers/{after.pk}/accept/", {"terms_hash": after.terms_hash}).status_code == 302


def test_what_did_not_change_carries_no_mark(db):
    offer = changed(an_offer(), reward=10_000, days=21)

    assert said("agreed.before", before="").rstrip() not in text_of(signed_in(offer.worker).get(f"/offers/{offer.pk}/"))


@pytest.mark.parametrize(("form", "status"), [
    ({}, 422), ({"terms_hash": ""}, 422), ({"terms_hash": "x" * 65}, 422), ({"terms_hash": "a\x00b"}, 422), ({"terms_hash": "0" * 64}, 409),
    ({"terms_hash": "𠮷😀"}, 409)])
def test_nobody_agrees_without_the_fingerprint_of_what_they_read(db, form, status):
    offer = an_offer()

    answer = signed_in(offer.worker).post(f"/offers/{offer.pk}/accept/", form)

    assert answer.status_code == status and said("offer.terms_changed") in text_of(answer)
    offer.refresh_from_db()
    assert offer.state == "open" and not Contract.objects.exists()


def test_agreeing_twice_makes_one_contract(db):
    offer = an_offer()
    browser = signed_in(offer.worker)
    browser.post(f"/offers/{offer.pk}/accept/", {"terms_hash": offer.terms_hash})

    answer = browser.post(f"/offers/{offer.pk}/accept/", {"terms_hash": offer.terms_hash})

    contract = Contract.objects.get()
    assert answer.status_code == 409 and f"/contracts/{contract.pk}/" in answer.content.decode()


def test_after_the_last_day_there_is_nothing_to_press(db, clock_at):
    offer = an_offer()
    clock_at(clock.now() + datetime.timedelta(days=8))
    browser = signed_in(offer.worker)

    page = browser.get(f"/offers/{offer.pk}/")

    assert said("offer.now.expired.text") in text_of(page) and "terms_hash" not in page.content.decode()
    assert browser.post(f"/offers/{offer.pk}/accept/", {"terms_hash": offer.terms_hash}).status_code == 409
    assert not Contract.objects.exists()


def test_saying_no_is_asked_once_and_harms_nobody(db):
    offer = an_offer()
    browser = signed_in(offer.worker)
    assert said("offer.refuse.text", client="みなと地域スポーツ応援会") in text_of(browser.get(f"/offers/{offer.pk}/refuse/"))

    answer = browser.post(f"/offers/{offer.pk}/refuse/")

    assert said("offer.now.refused.worker") in text_of(browser.get(answer.headers["Location"]))
    assert browser.post(f"/offers/{offer.pk}/refuse/").status_code == 409
    assert browser.get(f"/offers/{offer.pk}/refuse/").status_code == 302
    told = text_of(signed_in(client_of(offer)).get(f"/offers/{offer.pk}/"))
    assert said("offer.now.refused.client", worker=f"{offer.worker.name}さん") in told


def test_the_client_may_not_answer_for_the_worker(db):
    offer = an_offer()
    browser = signed_in(client_of(offer))

    assert "terms_hash" not in browser.get(f"/offers/{offer.pk}/").content.decode()
    assert browser.post(f"/offers/{offer.pk}/accept/", {"terms_hash": offer.terms_hash}).status_code == 409
    assert browser.post(f"/offers/{offer.pk}/refuse/").status_code == 409
    assert browser.get(f"/offers/{offer.pk}/refuse/").status_code == 302
    offer.refresh_from_db()
    assert offer.state == "open"


def test_the_client_changes_day_and_reward_while_it_is_open(db):
    offer = an_offer()
    browser = signed_in(client_of(offer))
    due_on = clock.today() + datetime.timedelta(days=40)
    page = browser.get(f"/offers/{offer.pk}/change/")
    assert 'value="10000"' in page.content.decode() and f'value="{offer.terms["due_on"]}"' in page.content.decode()

    answer = browser.post(f"/offers/{offer.pk}/change/", {"due_on": due_on.isoformat(), "reward": "１２，０００円"})

    after = Offer.objects.get(version=2)
    assert answer.headers["Location"] == f"/offers/{after.pk}/"
    assert (after.terms["price_yen"], after.terms["due_on"]) == (12_000, due_on.isoformat())
    old = browser.get(f"/offers/{offer.pk}/")
    assert said("offer.now.replaced.text") in text_of(old) and f"/offers/{after.pk}/" in old.content.decode()


@pytest.mark.parametrize(("field", "typed"), [
    ("reward", ""), ("reward", "0"), ("reward", "-5000"), ("reward", "99"), ("reward", "100000001"), ("reward", "9" * 30),
    ("reward", "一万円"), ("reward", "1e5"), ("reward", "😀"), ("reward", "<b>1</b>"), ("due_on", ""), ("due_on", "2020-01-01"),
    ("due_on", "9999-12-31"), ("due_on", "2026-13-45"), ("due_on", "あした"), ("due_on", "\u202e2026-12-01\x00x")])
def test_what_does_not_fit_is_said_and_kept_and_nothing_moves(db, field, typed):
    offer = an_offer()
    form = {"due_on": (clock.today() + datetime.timedelta(days=9)).isoformat(), "reward": "20000"} | {field: typed}

    answer = signed_in(client_of(offer)).post(f"/offers/{offer.pk}/change/", form)

    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()
    kept = {"due_on": "20000", "reward": form["due_on"]}[field]
    assert f'value="{kept}"' in answer.content.decode()
    assert Offer.objects.get().state == "open"


def test_two_windows_of_the_client_the_second_is_told(db):
    offer = an_offer()
    browser, form = signed_in(client_of(offer)), {"due_on": (clock.today() + datetime.timedelta(days=9)).isoformat(), "reward": "20000"}
    browser.post(f"/offers/{offer.pk}/change/", form)

    answer = browser.post(f"/offers/{offer.pk}/change/", form | {"reward": "30000"})

    assert answer.status_code == 409 and said("offer.change_refused") in text_of(answer) and 'value="30000"' in answer.content.decode()
    assert Offer.objects.count() == 2


def test_after_the_answer_the_terms_stand(db):
    offer = an_offer()
    contract = accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    browser = signed_in(client_of(offer))

    assert browser.get(f"/offers/{offer.pk}/change/").status_code == 302
    text = text_of(browser.get(f"/offers/{offer.pk}/"))
    assert said("offer.now.accepted.text") in text and offer.terms_hash in text
    assert f"/contracts/{contract.pk}/" in browser.get(f"/offers/{offer.pk}/").content.decode()


def test_for_others_it_does_not_exist(db):
    offer, stranger = an_offer(), signed_in(a_person())

    for path, method in itertools.product(("", "accept/", "refuse/", "change/"), ("get", "post")):
        answer, missing = (getattr(stranger, method)(f"/offers/{pk}/{path}") for pk in (offer.pk, 987654321))
        assert answer.status_code == missing.status_code == (405 if method == "post" and not path else 404)
        assert text_of(answer) == text_of(missing)


def test_a_number_beyond_all_numbers_is_missing_too(db):
    assert signed_in(a_person()).get(f"/offers/{'9' * 40}/").status_code == 404


def test_of_a_service_the_terms_stay_and_nothing_speaks_of_a_seat(db):
    order = an_order()
    client = signed_in(client_of(order))

    page = text_of(client.get(f"/offers/{order.pk}/"))
    assert said("offer.change.go") not in page and "変えられます" not in page
    day = (clock.today() + datetime.timedelta(days=40)).isoformat()
    assert client.post(f"/offers/{order.pk}/change/", {"due_on": day, "reward": "20000"}).status_code == 409
    refuse_offer(offer=order, by=order.worker)

    page = text_of(client.get(f"/offers/{order.pk}/"))
    assert "都合が合いませんでした" in page and "席" not in page
    assert Offer.objects.get().terms == order.terms


@pytest.mark.parametrize(("days", "reward", "refusal", "status"), [
    (61, "59999", "offer.pay.least", 422), (30, "60000", "offer.step_past", 409)])
def test_terms_below_the_post_or_with_a_step_that_is_over_already_are_refused_and_what_was_typed_stays(db, days, reward, refusal, status):
    plan = [{"title": f"区切り{number}", "price_yen": price, "due_on": (clock.today() + datetime.timedelta(days=due)).isoformat()}
            for number, (price, due) in enumerate(((1_000, 21), (59_000, 61)), 1)]
    last = clock.today() + datetime.timedelta(days=61)
    offer = an_offer(a_proposal(a_job(reward_yen=60_000, plan=plan, due_on=last)))
    typed = {"due_on": (clock.today() + datetime.timedelta(days=days)).isoformat(), "reward": reward}

    answer = signed_in(client_of(offer)).post(f"/offers/{offer.pk}/change/", typed)

    assert answer.status_code == status and said(refusal, least="60,000円") in text_of(answer) and Offer.objects.get() == offer
    assert all(f'value="{value}"' in answer.content.decode() for value in typed.values())
