"""The deeds of a contract through its forms: money, acceptance, changes, words. What does not fit is said and kept, and moves nothing."""
import pytest

from machi.contracts.actions import accept_delivery, ask_changes, deliver, fund
from machi.payments.models import Earning
from machi.reviews.models import Review, Thanks
from tests.people import a_contract, a_contract_in_steps, client_of, held_for
from tests.web.contracts.walking import as_it_stands, hidden, said, signed_in, state_of, text_of

# ---- the money ----------------------------------------------------------------------------------

def test_the_sum_stands_on_the_page_and_on_the_button(db):
    contract = a_contract()

    page = text_of(signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/fund/"))

    for words in ("10,000円", "1,000円", "11,000円を仮払いする", "8,580円", said("fund.assure")):
        assert words in page


def test_pressed_twice_the_money_is_held_once(db):
    contract = a_contract()
    browser = signed_in(client_of(contract))

    first, second = (browser.post(f"/contracts/{contract.pk}/fund/") for _time in range(2))

    assert first.status_code == 302 and second.status_code == 409 and said("contract.fund.refused") in text_of(second)
    assert held_for(contract.pk) == 11_000 and state_of(contract) == "funded"
    assert browser.get(f"/contracts/{contract.pk}/fund/").status_code == 302


def test_the_worker_cannot_put_money_in(db):
    contract = a_contract()
    browser = signed_in(contract.worker)

    assert browser.get(f"/contracts/{contract.pk}/fund/").status_code == 302
    assert browser.post(f"/contracts/{contract.pk}/fund/").status_code == 409
    assert held_for(contract.pk) == 0 and state_of(contract) == "agreed"


# ---- an old window belongs to its own step -------------------------------------------------------

@pytest.mark.parametrize("deed", ["accept", "changes", "deliver"])
def test_what_was_decided_about_one_step_is_never_done_to_the_next(db, deed):
    contract = a_contract_in_steps(funded=True, prices=(10_000, 90_000))
    client, first = client_of(contract), contract.milestones.get(number=1)
    browser = signed_in(contract.worker if deed == "deliver" else client)
    if deed != "deliver":
        deliver(milestone=first, by=contract.worker, text="できました。", ai_note="なし")
    old = as_it_stands(browser.get(f"/contracts/{contract.pk}/{deed}/"), f"/contracts/{contract.pk}/{deed}/")
    if deed == "deliver":
        deliver(milestone=first, by=contract.worker, text="できました。", ai_note="なし")
    accept_delivery(milestone=first, by=client)
    fund(contract=contract, by=client)
    second = contract.milestones.get(number=2)
    if deed != "deliver":
        deliver(milestone=second, by=contract.worker, text="続きです。", ai_note="なし")

    answer = browser.post(f"/contracts/{contract.pk}/{deed}/", old | {
        "points": "一つ", "reason": "agreed", "text": "1面です。", "ai_note": "なし"})

    assert answer.status_code == 409 and old["number"] == "1"
    second.refresh_from_db()
    assert (second.state, second.revisions_used, second.deliveries.count()) == (
        ("funded", 0, 0) if deed == "deliver" else ("delivered", 0, 1)) and held_for(contract.pk) == second.held_yen


# ---- accepting, asking for changes --------------------------------------------------------------

def test_before_accepting_both_sides_money_is_shown_once_more(db):
    contract = a_contract(delivered=True)

    page = signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/accept/")

    text = text_of(page)
    for words in ("11,000円", "8,580円", "できました。", said("contract.accept.deed")):
        assert words in text
    assert hidden(page, "round") == "1"


def test_accepting_twice_earns_once(db):
    contract = a_contract(delivered=True)
    browser = signed_in(client_of(contract))

    first, second = (browser.post(f"/contracts/{contract.pk}/accept/", {"round": 1}) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Earning.objects.get().amount_yen == 8_580 and held_for(contract.pk) == 0


def test_a_window_with_the_old_delivery_accepts_nothing(db):
    contract = a_contract(delivered=True)
    browser, milestone = signed_in(client_of(contract)), contract.milestones.get()
    ask_changes(milestone=milestone, by=client_of(contract), points="短く")
    deliver(milestone=milestone, by=contract.worker, text="直しました", ai_note="なし")

    answer = browser.post(f"/contracts/{contract.pk}/accept/", {"round": 1})

    assert answer.status_code == 409 and said("contract.other_round") in text_of(answer) and state_of(contract) == "delivered"


@pytest.mark.parametrize("round", ["", "abc", "-1", "100", "1.5", "𠮷"])
def test_accepting_needs_the_round_that_was_read(db, round):
    contract = a_contract(delivered=True)

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/accept/", {"round": round})

    assert answer.status_code == 422 and state_of(contract) == "delivered" and not Earning.objects.exists()


def test_the_worker_accepts_nothing_and_asks_no_changes_of_themselves(db):
    contract = a_contract(delivered=True)
    browser = signed_in(contract.worker)

    for deed, form in (("accept", {"round": 1}), ("changes", {"round": 1, "points": "x", "reason": "agreed"})):
        assert browser.get(f"/contracts/{contract.pk}/{deed}/").status_code == 302
        assert browser.post(f"/contracts/{contract.pk}/{deed}/", form).status_code == 409
    assert state_of(contract) == "delivered"


def test_changes_are_counted_and_each_point_is_a_line(db):
    contract = a_contract(delivered=True, revisions_count=2)
    browser = signed_in(client_of(contract))
    lead = said("changes.lead", i=1, n=2, worker=f"{contract.worker.name}さん")
    assert lead in text_of(browser.get(f"/contracts/{contract.pk}/changes/"))

    answer = browser.post(f"/contracts/{contract.pk}/changes/", {
        "round": 1, "reason": "agreed", "points": "見出しを短く\n\n名前は髙﨑さん"})

    assert answer.status_code == 302
    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/")
    assert said("story.changes", i=1, n=2) in text_of(page) and "<li>見出しを短く</li><li>名前は髙﨑さん</li>" in page.content.decode()


def test_when_no_round_is_left_the_button_is_gone_and_it_is_said_why(db):
    contract = a_contract(delivered=True, revisions_count=1)
    milestone = contract.milestones.get()
    ask_changes(milestone=milestone, by=client_of(contract), points="短く")
    deliver(milestone=milestone, by=contract.worker, text="直しました", ai_note="なし")
    browser = signed_in(client_of(contract))

    page = browser.get(f"/contracts/{contract.pk}/")

    assert said("changes.none_left", n=1) in text_of(page) and f"/contracts/{contract.pk}/changes/" not in page.content.decode()
    assert browser.get(f"/contracts/{contract.pk}/changes/").status_code == 302
    answer = browser.post(f"/contracts/{contract.pk}/changes/", {"round": 2, "points": "もう一度", "reason": "within"})
    assert answer.status_code == 409 and "もう一度</textarea>" in answer.content.decode() and state_of(contract) == "delivered"


@pytest.mark.parametrize("points", ["", "  \n\x00", "あ" * 3001])
def test_changes_need_words(db, points):
    contract = a_contract(delivered=True)

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/changes/", {"round": 1, "points": points, "reason": "agreed"})

    assert answer.status_code == 422 and "id_points_error" in answer.content.decode() and state_of(contract) == "delivered"


@pytest.mark.parametrize("reason", ["", "nonsense", "mind"])
def test_changes_have_a_reason_and_another_wish_is_led_to_a_change_with_its_pay(db, reason):
    contract = a_contract(delivered=True)
    way = f"/contracts/{contract.pk}/change/"

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/changes/", {"round": 1, "points": "色を青に", "reason": reason})

    assert answer.status_code == 422 and "色を青に</textarea>" in answer.content.decode() and state_of(contract) == "delivered"
    assert (way in answer.content.decode()) == (said("changes.mind") in text_of(answer)) == (reason == "mind")


def test_the_worker_reads_why_changes_are_asked_for(db):
    contract = a_contract(delivered=True)
    signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/changes/", {"round": 1, "points": "余白を広く", "reason": "within"})

    assert said("changes.reason.within") in text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))


