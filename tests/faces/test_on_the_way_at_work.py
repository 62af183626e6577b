"""Screens that one only comes to on the way through work: choosing, judging, hours, what stands around a delivery, and leaving for good."""
import datetime
import re
from collections.abc import Iterator

from machi.shared import clock
from tests.faces.steps import empty_too, found, go, look_on_the_way, number_of, send
from tests.faces.walk import ON_THE_WAY_AT_WORK, become, names_for
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

# Of the people of /demo/, by their order there.
CLIENT, WHO_LEAVES, NEWCOMER, NEWSPAPER, FINANCE, BY_THE_HOUR, PAYS_BY_THE_HOUR = 0, 2, 3, 4, 12, 17, 18
NOT_CHOSEN = "南 ちひろ"                                 # in a contest that is over
NEWCOMER_NAME = "永井 ことは"


def judging(person: Person) -> Iterator[str]:
    """A client's contests in each state: one to open, one that could be called off, one to judge, one that is over."""
    become(person.context, person.town.url, CLIENT)

    def to(title: str) -> str:
        return number_of(person, "jobs:mine", title)
    go(person, "contests:open", to("来年の試合のポスター"))
    yield "contests:open"
    go(person, "contests:call_off", to("応援歌の歌い出し"))
    yield "contests:call_off"
    go(person, "jobs:questions", to("応援歌の歌い出し"))
    person.press(say("question.reply.go"))
    person.see(say("question.reply"))
    yield "jobs:answer"
    go(person, "contests:award", to("スタジアムの焼き菓子の名前"))
    yield "contests:award"
    person.press(say("award.look"))
    person.see(say("contest.award_one"))
    yield "contests:award"
    person.page.get_by_role("combobox").first.select_option(index=1)
    person.press(say("award.look"))
    person.see(say("award.spent"))
    yield "contests:award"
    go(person, "contests:gallery", to("応援会の旗のマーク"))
    yield "contests:gallery"
    person.page.get_by_role("link", name=re.compile(say("receipt.title"))).first.click()
    person.see(say("receipt.number"))
    yield "contests:receipt"
    person.context.clear_cookies(name="sessionid")


def keeping(person: Person) -> Iterator[str]:
    """Somebody whose entry was not chosen shows it among their works; nothing is filled in, and the form says what is missing."""
    people = person.context.request.get(f"{person.town.url}/demo/").text().split('action="/demo/become/')[1:]
    become(person.context, person.town.url, next(
        place for place, form in enumerate(people) if NOT_CHOSEN in form.partition("</form>")[0]))
    go(person, "proposals:list")
    person.page.get_by_role("link", name="かもめの円").first.click()
    person.press(say("entry.show"))
    person.see(say("entry.show.text"))
    yield "contests:show"
    send(person)
    person.see(say("piece.alt.required"))
    yield "contests:show"
    person.context.clear_cookies(name="sessionid")


def working_by_the_hour(person: Person) -> Iterator[str]:
    """A week as it runs, what is written in it, a question and its answer, what is confirmed, and the money of the next one."""
    become(person.context, person.town.url, BY_THE_HOUR)
    work, photographs = (number_of(person, "contracts:list", title) for title in ("港の聞き取りの録音", "寄贈写真の裏の走り書き"))
    for name, *args in (("room", work), ("week", work, 7), ("room", photographs), ("week", photographs, 3)):
        go(person, f"contracts:{name}", *args)
        yield f"contracts:{name}"
    go(person, "contracts:week", work, 7)
    person.press(say("week.start.deed"))
    person.see(say("week.clock.runs.text"))
    yield "contracts:week"
    with person.page.expect_navigation():
        person.page.evaluate("document.querySelector('#by-hand form').submit()")
    yield "contracts:week_add"
    yield from empty_too(person, "contracts:week_submit", photographs, 2)
    for name in ("price", "care"):
        yield from empty_too(person, f"contracts:{name}", photographs)
    for name in ("week_part", "week_dispute"):
        yield from empty_too(person, f"contracts:{name}", photographs, 2)
    go(person, "contracts:week", photographs, 2)
    yield "contracts:week"
    person.page.get_by_role("link", name=re.compile(say("me.change"))).first.click()
    person.see(say("week.entry.title"))
    yield "contracts:week_entry"
    person.page.fill("input[name=began]", "")
    send(person)
    yield "contracts:week_entry"
    become(person.context, person.town.url, PAYS_BY_THE_HOUR)
    yield from empty_too(person, "contracts:week_ask", work, 6)
    for name, *args in (("room", work), ("week", work, 6), ("week_confirm", work, 6), ("week", work, 2), ("week_fund", work)):
        go(person, f"contracts:{name}", *args)
        yield f"contracts:{name}"
    person.context.clear_cookies(name="sessionid")


