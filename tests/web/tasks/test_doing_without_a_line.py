"""A bundle in a train: without a line answers wait on the device, and nothing that somebody typed is lost in silence."""
import pytest

from machi.tasks.actions import give_answer, lapse_bundles
from machi.tasks.models import Answer, Bundle
from tests.looking import a_browser, at_other_widths, problems
from tests.web.contracts.walking import said
from tests.web.tasks.living import arrived, lived, stands

WORDS = "Object.keys(localStorage).filter(key => key.startsWith('unsent:tasks-')).map(key => JSON.parse(localStorage[key]).typed).sort()"
SIX = ["given", "given", "given", "held", "held", "held"]


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def without_a_line(page) -> None:
    page.locator("form[data-ready]").wait_for()
    page.context.set_offline(True)
    for number in (1, 2, 3):
        page.keyboard.press("1")
        page.fill("[name='a.why']", f"電車の中{number}")
        page.keyboard.press("Control+Enter")
        page.locator("#item-h").filter(has_text=said("tasks.item.of", n=number + 1, all=6)).wait_for()
    assert said("tasks.offline.now", n=3) in page.locator("[data-waiting]").inner_text()
    page.context.set_offline(False)


def test_what_was_answered_without_a_line_is_sent_once_there_is_one(chromium, town):
    def way(page):
        without_a_line(page)
        page.wait_for_url("**/answers/4/")

    bundle = lived(chromium, way)

    assert stands(bundle) == SIX
    assert [values["why"] for values in Answer.objects.filter(bundle=bundle, state="given").order_by("position").values_list(
        "values", flat=True)] == ["電車の中1", "電車の中2", "電車の中3"]


def waiting(page) -> list[str]:
    """The words that wait on this device."""
    return page.evaluate(WORDS)


def refusing(page, number: int, status: int):
    """The town answers so to what is sent for this item."""
    page.route(f"**/answers/{number}/", lambda route: (
        route.fulfill(status=status) if route.request.method == "POST" and "autosave" not in (route.request.post_data or "")
        else route.continue_()))


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_town_that_is_away_for_a_moment_gets_the_answers_later(chromium, town, status):
    def way(page):
        refusing(page, 2, status)
        without_a_line(page)
        page.get_by_text(said("tasks.offline.later", n=2)).wait_for()
        assert waiting(page) == ["よい、電車の中2", "よい、電車の中3"] and page.locator("[data-waiting] a").count() == 0
        page.unroute("**/answers/2/")
        page.reload()
        page.wait_for_url("**/answers/4/")

    assert stands(lived(chromium, way)) == SIX


def test_what_could_not_be_sent_is_shown_and_stands_in_its_form_again_until_it_is_given(chromium, town):
    def way(page):
        refusing(page, 2, 409)
        without_a_line(page)
        page.wait_for_url("**/answers/2/")
        page.get_by_text(said("tasks.offline.again")).wait_for()
        page.goto(page.url.replace("/2/", "/4/"))
        page.get_by_text(said("tasks.offline.stuck", n=1)).wait_for()
        assert "電車の中2" in page.locator("[data-waiting]").inner_text()
        page.locator("[data-waiting] a").click()
        arrived(page, 2)
        assert page.input_value("[name='a.why']") == "電車の中2" and page.locator(":checked").get_attribute("value") == "よい"
        page.fill("[name='a.why']", "電車の中で、2回目")
        page.reload()
        assert page.input_value("[name='a.why']") == "電車の中で、2回目"
        assert waiting(page) == ["よい、電車の中で、2回目"], "it is looked at, not given"
        page.unroute("**/answers/2/")
        page.keyboard.press("Control+Enter")
        arrived(page, 4)
        assert waiting(page) == [] and page.locator("[data-waiting]").is_hidden()

    bundle = lived(chromium, way)

    assert stands(bundle) == SIX and Answer.objects.get(bundle=bundle, position=2).values["why"] == "電車の中で、2回目"


def test_an_answer_that_was_given_otherwise_meanwhile_keeps_its_words_until_they_are_let_go(chromium, town):
    def way(page):
        page.locator("form[data-ready]").wait_for()
        bundle = Bundle.objects.get()
        page.context.set_offline(True)
        page.keyboard.press("1")
        page.fill("[name='a.why']", "電車の中")
        page.keyboard.press("Control+Enter")
        page.locator("#item-h").filter(has_text=said("tasks.item.of", n=2, all=6)).wait_for()
        give_answer(answer=Answer.objects.get(position=1), by=bundle.worker, posted={"a.feeling": ["わるい"]}, seconds=1)
        page.context.set_offline(False)
        page.get_by_text(said("tasks.offline.stuck", n=1)).wait_for()
        page.reload()
        assert "電車の中" in page.locator("[data-waiting]").inner_text()
        page.get_by_role("button", name=said("tasks.offline.let_go")).click()
        assert waiting(page) == [] and page.locator("[data-waiting]").is_hidden()

    assert stands(lived(chromium, way))[0] == "given"