def test_accepted_in_one_window_changes_in_the_other_are_refused_and_kept(db):
    contract = a_contract(delivered=True)
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/changes/", {"round": 1, "points": "短く", "reason": "agreed"})

    assert answer.status_code == 409 and "短く</textarea>" in answer.content.decode() and state_of(contract) == "accepted"


# ---- reviews and thanks -------------------------------------------------------------------------

def test_a_review_is_written_once_and_stays_closed(db):
    contract = a_contract(accepted=True)
    browser = signed_in(contract.worker)

    first, second = (browser.post(f"/contracts/{contract.pk}/review/", {"again": "yes", "text": "ていねいでした"}) for _time in range(2))

    assert first.status_code == 302 and second.status_code == 409 and "ていねいでした</textarea>" in second.content.decode()
    assert Review.objects.get().opened_at is None
    assert said("reviews.closed") in text_of(browser.get(f"/contracts/{contract.pk}/"))


@pytest.mark.parametrize(("form", "field"), [
    ({}, "again"), ({"again": "5"}, "again"), ({"again": "yes\x00"}, "again"), ({"again": "yes", "text": "あ" * 1001}, "text")])
def test_a_review_that_does_not_fit_is_named(db, form, field):
    contract = a_contract(accepted=True)

    answer = signed_in(contract.worker).post(f"/contracts/{contract.pk}/review/", form)

    assert answer.status_code == 422 and f"id_{field}_error" in answer.content.decode() and not Review.objects.exists()