def pausing(person: Person) -> Iterator[str]:
    """A post that is paused: as its client sees it, somebody who lives here, and a visitor. Then it goes on."""
    become(person.context, person.town.url, CLIENT)
    doing.read_applicants(person)
    number = re.search(r"/jobs/(\d+)/", person.page.url)[1]
    person.press(say("keep.pause"))
    person.see(say("keep.paused"))
    yield "jobs:applicants"
    become(person.context, person.town.url, NEWSPAPER)
    go(person, "jobs:detail", number)
    person.see(say("paused.text"))
    yield "jobs:detail"
    person.context.clear_cookies(name="sessionid")
    go(person, "jobs:detail", number)
    person.see(say("paused.applied"))
    yield "jobs:detail"
    become(person.context, person.town.url, CLIENT)
    go(person, "jobs:applicants", number)
    person.press(say("keep.resume"))
    person.context.clear_cookies(name="sessionid")


def changing_an_offer(person: Person) -> Iterator[str]:
    """The client of the soccer story chooses somebody, and changes the offer before it is read: more than half a year. So the end of
    that contract would have to be said a month ahead.
    """
    become(person.context, person.town.url, CLIENT)
    doing.read_applicants(person)
    person.press(say("choose.go"), about=NEWCOMER_NAME)
    person.press(say("choose.send"))
    go(person, "contracts:offer_change", found(person, "/contracts/", r"/offers/(\d+)/"))
    yield "contracts:offer_change"
    person.page.fill("input[name=due_on]", (clock.today() + datetime.timedelta(days=240)).isoformat())
    send(person)
    offer = re.search(r"/offers/(\d+)/", person.page.url)[1]
    become(person.context, person.town.url, NEWCOMER)
    go(person, "contracts:offer", offer)
    person.press(say("offer.accept.deed"))
    person.see(say("standing.agreed.worker"))
    number = re.search(r"/contracts/(\d+)/", person.page.url)[1]
    become(person.context, person.town.url, CLIENT)
    go(person, "contracts:fund", number)
    send(person)
    person.see(say("standing.funded.client"))
    go(person, "contracts:ending", number)
    yield "contracts:ending"


def finishing(person: Person) -> Iterator[str]:
    """What a client writes around a delivery: what should be different, and when it was paid, what they saw and their thanks."""
    become(person.context, person.town.url, NEWSPAPER)
    number = found(person, "/contracts/", r"/contracts/(\d+)/accept/")
    yield from empty_too(person, "contracts:changes", number)
    go(person, "contracts:accept", number)
    send(person)
    person.see(say("standing.accepted.client"))
    go(person, "demo:clock")
    person.page.locator("main form button[value=payday]").click()
    found(person, f"/contracts/{number}/", r"(/review/)")
    for name in ("contracts:review", "contracts:thanks", "contracts:bonus"):
        yield from empty_too(person, name, number)


def stopping(person: Person) -> Iterator[str]:
    """Somebody of the finance desk stops money, which says so on every page, and lets it move again."""
    become(person.context, person.town.url, FINANCE)
    go(person, "desk:held")
    yield "desk:held"
    go(person, "desk:safety")
    send(person)
    yield "desk:safety"
    person.fill(say("desk.safety.why"), "銀行の明細と、帳簿の合計が合いません。")
    person.press(say("desk.safety.stop.go"))
    person.see(say("stop.banner"))
    yield "desk:money_stop"
    person.press(say("desk.safety.lift"))
    person.see(say("desk.safety.lifted"))
    yield "desk:safety"


def leaving(person: Person) -> Iterator[str]:
    """Somebody leaves for good: the other side reads its copy, and finance opens what is under seal."""
    theirs = {}
    for who in (NEWSPAPER, WHO_LEAVES):
        become(person.context, person.town.url, who)
        theirs[who] = set(re.findall(r'"/contracts/(\d+)/', person.context.request.get(f"{person.town.url}/contracts/").text()))
    go(person, "privacy:erase")
    person.press(say("leave.erase.deed"))
    person.see(say("left.title.erase"))
    become(person.context, person.town.url, NEWSPAPER - 1)                  # one less stands on /demo/ now
    go(person, "privacy:copy", min(theirs[NEWSPAPER] & theirs[WHO_LEAVES]))
    yield "privacy:copy"
    become(person.context, person.town.url, FINANCE - 1)
    go(person, "desk:sealed")
    send(person)
    yield "desk:open_sealed"


WAYS = (judging, keeping, working_by_the_hour, pausing, changing_an_offer, finishing, stopping, leaving)


def test_what_one_only_sees_on_the_way_through_work_is_for_everybody(town):
    """With the pages that come back: a form with something missing (422), and two texts side by side (409)."""
    wrong, seen = look_on_the_way(town, WAYS)

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])
    assert names_for(ON_THE_WAY_AT_WORK) <= seen
