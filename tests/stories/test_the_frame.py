"""What only a browser can show about the frame: swaps, menus, a passkey, and what is said when nothing arrives."""
import re

from playwright.sync_api import expect

from tests.looking import a_context
from tests.stories.doing import join, prove
from tests.stories.person import Person
from tests.stories.words import say

KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
       "automaticPresenceSimulation": True}


def somebody(chromium, town, mark: str, **look) -> Person:
    return Person(a_context(chromium, town.url, **look), town, "あおい", f"{mark}@example.jp")


def begin_a_post(writer: Person) -> str:
    """The address of its first screen."""
    join(writer)
    writer.open(f"{writer.town.url}/jobs/new/")
    writer.choose(say("job.category.label"), "記事・ライティング")
    writer.press(say("post.save_on"))
    writer.fill(say("job.title.label"), "港の記録")
    writer.fill(say("job.body.label"), "はじめの文")
    writer.press(say("post.save_on"))
    return re.sub("write/.*", "write/what/", writer.page.url)


def test_a_passkey_is_added_and_opens_the_door(chromium, town):
    """F06, F75: whoever joined with an address alone comes in with a touch, without a password and without a puzzle."""
    aoi = somebody(chromium, town, "aoi")
    join(aoi)
    device = aoi.context.new_cdp_session(aoi.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    aoi.open(f"{town.url}/account/mfa/webauthn/add/")
    if aoi.page.url.startswith(f"{town.url}/account/again/"):
        prove(aoi)
    aoi.pick(say("account.key.passwordless"))
    aoi.press(say("account.passkeys.add"))
    aoi.see(say("account.message.webauthn_added"))
    aoi.open(f"{town.url}/account/logout/")
    aoi.page.locator("main").get_by_role("button", name=say("account.logout")).click()
    aoi.open(f"{town.url}/account/login/")
    aoi.press(say("account.login.passkey"))
    aoi.see(say("home.todo"))

    assert aoi.complaints == []


def test_a_wrong_form_is_swapped_in_and_read_first(chromium, town):
    somebody_new = somebody(chromium, town, "new", width=1280)
    page = somebody_new.page
    somebody_new.open(f"{town.url}/gallery/")
    page.evaluate("document.querySelector('h1').dataset.same = 'yes'")
    page.fill("#id_name", "髙﨑𠮷")
    page.click("#form-box button[type=submit]")

    expect(page.locator("#form-box .summary")).to_be_focused()
    assert page.input_value("#id_name") == "髙﨑𠮷" and page.locator("h1").get_attribute("data-same") == "yes"
    assert somebody_new.complaints == []


def test_a_form_that_was_too_old_loads_its_page_anew(chromium, town):
    somebody_new = somebody(chromium, town, "old", width=1280)
    page = somebody_new.page
    somebody_new.open(f"{town.url}/gallery/")
    page.evaluate("document.querySelector('h1').dataset.same = 'yes'")
    somebody_new.context.clear_cookies(name="csrftoken")
    with page.expect_navigation():
        page.click("#form-box button[type=submit]")

    assert page.locator("h1").get_attribute("data-same") is None and page.locator("header.top").count() == 1


def test_when_nothing_arrives_the_page_says_what_is_safe(chromium, town):
    far_away = somebody(chromium, town, "far", width=1280)
    page = far_away.page
    far_away.open(f"{town.url}/gallery/")
    page.fill("#id_name", "書いたもの")
    far_away.context.set_offline(True)
    page.click("#form-box button[type=submit]")

    expect(page.locator("#trouble")).to_be_visible()
    assert page.input_value("#id_name") == "書いたもの"
    far_away.context.set_offline(False)


def test_a_press_waits_for_the_draft_that_is_on_its_way(chromium, town):
    """F75: nobody is in their own way, however slow the line; and what was typed last is what is saved."""
    writer = somebody(chromium, town, "typist", width=1280)
    page, here, held = writer.page, begin_a_post(writer), []
    page.goto(here)
    page.route(here, lambda route: held.append(route) if "autosave" in (route.request.post_data or "") else route.continue_())
    page.fill("#id_body", "送っているあいだの文")
    expect(page.locator("#step.htmx-request")).to_be_visible(timeout=15_000)
    page.fill("#id_body", "そのあとに書いた文")
    page.locator("#step .btn.solid").click()
    page.wait_for_timeout(2_500)                                               # longer than typing waits: one more draft would be sent
    assert page.url == here and len(held) == 1
    held.pop().continue_()

    page.wait_for_url("**/write/reward/")
    assert not held
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("そのあとに書いた文")


def test_what_did_not_arrive_is_sent_later_and_never_written_over_newer_words(chromium, town):
    """F75: the town's copy is the truth; words wait on the device with whose they are, until they are saved or somebody signs out."""
    writer = somebody(chromium, town, "writer", width=1280)
    page, here = writer.page, begin_a_post(writer)
    local, saved, beside = page.locator("[data-state=local]"), page.locator("[data-state=saved]"), page.locator("[data-unsent]")

    def lose(words: str) -> None:
        """Typed where nothing arrives; then the window is closed."""
        page.goto(here)
        page.route(here, lambda route: route.abort())
        page.fill("#id_body", words)
        expect(local).to_be_visible(timeout=15_000)
        page.unroute(here)

    page.goto(here)
    writer.context.set_offline(True)
    page.fill("#id_body", "電車で書いた文")
    expect(local).to_be_visible(timeout=15_000)
    writer.context.set_offline(False)
    expect(saved).to_be_visible(timeout=15_000)                                # sent by itself

    lose("閉じたあとの文")
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("閉じたあとの文")
    expect(saved).to_be_visible(timeout=15_000)                                # its words were still those of the town

    lose("届かなかった文")
    assert page.evaluate("Object.keys(localStorage)")[0].startswith("unsent:job-"), "and whose it is"
    other = writer.context.new_page()
    other.route("**/drafts*.js", lambda route: route.abort())                     # a window that knows nothing of this device
    other.goto(here)
    other.fill("#id_body", "別の窓の文")
    other.locator("#step .btn.solid").click()
    other.wait_for_url("**/write/reward/")
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("別の窓の文")
    expect(beside).to_contain_text("届かなかった文")
    writer.look()

    writer.press(say("post.save_on"))
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("別の窓の文")
    expect(beside).to_be_hidden()

    page.route(here, lambda route: route.fulfill(status=503, body="down"))     # the town stops just as somebody presses
    page.fill("#id_body", "押したときに届かなかった文")
    page.locator("#step .btn.solid").click()
    expect(page.locator("body")).to_have_text("down")
    page.unroute(here)
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("押したときに届かなかった文")
    expect(saved).to_be_visible(timeout=15_000)

    other.goto(here)
    lose("この窓の文")
    other.fill("#id_body", "先に届いた文")
    expect(other.locator("[data-state=saved]")).to_be_visible(timeout=15_000)
    page.goto(here)
    expect(beside).to_contain_text("この窓の文")                                # no other window took it away
    writer.press(say("post.save_on"))

    days = page.url.replace("/reward/", "/dates/")
    page.goto(days)
    page.route(days, lambda route: route.abort())
    page.fill("#id_due_on", "2030-04-01")
    expect(local).to_be_visible(timeout=15_000)
    page.unroute(days)
    page.goto(days)
    expect(page.locator("#id_due_on")).to_have_value("2030-04-01")              # days and choices, too

    lose("次の人には見えない文")
    writer.open(f"{town.url}/account/logout/")
    page.locator("main").get_by_role("button", name=say("account.logout")).click()
    page.wait_for_url(f"{town.url}/")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_was_pressed_in_vain_or_refused_waits_whatever_other_windows_do(chromium, town):
    """F75: a press ends what waits once it has arrived, and nothing else does; nothing is said to be kept that is not."""
    writer = somebody(chromium, town, "waiting", width=1280)
    page, here, other = writer.page, begin_a_post(writer), writer.context.new_page()

    def press_in_vain(words: str) -> None:
        """The town stops just as somebody presses; another window stands open."""
        page.goto(here)
        other.goto(here)
        page.route(here, lambda route: route.fulfill(status=503, body="down"))
        page.fill("#id_body", words)
        page.locator("#step .btn.solid").click()
        expect(page.locator("body")).to_have_text("down")
        page.unroute(here)

    press_in_vain("押した文")
    other.locator("ol.todo a").nth(2).click()
    other.wait_for_url("**/write/reward/")                                     # it leaves the same page
    page.goto(here)
    expect(page.locator("#id_body")).to_have_value("押した文")
    expect(page.locator("[data-state=saved]")).to_be_visible(timeout=15_000)

    press_in_vain("もう一度押した文")
    other.fill("#id_body", "別の窓の文")
    expect(other.locator("[data-state=saved]")).to_be_visible(timeout=15_000)   # what it sent arrives
    page.goto(here)
    expect(page.locator("[data-unsent]")).to_contain_text("もう一度押した文")

    other.goto(here)
    page.fill("#id_body", "くらべる文")
    expect(page.locator("[data-state=saved]")).to_be_visible(timeout=15_000)
    other.fill("#id_body", "古い窓の文")
    expect(other.locator(".theirs")).to_contain_text("くらべる文", timeout=15_000)   # 409, while it is typed
    writer.press(say("post.save_on"))
    page.goto(here)
    expect(page.locator("[data-unsent]")).to_have_text(re.compile("古い窓の文$"))

    writer.press(say("post.save_on"))
    page.goto(here)
    page.fill("#id_body", "あ" * 5_001)
    page.locator("#step .btn.solid").click()
    expect(page.locator(".summary")).to_be_visible()                            # 422
    page.goto(here)
    assert len(page.input_value("#id_body")) == 5_001
    page.fill("#id_body", "短い文")
    page.locator("#step .btn.solid").click()
    page.wait_for_url("**/write/reward/")
    other.close()
    assert page.evaluate("Object.keys(localStorage)") == []

    page.goto(here)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.route(here, lambda route: route.abort())
    page.fill("#id_body", "端末に入らない文")
    expect(page.locator("#trouble")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-state=local]")).to_be_hidden()
    page.unroute(here)
    expect(page.locator("[data-state=saved]")).to_be_visible(timeout=30_000)    # sent again all the same


def test_what_is_saved_on_my_page_waits_no_longer_and_a_press_that_did_not_arrive_can_be_made_again(chromium, town):
    """F20, F75: the form is sent within the page."""
    writer = somebody(chromium, town, "mine", width=1280)
    join(writer)
    page, save = writer.page, writer.page.locator(".line-form .btn.solid")
    page.goto(f"{town.url}/me/write/about/")
    page.fill("#id_about", "わたしのこと")
    page.route("**/me/write/about/", lambda route: route.abort())
    save.click()
    expect(page.locator("#trouble")).to_be_visible()
    expect(save).not_to_have_attribute("aria-disabled", "true")
    page.unroute("**/me/write/about/")
    save.click()
    expect(page.locator(".line-form")).to_have_count(0)

    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_menus_open_one_at_a_time_without_a_script(chromium, town):
    reader = somebody(chromium, town, "reader", script=False)
    page = reader.page
    reader.enter()
    page.click("summary.main-menu")
    expect(page.locator(".sheet nav").first).to_be_visible()
    page.click("form.tools summary")
    expect(page.locator(".sheet nav").first).to_be_hidden()

    page.locator(".sheet button[name=furigana]:visible").click()
    assert page.locator("main ruby").count() > 10


def test_escape_closes_a_menu_and_gives_the_focus_back(chromium, town):
    reader = somebody(chromium, town, "keys")
    page = reader.page
    reader.enter()
    page.locator("summary.main-menu").press("Enter")
    expect(page.locator(".sheet nav").first).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator(".sheet nav").first).to_be_hidden()
    expect(page.locator("summary.main-menu")).to_be_focused()
