"""Two contests: one is judged with two winners, and one that nobody judges is shared out by the town (town.md 21, F88, F89)."""
import datetime

from machi.payments.paydays import pay_day
from machi.shared.clock import JAPAN
from tests.files.drawn import encoded, two_halves
from tests.living import LivingTown
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say

DAY = datetime.timedelta(days=1)
PICTURE = {"name": "灯台.png", "mimeType": "image/png", "buffer": encoded(two_halves(size=(1200, 900)), "PNG")}


def pay(person: Person, deed: str) -> None:
    """The button with the sum; whoever has not shown for a while who they are is asked first, and stands before it again."""
    here, words = person.page.url, say(deed).partition("%(sum)s")[2]
    person.press(words)
    person.page.wait_for_url(lambda address: address != here)
    if "/account/again/" in person.page.url:
        doing.prove(person)
        person.press(words)


def write_contest(client: Person, title: str, prizes: str, *, is_first: bool) -> str:
    """Six short screens and the pot; returns the address of the post."""
    client.open(f"{client.town.url}/jobs/new/")
    client.pick(say("job.form.contest.words"))
    client.choose(say("job.category.label"), "デザイン")
    client.press(say("post.save_on"))
    client.fill(say("job.title.label"), title)
    client.fill(say("job.body.label"), "港と灯台が入ったマークを作ってください。")
    client.press(say("post.save_on"))
    client.fill(say("contest.prizes.label"), prizes)
    client.fill(say("contest.hours.label"), "4")
    client.look()
    client.press(say("post.save_on"))
    client.fill(say("job.closes_on.label"), (datetime.datetime.now(JAPAN).date() + 3 * DAY).isoformat())
    client.press(say("post.save_on"))
    client.pick(say("job.ai.declared"))
    client.press(say("post.save_on"))
    if is_first:
        client.fill(say("client.name.label"), client.name)
        client.fill(say("client.address.label"), "みなと県かもめ市港町1-2-3")
        client.fill(say("client.contact.label"), client.email)
        client.pick(say("job.client.company"))
    client.press(say("post.save_on"))
    client.shot("contest-preview")
    client.press(say("contest.open.go"))
    client.look()
    client.shot("contest-pot")
    pay(client, "contest.open.deed")
    client.see(title, say("contest.rules"))
    return client.page.url


def enter(maker: Person, post: str, title: str, *, with_picture: bool = True) -> None:
    maker.open(post)
    maker.press(say("contest.enter"))
    maker.fill(say("entry.title"), title)
    maker.fill(say("entry.text"), f"{title}です。一筆で描きました。")
    maker.fill(say("deliver.ai_note"), "使っていません")
    if with_picture:
        maker.attach(say("deliver.files"), PICTURE)
    maker.shot("contest-entry-write")
    maker.press(say("entry.hand_in"))
    maker.see(say("entry.handed_in"), title)
    maker.look()


def wait_for(person: Person, words: str) -> None:
    """The town does it by its clock, and the page says so once it is done."""
    for _try in range(60):
        if words in person.text():
            return
        person.page.wait_for_timeout(500)
        person.page.reload()
    raise AssertionError(f"{person.name} never reads {words!r} on {person.page.url}: {person.text()[:600]}")


def look_at_entries(client: Person, post: str) -> None:
    """Numbers and marked previews, and nobody's name."""
    client.open(post)
    client.press(say("contest.gallery.go").partition("（")[0])
    client.see("朝の灯台", "夜の灯台")
    client.never_see("あおい", "そら")
    for _try in range(60):                              # the previews are made by the background
        if client.page.locator(".gallery img").count() == 2:
            break
        client.page.wait_for_timeout(500)
        client.page.reload()
    client.page.wait_for_load_state("networkidle")
    client.look()
    client.shot("contest-gallery")


def award(client: Person) -> None:
    """The first prize to the second entry, the second to the first; both sides' money before the button."""
    client.page.reload()
    wait_for(client, say("award.title"))
    client.press(say("award.go"))
    for place, number in ((1, 2), (2, 1)):
        client.choose(say("award.prize").partition(" ")[0] % {"n": place},
                      say("entry.numbered.title", n=number, title={1: "朝の灯台", 2: "夜の灯台"}[number]))
    client.press(say("award.look"))
    client.see(say("award.confirm"), "25,740円", "8,580円", "44,000円")
    client.look()
    client.shot("contest-award")
    pay(client, "award.deed")
    client.see(say("gallery.winners"))