@pytest.mark.parametrize(("state", "side", "deed"), [
    ({}, "client", "fund"), ({"funded": True}, "worker", "deliver"), ({"delivered": True}, "client", "accept"),
    ({"delivered": True}, "client", "changes"), ({"accepted": True}, "worker", "review"), ({"accepted": True}, "client", "review"),
    ({"accepted": True}, "client", "thanks")])
def test_the_page_of_a_deed_opens_fresh_and_an_empty_form_is_answered_as_one(db, state, side, deed):
    contract = a_contract(**state)
    browser = signed_in(contract.worker if side == "worker" else client_of(contract))

    fresh = browser.get(f"/contracts/{contract.pk}/{deed}/")

    assert fresh.status_code == 200 and 'class="summary"' not in fresh.content.decode()
    if deed != "fund":
        assert browser.post(f"/contracts/{contract.pk}/{deed}/", {}).status_code == 422


def test_nobody_reviews_or_thanks_before_the_end(db):
    contract = a_contract(delivered=True)
    browser = signed_in(client_of(contract))

    for deed, form in (("review", {"again": "yes"}), ("thanks", {"text": "ありがとう"})):
        assert browser.get(f"/contracts/{contract.pk}/{deed}/").status_code == 302
        assert browser.post(f"/contracts/{contract.pk}/{deed}/", form).status_code == 409
    assert not Review.objects.exists() and not Thanks.objects.exists()


def test_thanks_are_sent_once_by_the_client_and_read_by_the_worker(db):
    contract = a_contract(accepted=True)
    browser = signed_in(client_of(contract))
    assert f"/contracts/{contract.pk}/thanks/" in browser.get(f"/contracts/{contract.pk}/").content.decode()

    first, second = (browser.post(f"/contracts/{contract.pk}/thanks/", {"text": "助かりました"}) for _time in range(2))

    assert first.status_code == 302 and second.status_code == 409
    worker = signed_in(contract.worker)
    assert "助かりました" in text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert worker.post(f"/contracts/{contract.pk}/thanks/", {"text": "自分に"}).status_code == 409


@pytest.mark.parametrize("text", ["", "\x00\u200f ", "あ" * 301])
def test_thanks_need_words(db, text):
    contract = a_contract(accepted=True)

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/thanks/", {"text": text})

    assert answer.status_code == 422 and "id_text_error" in answer.content.decode() and not Thanks.objects.exists()
