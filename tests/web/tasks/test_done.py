"""What came of a bundle: the money and its day, how right it was, what was refused, and what can be said against it."""
import datetime

import pytest
from django.urls import reverse

from machi.notifications.models import Notice
from machi.shared import clock
from machi.tasks.actions import (
    approve_answers,
    close_batches,
    decide_appeal,
    finish_bundle,
    give_answer,
    let_refusals_stand,
    put_together,
    refuse_answers,
    take_bundle,
    take_refusal_back,
)
from machi.tasks.models import Answer
from tests.people import a_person, a_staff_member
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
WHY = "手引きの2番とちがいます"


@pytest.fixture
def worker():
    return a_person()


@pytest.fixture
def browser(worker):
    return signed_in(worker)


def done(worker, rows: int = 4, says: str = "よい", **values):
    batch = a_batch(rows=rows, **{"answers_each": 1, "most_each": 1, "gold_percent": 0, "price_yen": 100, **values})
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.feeling": [says]}, seconds=5)
    return finish_bundle(bundle=bundle, by=worker)


def client_of(bundle):
    return bundle.batch.client.person


def refused(bundle, *numbers: int, percent: int = 50) -> list[Answer]:
    pks = list(Answer.objects.filter(bundle=bundle, position__in=numbers).values_list("pk", flat=True))
    return refuse_answers(batch=bundle.batch, by=client_of(bundle), answers=pks, reason=WHY, paid_percent=percent)


def place(bundle, name: str, *number: int) -> str:
    return reverse(f"tasks:{name}", args=[bundle.pk, *number])


def test_what_it_brings_and_the_day_on_which_it_leaves_are_told(browser, worker, clock_at):
    clock_at("2026-12-01 10:00")
    bundle = done(worker)

    page = text_of(browser.get(place(bundle, "done")))

    assert "344円" in page and "12月15日（火）" in page            # 440 with tax, less 20 % (88) and the tax on that (8)
    assert said("tasks.count.waiting") in page and said("tasks.refused.title") not in page
    approve_answers(batch=bundle.batch, by=client_of(bundle))
    put_together()
    with clock.moved(to=clock.now() + datetime.timedelta(days=1)):
        close_batches()
        assert "12月15日（火）" in text_of(browser.get(place(bundle, "done")))
    assert browser.get(reverse("notices:open", args=[Notice.objects.get(kind="answers.paid").pk])).url == reverse("tasks:bundles")


def test_a_refusal_has_its_reason_its_part_and_two_answers_to_it(browser, worker):
    bundle = done(worker)
    refused(bundle, 2, 3)

    page = text_of(browser.get(place(bundle, "done")))
    notice = Notice.objects.get(kind="answers.refused")

    assert browser.get(reverse("notices:open", args=[notice.pk])).url == place(bundle, "done")
    assert WHY in page and said("tasks.refused.percent", n=50) in page and page.count(said("tasks.appeal.go")) == 2
    assert "258円" in page                                          # 300 of 400: 330 with tax, less 66 and 6
    assert browser.post(place(bundle, "agree", 2)).url == place(bundle, "done")
    assert Answer.objects.get(bundle=bundle, position=2).state == "closed"
    assert text_of(browser.get(place(bundle, "done"))).count(said("tasks.appeal.go")) == 1
    assert said("tasks.refused", num=2) in text_of(browser.get(reverse("tasks:bundles")))


@pytest.mark.parametrize(("is_granted", "sum_"), [(True, "344円"), (False, "301円")])
def test_an_appeal_with_words_is_decided_by_the_town_and_its_state_is_told(browser, worker, is_granted, sum_):
    bundle = done(worker)
    refused(bundle, 1)
    without = browser.post(place(bundle, "appeal", 1), {"words": "  "})
    assert without.status_code == 422 and 'id="id_words_error"' in without.content.decode()
    long = browser.post(place(bundle, "appeal", 1), {"words": "長" * 1001})
    assert long.status_code == 422 and "長" * 1001 in text_of(long)

    browser.post(place(bundle, "appeal", 1), {"words": "手引きの2番のとおりに答えました。"})
    page = text_of(browser.get(place(bundle, "done")))
    assert "手引きの2番のとおりに答えました。" in page and said("tasks.answer.state.appealed") in page
    decide_appeal(answer=Answer.objects.get(bundle=bundle, position=1), by=a_staff_member("moderator"), is_granted=is_granted,
                  words="手引きを読みました。")
    notice = Notice.objects.get(kind="appeal.granted" if is_granted else "appeal.upheld", user=worker)

    assert browser.get(reverse("notices:open", args=[notice.pk])).url == place(bundle, "done")
    page = text_of(browser.get(place(bundle, "done")))
    assert sum_ in page and said(f"tasks.answer.state.{'approved' if is_granted else 'closed'}") in page
    theirs = Notice.objects.get(kind=notice.kind, user=client_of(bundle))
    opened = signed_in(client_of(bundle)).get(reverse("notices:open", args=[theirs.pk]), follow=True)
    assert opened.status_code == 200


