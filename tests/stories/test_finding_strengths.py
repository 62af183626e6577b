"""Somebody new says how they would like to work, finds words for what they are good at, and stands on home with it (F07, F15, F16, F22)."""
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

ANSWERS = {"asked": "文章を読みやすく直します", "thanked": "会議の日のうちに記録を配ったこと", "kept": "店の帳簿、8年"}


def test_six_questions_become_strengths_by_keyboard(town, chromium):
    hana = Person(a_context(chromium, town.url), town, "はな", "hana@example.jp", keyboard=True)
    doing.join(hana)
    hana.press(say("home.wishes.go"))
    hana.pick(say("wish.home"))
    hana.press(say("wishes.save"))
    hana.see(say("way.home"), say("wishes.only_you"), say("foundation.free"))

    hana.open(f"{town.url}/me/")
    hana.press(say("finder.offer.go"))
    hana.press(say("finder.begin"))
    for question, text in ANSWERS.items():
        hana.fill(say(f"finder.{question}"), text)
        hana.press(say("finder.keep"))
    for _rest in ("easy", "careful", "shown"):
        hana.press(say("finder.skip"))
    hana.see(say("finder.sentences"))
    hana.page.locator("#id_0-use").focus()
    hana.page.keyboard.press("Space")
    hana.press(say("finder.add"))
    hana.see("文章を読みやすく直すことが得意です", say("finder.added"))

    assert hana.complaints == []
