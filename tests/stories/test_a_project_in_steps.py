"""A project in two steps: somebody who cares for a parent moves a deadline, changes are asked for until their number is used up, the two
see it differently, settle it together, and end in peace.

Proves F70 (a due date moves without harm to the record), F41 and F43 (a contract from funding to payment, step by step), and that no yen
stays behind in escrow.
"""
import datetime

from tests.living import LivingTown
from tests.stories import doing
from tests.stories.person import Person, lived_by
from tests.stories.test_the_soccer_story import JAPAN, reading
from tests.stories.words import say

JOB = {"title": "商店街の小冊子を書く", "body": "商店街の20軒に話を聞いて、小冊子の文章を書いてください。", "outcome": "文章20本",
       "category": "記事・ライティング", "topic": "商店街", "reward": "30,000", "seats": 1, "newcomer_seats": 0}


def test_a_project_in_steps(chromium):
    everybody = ("かもめ商店会", "kamome", 1280), ("ひびき", "hibiki", 390)
    with LivingTown() as town, lived_by(chromium, town, "steps", *everybody) as people:
        live(town, *people)


def live(town, client: Person, worker: Person) -> None:
    today = datetime.datetime.now(JAPAN).date()
    for person in (client, worker):
        doing.join(person)
    doing.post_job(client, JOB, today)
    divide(client, today)
    client.press(say("post.publish"))
    doing.apply(worker, JOB["title"], "商店街で10年働いていました。お店の方の言葉を、そのまま文にします。")
    doing.choose(client, worker)
    doing.accept_offer(worker)
    worker.see("前半の10軒", "後半の10軒")
    worker.shot("steps-room-agreed")
    doing.fund(client, worker, "11,000円")
    client.shot("steps-room-funded")

    move_the_deadline(client, worker, today + datetime.timedelta(days=12))
    worker.press(say("frame.contracts"))
    worker.follow(JOB["title"])
    doing.deliver(worker, "10軒ぶんの文章です。")
    for _round in range(2):
        doing.open_mail(client, "mail.delivered.subject")
        client.press(say("contract.changes.go"))
        client.pick(say("changes.reason.agreed"))
        client.fill(say("changes.points"), "もっと短くしてください。")
        client.press(say("contract.changes.go"))
        doing.open_mail(worker, "notice.changes_asked.subject")
        doing.deliver(worker, "短くした文章です。", again=True)
    doing.open_mail(client, "mail.delivered.subject")
    client.see(say("changes.none_left", n=2))
    client.never_see(say("contract.changes.go"))

    see_it_differently(client, worker)
    settle_together(client, worker)
    end_in_peace(client, worker)

    doing.open_mail(worker, "notice.settled.subject")
    doing.name_bank_account(worker, "1234567", "ヒビキ")
    town.move_clock(to=datetime.datetime.combine(payday_of_first(town), datetime.time(10), JAPAN))
    doing.open_mail(worker, "notice.payout_arrived.subject")
    worker.see("5,292円")
    with reading(town) as db:
        assert db.execute("SELECT sum(balance_yen) FROM ledger_balance").fetchone()[0] == 714       # the tax that the client remits
        assert db.execute("SELECT count(*) FROM payments_refund WHERE state = 'paid'").fetchone()[0] == 1


def divide(client: Person, today: datetime.date) -> None:
    """Two steps: the second is due with the whole."""
    client.press(say("plan.go"))
    for number, (title, price, days) in enumerate((("前半の10軒", "10,000", 7), ("後半の10軒", "20,000", 14)), 1):
        for name, text in (("title", title), ("price", price), ("due", (today + datetime.timedelta(days=days)).isoformat())):
            client.page.locator(f"[name='{name}_{number}']").fill(text)
    client.press(say("plan.save"))
    client.see("前半の10軒", "後半の10軒")


def move_the_deadline(client: Person, worker: Person, day: datetime.date) -> None:
    """Nobody is asked why."""
    doing.open_mail(worker, "notice.escrowed.subject")
    worker.press(say("dates.ask.go"))
    worker.fill(say("dates.wished_on.label"), day.isoformat())
    worker.press(say("dates.deed"))
    doing.open_mail(client, "notice.date_asked.subject")
    client.press(say("dates.agree.deed", wished=""))
    client.see(say("dates.agreed.title"))


def unfold(person: Person) -> None:
    """What can be talked about lies behind one line."""
    person.page.locator("#wish summary").click()


def see_it_differently(client: Person, worker: Person) -> None:
    unfold(client)
    client.press(say("dispute.go"))
    client.look()
    client.fill(say("dispute.text"), "半分のお店の話が抜けています。")
    client.press(say("dispute.deed"))
    client.see(say("standing.disputed"), "半分のお店の話が抜けています。")
    doing.open_mail(worker, "notice.dispute.subject")
    worker.press(say("dispute.answer.go"))
    worker.look()
    worker.fill(say("dispute.text"), "3軒は、お休みで話を聞けませんでした。")
    worker.press(say("dispute.answer.deed"))
    worker.see(say("dispute.heard.text"))
    worker.shot("steps-dispute")


def settle_together(client: Person, worker: Person) -> None:
    worker.press(say("dispute.settle.go"))
    worker.fill(say("change.part.of", step="前半の10軒"), "7,000")
    worker.fill(say("change.words"), "聞けた7軒ぶんでどうでしょうか。")
    worker.press(say("change.deed", other=""))
    doing.open_mail(client, "notice.change_asked.subject")
    client.press(say("change.read"))
    client.see("7,700円", "3,300円")
    client.look()
    client.shot("steps-wish")
    client.press(say("change.agree.deed"))
    if "/account/again/" in client.page.url:
        doing.prove(client)
        client.press(say("change.agree.deed"))
    doing.open_mail(worker, "notice.settled.subject")
    worker.see("5,292円")


def end_in_peace(client: Person, worker: Person) -> None:
    unfold(worker)
    worker.press(say("change.end.go"))
    worker.look()
    worker.press(say("change.deed", other=""))
    doing.open_mail(client, "notice.change_asked.subject")
    client.press(say("change.read"))
    client.press(say("change.agree.deed"))
    if "/account/again/" in client.page.url:
        doing.prove(client)
        client.press(say("change.agree.deed"))
    client.see(say("story.change_agreed", i=2), say("standing.settled"), say("milestone.state.void"))
    client.shot("steps-room-ended")


def payday_of_first(town) -> datetime.date:
    with reading(town) as db:
        return db.execute("SELECT pay_on FROM contracts_milestone WHERE state = 'settled'").fetchone()[0]