def test_a_refusal_is_found_while_its_bundle_is_still_open_and_its_days_run(browser, worker):
    """An answer of an hour ago may be refused although the bundle is not done; with the notice the seven days begin."""
    bundle = take_bundle(batch=a_batch(rows=4, golds=2, gold_percent=20, answers_each=1, most_each=1), by=worker, minutes=15)
    runner = browser.get(place(bundle, "answer", 1))
    assert place(bundle, "done") not in runner.content.decode()
    assert browser.get(place(bundle, "done")).url == place(bundle, "bundle")
    for answer in held_answers(bundle)[:2]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["わるい"]}, seconds=5)
    with clock.moved(to=clock.now() + datetime.timedelta(hours=2)):
        refused(bundle, 1, 2)
        notice = browser.get(reverse("notices:open", args=[Notice.objects.get(kind="answers.refused").pk]), follow=True)

        for page in (browser.get(place(bundle, "answer", 3)), browser.get(reverse("tasks:bundles"))):
            assert said("tasks.refused", num=2) in text_of(page) and place(bundle, "done") in page.content.decode()
        assert notice.redirect_chain[-1][0] == place(bundle, "done") and WHY in text_of(notice)
        assert place(bundle, "bundle") in notice.content.decode()
        assert "「よい」とあるから" not in text_of(notice) and said("tasks.right.title") not in text_of(notice)   # golds stay unknown
        assert browser.post(place(bundle, "agree", 1), follow=True).redirect_chain[-1][0] == place(bundle, "done")
        browser.post(place(bundle, "appeal", 2), {"words": "手引き\u202eのとおりです。"})
    assert Answer.objects.get(bundle=bundle, position=2).appeal == "手引きのとおりです。"
    bundle.refresh_from_db()
    assert bundle.state == "open"


def test_after_seven_days_or_once_the_client_took_it_back_there_is_nothing_to_appeal(browser, worker):
    bundle = done(worker)
    first, second = refused(bundle, 1, 2)
    take_refusal_back(answer=first, by=client_of(bundle))
    with clock.moved(to=clock.now() + datetime.timedelta(days=8)):
        let_refusals_stand()

    for number in (1, 2):
        late = browser.post(place(bundle, "appeal", number), {"words": "ちがうと思います。"})
        assert late.status_code == 409 and "ちがうと思います。" in text_of(late)
        assert browser.get(place(bundle, "appeal", number)).status_code == 200
        assert browser.post(place(bundle, "agree", number)).status_code == 302
    assert set(Answer.objects.filter(bundle=bundle, position__lt=3).values_list("state", flat=True)) == {"approved", "closed"}


def test_an_answer_that_nobody_refused_has_no_page_of_refusal(browser, worker):
    bundle = done(worker)

    for name in ("appeal", "agree"):
        assert browser.post(place(bundle, name, 1), {"words": "x"}).status_code == 404


def test_how_right_somebody_was_is_for_their_eyes_alone_with_its_interval_from_ten_on(browser, worker):
    few, many = (done(worker, rows=rows, answers_each=2, most_each=2, threshold_percent=50) for rows in (5, 12))
    alone = done(worker, rows=3)
    for bundle in (few, many):
        other = a_person()
        for answer in held_answers(take_bundle(batch=bundle.batch, by=other, minutes=15)):
            give_answer(answer=answer, by=other, posted={"a.feeling": ["よい"]}, seconds=5)
    put_together()

    assert said("tasks.right.none") in text_of(browser.get(place(alone, "done")))          # nobody else has said what it is
    assert said("tasks.right.few", num=5, n=10) in text_of(browser.get(place(few, "done")))
    page = text_of(browser.get(place(many, "done")))
    assert said("tasks.right.agreed", num=12, same=12) in page
    # beta(13, 1): 5 % of it lie below 0.794, and 5 % above 0.996
    assert said("tasks.right.between", low=79, high=100) in page and said("tasks.right.only_you") in page
    for other in (client_of(many), a_person()):
        assert signed_in(other).get(place(many, "done")).status_code == 404


def test_a_gold_that_was_answered_otherwise_is_explained_once_the_bundle_is_over(browser, worker):
    bundle = take_bundle(batch=a_batch(rows=4, golds=2, gold_percent=20), by=worker, minutes=15)
    for answer in held_answers(bundle):
        assert "「よい」とあるから" not in text_of(browser.get(place(bundle, "answer", answer.position)))
        browser.post(place(bundle, "answer", answer.position), {"do": "answer", "a.feeling": "わるい"})
    browser.post(place(bundle, "finish"))

    page = text_of(browser.get(place(bundle, "done")))

    assert "「よい」とあるから" in page and said("tasks.learn.title") in page


def test_it_asks_the_same_number_of_questions_however_much_was_refused(browser, worker, django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(22)
    small, large = done(worker, rows=2), done(worker, rows=30)
    refused(small, 1)
    refused(large, *range(1, 26))
    put_together()

    assert queries_of(browser, place(small, "done"), counted) == queries_of(browser, place(large, "done"), counted)


def test_home_shows_what_is_under_way_and_an_empty_list_shows_the_way(browser, worker):
    assert said("tasks.bundles.none") in text_of(browser.get(reverse("tasks:bundles")))
    bundle = take_bundle(batch=a_batch(), by=worker, minutes=15)

    home = browser.get(reverse("home"))

    assert said("home.bundle", job=bundle.batch.title) in text_of(home) and place(bundle, "bundle") in home.content.decode()
