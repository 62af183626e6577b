"""A week of work by the hour that the client never answers: written down by start and stop, handed over, confirmed by the clock, paid on
the payday, and what was not worked for goes back.

Proves W11 (nobody is watched: the page says so), F41 and F43 (from funding to payment), and that no yen stays behind in escrow.
"""
import datetime

from tests.living import LivingTown
from tests.stories import doing
from tests.stories.person import Person, lived_by
from tests.stories.test_the_soccer_story import JAPAN, reading
from tests.stories.words import say

TITLE = "写真の整理と説明文"
HOUR = datetime.timedelta(hours=1)


def test_a_week_that_the_clock_confirms(chromium):
    everybody = ("かもめ商店会", "kamome", 1280), ("ひびき", "hibiki", 390)
    with LivingTown() as town, lived_by(chromium, town, "week", *everybody) as people:
        live(town, *people)


def live(town, client: Person, worker: Person) -> None:
    for person in (client, worker):
        doing.join(person)
    post_by_the_hour(client, datetime.datetime.now(JAPAN).date())
    doing.apply(worker, TITLE, "写真の説明文を毎週書いています。午前に手を動かせます。")
    doing.choose(client, worker)
    doing.open_mail(worker, "mail.offer.subject")
    worker.see("1,500円", "16,500円")
    worker.shot("week-offer")
    worker.press(say("offer.accept.deed"))
    worker.see(say("week.now.agreed.worker"), say("weeks.not_watched"))
    doing.open_mail(client, "notice.to_fund.subject", about=worker.name)
    client.press(say("contract.fund.go"))
    doing.press_for_money(client, say("contract.fund.deed", gross="16,500円"))
    client.look()

    monday = asked(town, "SELECT starts_on FROM contracts_timesheet ORDER BY starts_on LIMIT 1")
    at = datetime.datetime.combine(monday, datetime.time(9), JAPAN)
    town.move_clock(to=at)
    work_two_hours(town, worker, at)
    worker.press(say("week.submit.go"))
    worker.look()
    worker.press(say("week.submit.go"))
    worker.see(say("week.now.delivered.worker"))
    doing.open_mail(client, "notice.week_submitted.subject")
    client.see("2時間", say("weeks.not_watched"))
    client.shot("week-room-client")

    town.move_clock(to=asked(town, "SELECT accept_by FROM contracts_milestone WHERE state = 'delivered'") + HOUR)
    doing.open_mail(worker, "notice.week_confirmed.subject")
    worker.see("2,268円")
    doing.open_mail(client, "notice.refund_arrived.subject")
    payday = asked(town, "SELECT pay_on FROM payments_earning")
    town.move_clock(to=datetime.datetime.combine(payday, datetime.time(10), JAPAN))
    doing.open_mail(worker, "notice.payout_account.subject")
    with reading(town) as db:
        assert db.execute("SELECT amount_yen FROM payments_refund WHERE state = 'paid'").fetchall() == [(13_200,)]
        assert db.execute("SELECT price_yen, amount_yen, pay_on FROM payments_earning").fetchall() == [(3_000, 2_268, payday)]


def post_by_the_hour(client: Person, today: datetime.date) -> None:
    doing.go_home(client)
    client.press(say("front.give"))
    client.pick(say("job.form.hourly.words"))
    client.choose(say("job.category.label"), "記事・ライティング")
    client.press(say("post.save_on"))
    client.fill(say("job.title.label"), TITLE)
    client.fill(say("job.body.label"), "商店街の写真を整理して、一枚ずつ説明文を書いてください。")
    client.fill(say("job.outcome.label"), "説明文の表")
    client.fill(say("job.topic.label"), "商店街")
    client.press(say("post.save_on"))
    client.fill(say("job.rate.label"), "1,500")
    client.fill(say("job.weekly_hours.label"), "10")
    client.fill(say("job.weeks.label"), "2")
    client.press(say("post.save_on"))
    client.fill(say("job.closes_on.label"), (today + datetime.timedelta(days=3)).isoformat())
    client.fill(say("job.seats.label"), "1")
    client.fill(say("job.newcomer_seats.label"), "0")
    client.press(say("post.save_on"))
    doing.say_how_and_who(client)
    client.press(say("post.publish"))


def work_two_hours(town, worker: Person, at: datetime.datetime) -> None:
    """The page is closed meanwhile; the clock runs on."""
    worker.open(worker.page.url)
    worker.look()
    worker.shot("week-room-worker")
    worker.press(say("week.open"))
    worker.press(say("week.start.deed"))
    worker.see(say("week.clock.runs.text"))
    worker.look()
    worker.shot("week-running")
    address = worker.page.url
    town.move_clock(to=at + 2 * HOUR)
    worker.open(address)
    worker.press(say("week.stop.deed"))
    worker.see("2時間")
    worker.look()
    worker.shot("week-written")


def asked(town, question: str):
    with reading(town) as db:
        return db.execute(question).fetchone()[0]
