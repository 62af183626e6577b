"""The desk of appeals: a moderator reads what both say, and decides with words that both read; who looks is written down."""
import datetime
from copy import copy

import pytest
from django.shortcuts import get_object_or_404

from machi.accounts.facts import LOOKED_AT
from machi.accounts.models import User
from machi.activity.models import Fact
from machi.payments.models import Earning
from machi.shared import clock
from machi.tasks.actions import appeal, close_batches, decide_appeal, finish_bundle, give_answer, refuse_answers, take_bundle
from machi.tasks.models import Answer
from machi.web.desk.appeals import views
from tests.conftest import broken_rules
from tests.people import a_person, a_staff_member
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work, with_second_key
from tests.web.tasks.client.test_results import WHY, feeling

pytestmark = pytest.mark.django_db
ASKED = "手引きの2番のとおりに答えました。"
DAY = datetime.timedelta(days=1)
DECIDED = "手引きの2番に、好きですは「よい」とあります。"


def an_appeal(batch=None):
    batch = batch or a_batch(rows=1, answers_each=1, most_each=1, gold_percent=0, extra_percent=0, price_yen=100)
    worker = a_person("すずき")
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for one in held_answers(bundle):
        give_answer(answer=one, by=worker, posted=feeling("よい")(one.item), seconds=5)
    finish_bundle(bundle=bundle, by=worker)
    answer = Answer.objects.filter(batch=batch, worker=worker).order_by("pk").first()
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason=WHY, paid_percent=40)
    answer.refresh_from_db()
    return appeal(answer=answer, by=worker, words=ASKED)


def looks() -> int:
    return Fact.objects.filter(name=LOOKED_AT, data__what="looked.appeal").count()


def test_what_waits_is_listed_with_its_age_and_without_a_word_of_the_two():
    with clock.moved(by=-9 * DAY):
        answer = an_appeal()

    page = text_of(at_work("moderator")[0].get("/desk/appeals/"))

    assert answer.batch.title in page and "9日" in page and ASKED not in page and WHY not in page and looks() == 0
    assert said("desk.appeals.none") not in page


@pytest.mark.parametrize(("decision", "state", "price"), [("grant", "approved", 100), ("uphold", "closed", 40)])
def test_it_is_decided_with_a_reason_that_both_read_and_paid_so(town, decision, state, price):
    answer = an_appeal()
    browser, _moderator = at_work("moderator")
    address = f"/desk/appeals/{answer.pk}/"

    page = text_of(browser.get(address))
    without = browser.post(address, {"decision": decision})
    assert ASKED in page and WHY in page and "きょうは1回目です" in page and looks() > 0
    assert without.status_code == 422 and Answer.objects.get(pk=answer.pk).state == "appealed"

    assert browser.post(address, {"decision": decision, "words": DECIDED})["Location"] == "/desk/appeals/"
    assert browser.post(address, {"decision": decision, "words": DECIDED}).status_code == 404, "it does not wait any more"
    assert Answer.objects.get(pk=answer.pk).state == state
    assert DECIDED in text_of(signed_in(answer.worker).get(f"/bundles/{answer.bundle_id}/done/"))
    assert DECIDED in text_of(signed_in(answer.batch.client.person).get(f"/tasks/{answer.batch_id}/results/{answer.item.number}/"))
    with clock.moved(by=2 * DAY):
        close_batches()
    assert Earning.objects.get().price_yen == price and not broken_rules()


def test_of_two_moderators_the_slower_one_reads_that_it_moved_on(monkeypatch):
    answer, (browser, _slow) = an_appeal(), at_work("moderator")
    quick, address = a_staff_member("moderator"), f"/desk/appeals/{answer.pk}/"
    loaded = get_object_or_404(views.waiting_appeals(), pk=answer.pk)
    decide_appeal(answer=answer, by=User.objects.get(pk=quick.pk), is_granted=True, words=DECIDED)
    monkeypatch.setattr(views, "get_object_or_404", lambda _waiting, pk: copy(loaded))       # as the slow one had read it

    page = browser.get(address)
    decided = browser.post(address, {"decision": "uphold", "words": "見直しました。"})

    for seen, status in ((page, 200), (decided, 409)):
        assert seen.status_code == status and said("state.moved_on") in text_of(seen) and ASKED not in text_of(seen)
    assert Answer.objects.get(pk=answer.pk).state == "approved" and looks() == 0


def test_of_many_other_answers_the_first_are_shown_and_all_are_counted(monkeypatch):
    batch = a_batch(rows=1, answers_each=10, most_each=10, gold_percent=0, extra_percent=0, price_yen=100)
    answer = an_appeal(batch)
    for number in range(4):
        worker = a_person(f"{number}番目の人")
        bundle = take_bundle(batch=batch, by=worker, minutes=15)
        give_answer(answer=held_answers(bundle)[0], by=worker, posted=feeling("わるい")(answer.item), seconds=5)
    monkeypatch.setattr(views, "OTHERS", 3)
    page = at_work("moderator")[0].get(f"/desk/appeals/{answer.pk}/")

    assert said("desk.appeal.others", n=4) in text_of(page) and said("desk.appeal.others.first", n=3) in text_of(page)
    assert page.text.count('<li dir="auto">わるい') == 3


def test_nobody_decides_about_their_own_client_or_their_own_answer():
    batch = a_batch(rows=2)
    answer = an_appeal(batch)
    moderator = a_staff_member("moderator")
    browser = with_second_key(signed_in(moderator), moderator)
    Answer.objects.filter(pk=answer.pk).update(worker=moderator)

    page = browser.get(f"/desk/appeals/{answer.pk}/")
    answered = browser.post(f"/desk/appeals/{answer.pk}/", {"decision": "grant", "words": DECIDED})

    assert ASKED not in text_of(page) and said("tasks.answer.decide_refused") in text_of(page) and looks() == 0
    assert answered.status_code == 409 and Answer.objects.get(pk=answer.pk).state == "appealed"


def test_money_that_is_held_for_tasks_has_its_name_at_the_desk():
    batch = a_batch()

    page = at_work("finance")[0].get("/desk/held/")

    assert said("held.open.batch") in text_of(page) and batch.title in text_of(page) and f'href="/tasks/{batch.pk}/"' in page.text
