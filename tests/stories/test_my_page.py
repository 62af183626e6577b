"""Three people and their pages: somebody who works between two wake-ups, an expert, and a woman of seventy.

Proves F08, F17, F20, F23, F66, F67, F73, F75, F80 and F91: conditions without a reason, by keyboard alone; a whole page in one form;
and every step in やさしい日本語 with ふりがな at twice the size of the letters.
"""
import re

from tests.looking import a_context, problems, shot
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

# What she cannot see whole: a button beyond the edge, a code of which the first digits have left their field.
_CUT = """() => [...document.querySelectorAll('main .btn, main [autocomplete=one-time-code]')].filter(e => e.checkVisibility() &&
  (e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1)).map(e => 'cut ' + e.outerHTML.slice(0, 120))"""
TWICE = "document.addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; });"


def test_somebody_who_may_have_to_leave_writes_conditions_and_no_reason_by_keyboard(town, chromium):
    """Nobody asks why; what is theirs alone is seen by nobody else."""
    worker = Person(a_context(chromium, town.url, width=1280), town, "ひより", "hiyori@example.jp", keyboard=True)
    doing.join(worker)
    worker.press(say("me.begin.go"))                                            # the name was given at the gate: the second question
    worker.fill(say("begin.strength.label"), "聞いた話を、順に書けます")
    worker.press(say("post.save_on"))
    worker.fill(say("begin.heart.label"), "園芸")
    worker.pick(say("hobby.depth.doing"))
    worker.fill(say("me.hobby_years.label"), "12年")
    worker.press(say("post.save_on"))
    worker.see(say("begun.title"))
    worker.press(say("begun.more"))

    worker.press(say("me.conditions.add"))
    worker.fill(say("me.hours.label"), "10")
    for words in ("conditions.band.night", "conditions.block.15", "conditions.block.30", "conditions.channel.text_only"):
        worker.pick(say(words))
    worker.pick(say("me.may_leave.label"))
    worker.fill(say("me.slack.label"), "3")
    worker.press(say("me.save"))
    worker.see(say("me.saved"), say("me.may_leave.label"), say("me.seen.nobody"))
    worker.press(say("me.preview"))
    worker.see(say("me.hours.say", n=10), say("conditions.block.15"), say("conditions.channel.text_only"))
    worker.never_see(say("me.may_leave.label"), say("me.slack.say", n=3), "理由")
    worker.shot("my-page-conditions")
    assert worker.complaints == []


def test_an_expert_needs_one_form(town, chromium):
    """Portfolio, rate and invitations in one form; something missing loses nothing."""
    expert = Person(a_context(chromium, town.url, width=1280), town, "れい", "rei@example.jp")
    doing.join(expert)
    expert.press(say("home.page.go"))
    expert.press(say("begin.expert.go"))
    expert.fill(say("expert.evidence.label"), "https://example.jp/works")
    expert.fill(say("me.headline.label"), "決算書を、だれでも読める文にします")
    expert.fill(say("expert.pay.label"), "３,０００円")
    expert.press(say("expert.save"))
    expert.see(say("error.422", n=1))                                           # the strength is missing: everything else is still there

    expert.fill(say("me.statement.label"), "決算の要点を一枚にまとめられます")
    expert.fill(say("me.hand_me.label"), "決算の要約、1社1枚")
    expert.fill(say("me.role.label"), "経理")
    expert.fill(say("me.career_years.label"), "12")
    expert.fill(say("piece.title"), "小さな会社の決算のまとめ")
    expert.fill(say("piece.part"), "本文は私です")
    expert.fill(say("piece.link"), "example.jp/matome")
    expert.press(say("expert.save"))
    expert.see(say("expert.saved"))
    expert.press(say("me.preview"))
    expert.see("決算書を、だれでも読める文にします", "3,000円", say("availability.scoutable"), "経理",
               "小さな会社の決算のまとめ")
    expert.see_link("example.jp", "https://example.jp/works")
    expert.shot("my-page-expert")
    assert expert.complaints == []


def test_a_woman_of_seventy_with_readings_and_large_letters(town, chromium):
    """やさしい日本語, ふりがな, letters twice as large, on a telephone, from the front door on: joining, three questions, one by one, her
    name as she reads it, and how she works."""
    context = a_context(chromium, town.url, width=390, voice=("ja-simple", "on"))
    context.add_init_script(TWICE)
    woman = Person(context, town, "しずえ", "shizue@example.jp")
    page, seen = woman.page, []
    go, question = page.locator("main form .btn.solid"), page.locator("#question .btn.solid")

    def look(name: str) -> None:
        seen.extend(f"{name}: {problem}" for problem in problems(page, width=390) + page.evaluate(_CUT))
        shot(page, f"my-page-seventy-{name}")

    woman.enter()
    look("front")
    page.locator("main a[href='/account/signup/']").first.click()
    page.locator("#id_email").fill(woman.email)
    page.locator("#id_is_adult").check()
    page.locator("#id_agrees").check()
    look("join")
    go.click()
    page.locator("#id_code").fill(re.search(r"\d{4}-\d{4}", woman.mail("")).group())
    look("code")
    go.click()
    page.locator("#id_call_name").fill(woman.name)
    look("called")
    go.click()
    page.wait_for_url("**/me/wishes/**")
    look("wishes")

    page.goto(f"{town.url}/me/begin/name/")
    look("name")
    page.locator("#id_call_name").fill("髙﨑")
    page.locator("#id_call_reading").fill("ｼｽﾞｴ")
    question.click()
    page.locator("#id_statement").fill("人の話を、ゆっくり聞くことができます")
    look("strength")
    question.click()
    page.locator("#id_words").fill("短歌")
    page.get_by_role("radio").nth(1).check()
    page.locator("#id_years").fill("３０年")
    look("heart")
    question.click()
    page.get_by_role("heading", level=1).wait_for()
    look("begun")
    page.locator("a[href='/me/preview/']").click()
    look("preview")
    assert page.locator("h1 ruby").inner_text().startswith("髙﨑") and "シズエ" in page.locator("h1 rt").inner_text()
    page.goto(f"{town.url}/me/")
    look("me")
    page.goto(f"{town.url}/me/write/conditions/")
    page.locator("#id_hours").fill("１０")
    page.locator("input[name=bands]").first.check()
    page.locator("#id_may_leave_suddenly").check()
    look("conditions")
    go.click()
    page.wait_for_url("**/me/")
    look("saved")
    assert "10時間" in page.locator("#conditions").inner_text()

    assert seen == []
