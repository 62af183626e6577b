"""On the screen: one press says how it goes; a long contract is ended a month ahead, and the reason is asked and told."""
import datetime

from machi.contracts.models import CheckIn, EndNotice
from machi.shared import clock
from tests.people import a_contract, client_of
from tests.web.contracts.walking import said, signed_in, text_of

DAY = datetime.timedelta(days=1)


def asked():
    contract = a_contract(funded=True)
    return contract, CheckIn.objects.create(milestone=contract.milestones.get(), percent=25, asked_at=clock.now())


def press(browser, contract, check_in, answer):
    return browser.post(f"/contracts/{contract.pk}/check-in/", {"check_in": check_in.pk, "answer": answer})


def test_one_press_tells_the_client_how_it_goes(db):
    contract, check_in = asked()
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    room = f"/contracts/{contract.pk}/"
    assert said("checkin.text", other="みなと地域スポーツ応援会") in text_of(worker.get(room))
    assert said("checkin.title") not in text_of(client.get(room)), "whoever says nothing is not told about"

    answer = press(worker, contract, check_in, "well")

    assert answer.url == f"{room}#check-in"
    assert said("checkin.well") in text_of(client.get(room)) and said("checkin.title") in text_of(client.get(room))


def test_a_little_later_leads_to_another_day_and_talking_to_the_letters(db):
    contract, check_in = asked()
    worker = signed_in(contract.worker)

    assert press(worker, contract, check_in, "later").url == f"/contracts/{contract.pk}/date/"
    assert press(worker, contract, check_in, "talk").url == f"/contracts/{contract.pk}/#letters"


def test_it_can_be_switched_off_and_on(db):
    contract, _check_in = asked()
    worker = signed_in(contract.worker)

    off = worker.post(f"/contracts/{contract.pk}/check-ins/", {"switch": "off"}, follow=True)
    assert said("checkin.is_off") in text_of(off)
    on = worker.post(f"/contracts/{contract.pk}/check-ins/", {"switch": "on"}, follow=True)
    assert said("checkin.is_off") not in text_of(on)


def test_a_question_of_another_contract_does_not_exist_here_and_nonsense_is_refused(db):
    contract, _check_in = asked()
    _other, foreign = asked()
    worker = signed_in(contract.worker)

    assert press(worker, contract, foreign, "well").status_code == 404
    for typed in ({}, {"check_in": "x", "answer": "well"}, {"check_in": "9" * 30, "answer": "well"}, {"check_in": 1, "answer": "<b>"}):
        assert worker.post(f"/contracts/{contract.pk}/check-in/", typed).status_code == 422
    assert not CheckIn.objects.exclude(answer="").exists()


def test_the_client_answers_nothing_in_the_name_of_the_worker(db):
    contract, check_in = asked()

    answer = press(signed_in(client_of(contract)), contract, check_in, "well")

    check_in.refresh_from_db()
    assert answer.status_code == 409 and check_in.answer == ""


def test_a_month_ahead_the_client_says_that_it_ends(db):
    contract = a_contract(funded=True, due_on=clock.today() + 200 * DAY)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    page = f"/contracts/{contract.pk}/ending/"
    assert said("ending.go") in text_of(client.get(f"/contracts/{contract.pk}/")) and worker.get(page).status_code == 302

    near = client.post(page, {"last_on": (clock.today() + 29 * DAY).isoformat()})
    assert near.status_code == 409 and said("ending.too_near") in text_of(near)
    client.post(page, {"last_on": (clock.today() + 30 * DAY).isoformat()})

    assert EndNotice.objects.get().last_on == clock.today() + 30 * DAY
    assert said("ending.reason.ask") in text_of(worker.get(page)) and said("ending.given.text") in text_of(worker.get(page))
    worker.post(f"{page}why/")
    assert client.post(f"{page}reason/", {"reason": " "}).status_code == 422
    client.post(f"{page}reason/", {"reason": "予算が変わりました。"})
    assert "予算が変わりました。" in text_of(worker.get(page))


def test_a_short_contract_says_nothing_of_it(db):
    contract = a_contract(funded=True)
    client = signed_in(client_of(contract))

    assert said("ending.title") not in text_of(client.get(f"/contracts/{contract.pk}/"))
    assert client.post(f"/contracts/{contract.pk}/ending/", {"last_on": (clock.today() + 40 * DAY).isoformat()}).status_code == 409
