"""A file as an answer on a telephone: kept when something else is missing, taken away by keyboard, and told plainly without a line."""
import pytest

from machi.tasks.models import Answer, AnswerFile
from tests.looking import a_browser, at_other_widths, problems, shot
from tests.web.contracts.walking import said
from tests.web.tasks.living import arrived, lived, stands
from tests.web.tasks.test_files import PICTURE, a_photograph

SHOT = {"name": "とても長い名前の港の写真" * 4 + ".jpg", "mimeType": "image/jpeg", "buffer": a_photograph()}
KEPT, AWAY = ".kept", ".kept button"


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def test_a_file_stays_while_something_else_is_mended_and_is_taken_away_by_keyboard(chromium, town):
    def way(page):
        arrived(page, 1)
        page.set_input_files("[name='a.shot']", SHOT)
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.locator(KEPT).wait_for()
        shot(page, "tasks-file-390-dark-ja-simple")
        assert problems(page, width=390) + at_other_widths(page, 390) == []
        assert page.locator(".summary a").count() == 1                          # only the words are missing
        page.locator(AWAY).focus()
        page.keyboard.press("Enter")
        page.locator(KEPT).wait_for(state="detached")
        page.set_input_files("[name='a.shot']", SHOT | {"name": "b.jpg"})
        page.fill("[name='a.what']", "船")
        page.keyboard.press("Control+Enter")
        arrived(page, 2)

    bundle = lived(chromium, way, form=PICTURE, width=390, theme="dark")

    assert stands(bundle)[0] == "given" and AnswerFile.objects.get(answer__bundle=bundle).file.name == "b.jpg"


def test_typing_on_sends_no_file_and_a_file_that_lies_there_needs_no_line(chromium, town):
    """What is typed is kept by itself; the file goes with the button, and without a line the page says so and keeps the rest."""
    def way(page):
        arrived(page, 1)
        page.set_input_files("[name='a.shot']", SHOT)
        page.fill("[name='a.what']", "半分")
        page.locator("#note [data-state=saved]:not([hidden])").wait_for()
        assert not AnswerFile.objects.exists()
        page.locator("form[data-ready]").wait_for()
        page.context.set_offline(True)
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.get_by_text(said("tasks.offline.file")).wait_for()
        assert page.input_value("[name='a.what']") == "半分"
        page.context.set_offline(False)
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        arrived(page, 2)
        page.set_input_files("[name='a.shot']", SHOT)
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.locator(KEPT).wait_for()
        page.locator("form[data-ready]").wait_for()
        page.context.set_offline(True)
        page.fill("[name='a.what']", "トンネルの中")
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.locator("[data-waiting]:not([hidden])").wait_for()
        page.context.set_offline(False)
        page.wait_for_url("**/answers/3/")

    bundle = lived(chromium, way, form=PICTURE, width=390)

    assert stands(bundle)[:2] == ["given", "given"] and AnswerFile.objects.filter(answer__bundle=bundle).count() == 2
    assert Answer.objects.get(bundle=bundle, position=2).values["what"] == "トンネルの中"


def test_without_a_script_a_file_is_a_field_like_any_other(chromium, town):
    def way(page):
        page.wait_for_url("**/answers/1/")
        page.set_input_files("[name='a.shot']", SHOT)
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.locator(KEPT).wait_for()
        page.fill("[name='a.what']", "船")
        page.get_by_role("button", name=said("tasks.answer.go")).last.click()
        page.wait_for_url("**/answers/2/")

    assert stands(lived(chromium, way, form=PICTURE, width=390, script=False))[0] == "given"