def test_what_waits_is_found_after_the_time_of_its_bundle_ran_out(chromium, town):
    """The tab was closed without a line; the next day the bundle is somebody else's."""
    def way(page):
        page.route("**/answers/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        without_a_line(page)
        Bundle.objects.update(until_at=Bundle.objects.get().taken_at)
        home = page.url.partition("bundles/")[0] + "bundles/"
        page.goto("about:blank")
        lapse_bundles()
        page.unroute("**/answers/*/")
        page.goto(home)
        page.locator("[data-waiting] a").wait_for()
        assert said("tasks.offline.here") in page.locator("[data-waiting]").inner_text()
        page.locator("[data-waiting] a").click()
        page.wait_for_url("**/done/")
        page.get_by_text(said("tasks.offline.over", n=3)).wait_for()
        assert all(f"電車の中{number}" in page.locator("[data-waiting]").inner_text() for number in (1, 2, 3))
        assert problems(page, width=1280) + at_other_widths(page, 1280) == []
        for left in (2, 1, 0):
            page.get_by_role("button", name=said("tasks.offline.let_go")).first.click()
            assert len(waiting(page)) == left
        page.goto(home)
        assert page.locator("[data-waiting]").is_hidden()

    assert stands(lived(chromium, way)) == ["given_back"] * 6


def test_each_answer_is_sent_once_although_two_windows_are_open(chromium, town):
    posts = []

    def way(page):
        page.context.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
        other = page.context.new_page()
        other.goto(page.url)
        other.locator("form[data-ready]").wait_for()
        page.bring_to_front()
        without_a_line(page)
        page.wait_for_url("**/answers/4/")
        other.reload()
        assert other.locator("[data-waiting]").is_hidden() and waiting(other) == []

    assert stands(lived(chromium, way)) == SIX
    assert sorted(url[-2] for url in posts) == ["1", "2", "3"]


def test_an_answer_whose_reply_was_lost_on_the_way_has_arrived(chromium, town):
    def way(page):
        page.route("**/answers/2/", lambda route: (route.fetch(max_redirects=0), route.abort()) if route.request.method == "POST"
                   else route.continue_(), times=1)
        without_a_line(page)
        page.get_by_text(said("tasks.offline.later", n=2)).wait_for()
        page.reload()
        page.wait_for_url("**/answers/4/")
        assert waiting(page) == []

    assert stands(lived(chromium, way)) == SIX


def test_what_is_answered_while_the_last_ones_are_on_their_way_waits_too(chromium, town):
    """The train comes out of a tunnel for a moment and goes into the next one."""
    def way(page):
        held = []
        page.route("**/answers/3/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
        without_a_line(page)
        while not held:
            page.wait_for_timeout(20)
        page.context.set_offline(True)
        page.keyboard.press("2")
        page.fill("[name='a.why']", "つぎの駅")
        page.keyboard.press("Control+Enter")
        page.locator("#item-h").filter(has_text=said("tasks.item.of", n=5, all=6)).wait_for()
        held[0].fulfill(status=200, body="")
        page.get_by_text(said("tasks.offline.now", n=1)).wait_for()
        assert waiting(page) == ["わるい、つぎの駅"]
        page.context.set_offline(False)
        page.wait_for_url("**/answers/3/")

    bundle = lived(chromium, way)

    assert stands(bundle) == ["given", "given", "held", "given", "held", "held"]


@pytest.mark.parametrize("pressed", ["half", "answer"])
def test_what_is_typed_is_kept_on_after_a_press_that_came_to_nothing(chromium, town, pressed):
    """To rest, or to answer with something missing: without a line neither goes, and the form stays."""
    def way(page):
        page.locator("form[data-ready]").wait_for()
        page.context.set_offline(True)
        page.get_by_role("button", name=said({"half": "tasks.half", "answer": "tasks.answer.go"}[pressed])).last.click()
        page.get_by_text(said({"half": "tasks.offline.only", "answer": "tasks.offline.first"}[pressed])).wait_for()
        page.context.set_offline(False)
        page.fill("[name='a.why']", "あとで続きを")
        page.locator("#note [data-state=saved]:not([hidden])").wait_for()

    bundle = lived(chromium, way)

    assert Answer.objects.get(bundle=bundle, position=1).values == {"a.why": ["あとで続きを"]}