def read_receipt(client: Person) -> None:
    client.follow(say("receipt.title"))
    client.see(say("receipt.transferred"), "夜の灯台", "そら")
    client.look()
    client.shot("contest-receipt")
    with client.page.expect_download() as original:
        client.follow("灯台.png")
    assert original.value.path().read_bytes() == PICTURE["buffer"], "the original, without a mark"


def leave_for_good(maker: Person, town: LivingTown, moment: datetime.datetime) -> None:
    town.move_clock(to=moment)
    maker.open(f"{town.url}/account/leave/erase/")
    wait_for(maker, say("leave.erase.deed"))
    maker.press(say("leave.erase.deed"))
    if "/account/again/" in maker.page.url:
        doing.prove(maker)
        maker.press(say("leave.erase.deed"))
    maker.see(say("left.title.erase"))


def test_two_winners_are_paid_and_a_contest_nobody_judges_is_shared(chromium):
    with LivingTown() as town:
        client, aoi, sora = (Person(a_context(chromium, town.url, width=width), town, name, f"{key}@example.jp")
                             for name, key, width in (("みなと会", "minato", 1280), ("あおい", "aoi-c", 390), ("そら", "sora-c", 390)))
        for person in (client, aoi, sora):
            doing.join(person)
        judged = write_contest(client, "会の旗のマーク", "30,000\n10,000", is_first=True)
        shared = write_contest(client, "会の封筒のマーク", "30,000", is_first=False)
        for maker, title in ((aoi, "朝の灯台"), (sora, "夜の灯台")):
            enter(maker, judged, title)
            enter(maker, shared, f"封筒の{title}", with_picture=False)
        look_at_entries(client, judged)

        judging = datetime.datetime.now(datetime.UTC) + 4 * DAY
        town.move_clock(to=judging)
        award(client)
        read_receipt(client)
        doing.open_mail(aoi, "notice.entry_result.subject", about="会の旗のマーク")
        aoi.see("8,580円", say("entry.won"))
        aoi.look()
        aoi.shot("contest-entry-won")
        aoi.press(say("receipt.go"))
        aoi.look()
        aoi.shot("contest-receipt-phone")
        aoi.open(f"{town.url}/earnings/")
        aoi.see("会の旗のマーク", "8,580円")
        doing.name_bank_account(aoi, "1234567", "アオイ")

        pay_on = datetime.datetime.combine(pay_day(judging.astimezone(JAPAN).date(), acceptance_days=0), datetime.time(10), JAPAN)
        town.move_clock(to=max(pay_on, judging + 15 * DAY))     # nobody has judged the other contest
        doing.open_mail(aoi, "notice.payout_arrived.subject")
        aoi.see("8,580円")
        aoi.open(f"{town.url}/earnings/")
        wait_for(aoi, "会の封筒のマーク")
        aoi.see("12,870円", say("earnings.delivered"))          # half of 33,000 yen, less the fee
        aoi.shot("contest-earnings")
        client.mail(say("notice.contest_ended.subject", job="会の封筒のマーク"))
        client.open(f"{shared}gallery/")
        client.see(say("entry.numbered", n=1), say("gallery.split"))
        client.look()
        client.shot("contest-shared")
        aoi.open(f"{shared}entries/")                           # what nobody chose is hers, and joins the works on her page
        aoi.follow("封筒の朝の灯台")
        aoi.press(say("entry.show"))
        aoi.look()
        aoi.shot("contest-show")
        aoi.press(say("entry.show.deed"))
        aoi.see("封筒の朝の灯台")
        aoi.open(f"{town.url}/me/")
        aoi.see(say("wins.title"), "会の旗のマーク", "封筒の朝の灯台")
        leave_for_good(aoi, town, pay_on + 70 * DAY)            # her share has come too; what the client bought stays theirs
        client.open(f"{judged}gallery/")
        client.see(say("copy.entry.told"))
        client.follow(say("copy.entry.link"))
        client.see("会の旗のマーク", "あおい", "朝の灯台です。一筆で描きました。")
        client.look()
        client.shot("contest-copy")
        with client.page.expect_download() as original:
            client.follow("灯台.png")
        assert original.value.path().read_bytes() == PICTURE["buffer"]
        assert [person.complaints for person in (client, aoi, sora)] == [[], [], []]
