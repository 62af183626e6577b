"""Somebody who cares for a parent names who would go on. On the day it is needed the other takes over, delivers, and both are paid: the
client pays what was agreed, and not one yen is lost.

Proves F70 (care and work: no promise with a date breaks, nobody's record suffers) and the split reward, by three people in three browsers.
"""
import datetime

from tests.living import LivingTown
from tests.stories import doing
from tests.stories.person import Person, lived_by
from tests.stories.test_the_soccer_story import JAPAN, reading
from tests.stories.words import say

JOB = {"title": "港の歩みを年表にする", "body": "港の100年を、資料から40行の年表にしてください。資料はお渡しします。",
       "outcome": "年表40行", "category": "記事・ライティング", "topic": "港", "reward": "30,000", "seats": 1, "newcomer_seats": 0}


def test_a_stand_in_takes_over(chromium):
    everybody = ("うみかぜ資料室", "umikaze", 1280), ("しずく", "shizuku", 390), ("こはる", "koharu", 390)
    with LivingTown() as town, lived_by(chromium, town, "stand-in", *everybody) as people:
        live(town, *people)


def live(town, client: Person, worker: Person, other: Person) -> None:
    today = datetime.datetime.now(JAPAN).date()
    for person in (client, worker, other):
        doing.join(person)
    doing.post_job(client, JOB, today)
    client.press(say("post.publish"))
    doing.apply(worker, JOB["title"], "図書館で10年、郷土の資料を扱っていました。")
    doing.choose(client, worker)
    doing.accept_offer(worker)
    doing.fund(client, worker, "33,000円")

    name_a_stand_in(town, worker, other)
    other.shot("stand-in-asked")
    both_agree(client, other)
    call(worker)
    take_over(other)
    doing.open_mail(worker, "notice.stand_in.subject")
    worker.see(say("standing.passed_on.worker"))
    worker.shot("stand-in-passed-on")

    doing.deliver(other, "年表40行です。前の方の20行に続けました。")
    doing.open_mail(client, "mail.delivered.subject")
    doing.accept_work(client)
    for person, bank in ((worker, "1234567"), (other, "7654321")):
        doing.open_mail(person, "notice.accepted.subject")
        doing.name_bank_account(person, bank, "シズク" if person is worker else "コハル")
    town.move_clock(to=datetime.datetime.combine(payday(town), datetime.time(10), JAPAN))
    for person, net in ((worker, "9,071円"), (other, "13,607円")):
        doing.open_mail(person, "notice.payout_arrived.subject")
        person.see(net)
    with reading(town) as db:
        assert db.execute("SELECT sum(balance_yen) FROM ledger_balance WHERE account_id / 1000000000000 = 11").fetchone()[0] in (None, 0)
        assert [row[0] for row in db.execute("SELECT state FROM contracts_contract ORDER BY id").fetchall()] == ["completed", "completed"]
        assert db.execute("SELECT sum(price_yen + tax_yen) FROM payments_earning").fetchone()[0] == 33_000


def name_a_stand_in(town, worker: Person, other: Person) -> None:
    """By the address of their page. Nobody is asked why."""
    doing.open_mail(worker, "notice.escrowed.subject")
    worker.press(say("standin.name.go"))
    worker.look()
    worker.fill(say("standin.person.label"), "だれか")
    worker.press(say("standin.name.deed"))
    worker.see(say("standin.person.unknown"))
    with reading(town) as db:
        number = db.execute("SELECT id FROM accounts_user WHERE email = %s", [other.email]).fetchone()[0]
    worker.fill(say("standin.person.label"), f"{town.url}/people/{number}/")
    worker.choose(say("standin.kept.label"), say("standin.kept.choice", mine=40, theirs=60))
    worker.press(say("standin.name.deed"))
    worker.see(say("standin.state.asked"))
    doing.open_mail(other, "notice.stand_in.subject")
    other.see(say("standin.state.asked"), "港の100年")
    other.look()


def both_agree(client: Person, other: Person) -> None:
    other.press(say("standin.agree.deed"))
    doing.open_mail(client, "notice.stand_in.subject")
    client.press(say("standin.answer.go"))
    client.look()
    client.press(say("standin.agree.deed"))
    client.see(say("standin.state.ready"))


def call(worker: Person) -> None:
    doing.open_mail(worker, "notice.stand_in.subject")
    worker.press(say("standin.read"))
    worker.press(say("standin.call.go"))
    worker.look()
    worker.fill(say("standin.note.label"), "20行目まで書きました。下書きは資料の箱の中です。")
    worker.press(say("standin.call.deed", person=""))
    worker.see(say("standin.state.called"))


def take_over(other: Person) -> None:
    """An offer like any other: what is left, what it brings, by when."""
    doing.open_mail(other, "mail.offer.subject")
    other.see(say("standin.read"), "13,607円")
    other.look()
    other.shot("stand-in-offer")
    other.press(say("offer.accept.deed"))
    other.see(say("standin.took_over.title"), "20行目まで書きました。")
    other.look()
    other.shot("stand-in-room")


def payday(town) -> datetime.date:
    with reading(town) as db:
        return db.execute("SELECT DISTINCT pay_on FROM payments_earning").fetchone()[0]
