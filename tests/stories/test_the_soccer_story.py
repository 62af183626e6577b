"""The town's main story, lived by four people in four browsers, in a town that was empty when they came.

Proves F01 (one account for all), F03 (reward delivered), F06 (an address is enough), F14 (guides without an account),
F17, F20, F23 (my page), F24-F26 (compare, knowledge, sorting), F27 (track record), F36, F44 (an answer, a reason, a next
step), F38 (thanks), F75 (phone, no JavaScript).

In every run it is lived on a phone. Without JavaScript people post and buy in test_the_first_post and test_a_service_bought_twice (F75);
the long run lives this one without it, too.
"""
import csv
import datetime

import psycopg
import pytest

from machi.cli.postgres import Server
from tests.living import LivingTown
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say
from tests.thin import LONG

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
JOB = {
    "title": "地域サッカーの試合レポート", "outcome": "1,500字ほどの記事1本と、見出し3つ", "category": "記事・ライティング",
    "topic": "サッカー", "reward": "10,000",
    "body": "週末の試合（動画をお渡しします）を見て、地元の方が次は見に行きたいと思える記事を書いてください。"
            "流れが変わった瞬間を大切にしています。",
    "seats": 2, "newcomer_seats": 1}
NET, GROSS = "7,559円", "11,000円"                    # 10,000 yen, with withholding (所得税法204条)
WINDOWS = {"phone": (390, True)} | ({"no-javascript": (1280, False)} if LONG else {})


@pytest.mark.parametrize(("width", "script"), WINDOWS.values(), ids=WINDOWS)
def test_one_job_from_post_to_payout(chromium, width, script):
    with LivingTown() as town:
        client, a, b, c = everybody = [
            Person(a_context(chromium, town.url, width=width, script=script), town, name, f"{mark}@example.jp", script=script)
            for name, mark in (("みなと地域スポーツ応援会", "minato"), ("髙﨑", "takasaki"), ("ひびき", "hibiki"), ("鷗", "kamome"))]
        try:
            live(town, client, a, b, c, shots=f"story-{width}")
        except BaseException:
            print(town.words())
            for number, person in enumerate(everybody):
                person.shot(f"stopped-{width}-{number}")
            raise
        for person in everybody:
            assert not person.complaints, f"{person.name}: {person.complaints}"
            person.context.close()


