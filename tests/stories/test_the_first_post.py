"""Somebody who has just joined opens a lawful post: how many screens it takes, and how many answers (F28, F62, F69, F74, F75, F88)."""
import datetime

from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
SCREENS, ANSWERS = 7, 12
GO = say("post.save_on")
# What must be answered and is not answered yet, as it stands on the screen: not what waits behind a folded line with its usual answer.
UNANSWERED = """() => [...new Set([...document.querySelectorAll("main [required]")]
    .filter(field => field.checkVisibility() && !(field.type === "radio"
        ? document.querySelector(`[name="${field.name}"]:checked`) : field.value && !field.value.includes("＿＿")))
    .map(field => field.name))]"""


def test_a_first_post_takes_seven_screens_and_twelve_answers(town, chromium):
    nao = Person(a_context(chromium, town.url, width=390, script=False), town, "なお", "nao@example.jp", script=False)
    doing.join(nao)
    nao.open(f"{town.url}/jobs/new/")
    days = datetime.datetime.now(JAPAN).date()
    screens, answers = 0, []

    def screen(*answer, go=GO):
        nonlocal screens
        screens += 1
        asked = nao.page.evaluate(UNANSWERED)
        answers.extend(asked)
        for give, *what in answer:
            give(*what)
        if go == GO:
            assert not nao.page.evaluate(UNANSWERED), "nothing that must be answered is left"
        nao.press(go)

    def whole(label: str, old: str, new: str):
        """The open places of an example in one's own words."""
        field = nao.page.get_by_label(label)
        assert old in field.input_value()
        nao.fill(label, new)

    screen((nao.choose, say("job.category.label"), "記事・ライティング"))
    answers.extend(nao.page.evaluate(UNANSWERED))
    nao.press("話を聞いて書く")
    nao.see(say("post.templates"))
    assert not set(answers) - {"category", "title", "body"}
    answers = [*dict.fromkeys(answers)]
    screen((whole, say("job.title.label"), "＿＿", "豆腐屋さんに話を聞いて書く記事"),
           (whole, say("job.body.label"), "＿＿", "商店街の豆腐屋さんに30分ほど話を聞いて、1,500字の記事にしてください。"))
    screen((nao.fill, say("job.reward.one"), "20,000"))
    screen((nao.fill, say("job.closes_on.label"), (days + datetime.timedelta(days=7)).isoformat()),
           (nao.fill, say("job.due_on.label"), (days + datetime.timedelta(days=28)).isoformat()))
    nao.see(say("post.how.usual")[:10])
    screen()
    screen((nao.fill, say("client.name.label"), "なお商店"), (nao.fill, say("client.address.label"), "みなと県かもめ市港町1-2-3"),
           (nao.fill, say("client.contact.label"), "nao@example.jp"), (nao.pick, say("job.client.sole")))
    nao.see("豆腐屋さんに話を聞いて書く記事", say("job.ai.declared"), say("job.rights.transferred"))
    nao.shot("first-post-preview")
    screen(go=say("post.publish"))

    nao.see(say("post.published"))
    answers = [*dict.fromkeys(answers)]
    assert screens <= SCREENS and len(answers) <= ANSWERS, (screens, answers)
    assert nao.complaints == []