def live(town, client, a, b, c, *, shots: str) -> None:
    today = datetime.datetime.now(JAPAN).date()
    everybody = (client, a, b, c)

    client.enter()
    client.see(say("front.delivered.none"))
    client.shot(f"{shots}-front-empty")
    c.enter()
    c.follow(say("front.quarter.support.go"))
    c.see(say("tip.not_chosen"), say("tip.not_chosen.lead")[:14])
    for person in everybody:
        doing.join(person)

    doing.post_job(client, JOB, today)
    client.see(GROSS, NET)
    client.shot(f"{shots}-preview")
    doing.publish(client)

    doing.write_career(a, "ライター", "記事・ライティング", 10)
    doing.write_career(b, "ライター", "記事・ライティング", 3)
    doing.write_hobby(b, "サッカー", 10, say("hobby.depth.doing"))
    doing.write_strength(c, "締切の前の日に出す", "学級新聞を2年、休まず出しました", "短い記事を、約束の日より前に")
    c.shot(f"{shots}-my-page")

    doing.apply(a, JOB["title"], "ライターを10年しています。取材の記事を中心に書いてきました。")
    doing.apply(b, JOB["title"], "サッカーを10年続けています。流れが変わった瞬間を、選手の目線で書けます。")
    doing.apply(c, JOB["title"], "はじめての応募です。町の小さな試合を、まっすぐに書きたいです。")

    doing.read_applicants(client)
    client.see(a.name, b.name, c.name, say("compare.knows"), say("compare.everybody"))
    names = client.page.locator("main").inner_text()
    assert names.index(b.name) < names.index(a.name), "ten years of soccer count beside ten years of writing"
    client.shot(f"{shots}-compare")
    client.press(say("compare.sort.experience"))
    names = client.page.locator("main").inner_text()
    assert names.index(a.name) < names.index(b.name) and c.name in names, "another order, the same people"

    doing.choose(client, b)
    client.open(f"{town.url}/contracts/")
    client.follow(JOB["title"])
    client.press(say("offer.change.go"))
    client.look()
    doing.choose(client, c)
    doing.decline(client, a, say("reason.topic"), "文章がたいへん読みやすかったです。")

    doing.go_home(a)
    a.see(say("home.todo"))
    a.press(say("mail.not_chosen.subject").split("%(")[0] + JOB["title"])
    a.see(say("reason.topic"), "応募は3人、お願いできるのは2人でした", "次の一歩：", "文章がたいへん読みやすかったです。")
    a.shot(f"{shots}-not-chosen")

    for worker in (b, c):
        doing.accept_offer(worker)
        doing.fund(client, worker, GROSS)

    doing.open_mail(b, "notice.escrowed.subject")
    b.fill(say("message.body"), "よろしくお願いします。前半のメモから書き始めます。")
    b.press(say("letters.send"))
    b.see("前半のメモから書き始めます")
    doing.deliver(b, "前半30分、風向きが変わりました。",
                  file={"name": "写真の説明.txt", "mimeType": "text/plain", "buffer": "1枚目：主将".encode()})
    doing.open_mail(client, "mail.delivered.subject", about=b.name)
    client.see("前半30分、風向きが変わりました。", "写真の説明.txt")
    client.press(say("contract.changes.go"))
    client.look()
    client.pick(say("changes.reason.agreed"))
    client.fill(say("changes.points"), "見出しを一つ足してください。\n得点者の名前を入れてください。")
    client.press(say("contract.changes.go"))
    doing.open_mail(b, "notice.changes_asked.subject")
    b.see("得点者の名前を入れてください。")
    doing.deliver(b, "前半30分、佐野選手の一歩で風向きが変わりました。", again=True)
    b.shot(f"{shots}-room")
    doing.open_mail(client, "mail.delivered.subject", about=b.name)
    doing.accept_work(client)
    doing.thank(client, "次の試合を見に行きたくなりました。")
    doing.review(client, say("review.again.yes"), "約束の日より早く、競技をよく知る文でした。")
    client.shot(f"{shots}-accepted")

    doing.open_mail(b, "notice.accepted.subject")
    b.never_see("競技をよく知る文でした")
    doing.name_bank_account(b, "1234567", "ヒビキ")
    doing.open_mail(b, "notice.accepted.subject")
    doing.review(b, say("review.again.yes"), "条件が最初からはっきりしていました。")
    b.see("競技をよく知る文でした", "次の試合を見に行きたくなりました。")

    doing.open_mail(c, "notice.escrowed.subject")
    doing.deliver(c, "小さな町の、大きな一点。")
    town.move_clock(to=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=7, minutes=2))
    doing.open_mail(c, "notice.accepted_by_town.subject")
    c.see(NET)
    doing.name_bank_account(c, "7654321", "カモメ")

    pay_on = payday(town)
    town.move_clock(to=datetime.datetime.combine(pay_on, datetime.time(10), JAPAN))
    for worker in (b, c):
        doing.open_mail(worker, "notice.payout_arrived.subject")
        worker.see(NET)
    b.shot(f"{shots}-paid")

    client.enter()
    client.see("15,118円", say("front.delivered.people", n="2人", day="").split("（")[0])
    client.shot(f"{shots}-front-paid")
    client.follow(say("front.delivered.how"))
    client.see("15,118円")
    doing.see_own_page(b)
    b.see(say("people.record", n=1))
    agree_to_the_yen(town, 15_118)
    doing.open_mail(a, "mail.not_chosen.subject")
    a.see(say("reason.topic"))


def payday(town) -> datetime.date:
    """The later of the printed pay days, as the contracts say."""
    with reading(town) as db:
        return db.execute("SELECT max(pay_on) FROM contracts_milestone").fetchone()[0]


def agree_to_the_yen(town, delivered: int) -> None:
    """The ledger, the bank's own statement and the number on the front door."""
    with open(town.home / "bank/statement.csv", encoding="utf-8") as file:
        statement = [(key, int(amount)) for key, _day, amount, *_rest in csv.reader(file)]
    assert sum(-amount for key, amount in statement if key.startswith("payout:")) == delivered
    assert sum(amount for key, amount in statement if key.startswith("deposit:")) == 22_000
    with reading(town) as db:
        bank = 51 * 10**12
        paid_out = db.execute("SELECT sum(amount_yen) FROM ledger_transfer WHERE credit_id = %s", (bank,)).fetchone()[0]
        assert paid_out == delivered


def reading(town):
    """The town's books, with the role that may only look."""
    return psycopg.connect(Server(town.home).url("machi_ro"))
