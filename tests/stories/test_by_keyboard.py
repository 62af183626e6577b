"""From joining to the money on the account with nothing but a keyboard: no mouse, no call, no camera.

Proves F11 (every step from home, by text) and the keyboard part of F75: what Tab does not reach, these two cannot use.
"""
import datetime

from tests.living import LivingTown
from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.test_the_soccer_story import GROSS, JAPAN, JOB, NET, payday


def test_from_joining_to_payout_without_a_mouse(chromium):
    with LivingTown() as town:
        client, worker = (Person(a_context(chromium, town.url, width=1280), town, name, f"{mark}@example.jp", keyboard=True)
                          for name, mark in (("かもめ新報", "shimpo"), ("𠮷岡", "yoshioka")))
        try:
            live(town, client, worker)
        except BaseException:
            print(town.words())
            client.shot("stopped-keyboard-client")
            worker.shot("stopped-keyboard-worker")
            raise


def live(town, client, worker) -> None:
    for person in (client, worker):
        doing.join(person)
    doing.post_job(client, JOB | {"seats": 1, "newcomer_seats": 0}, datetime.datetime.now(JAPAN).date())
    doing.publish(client)
    doing.write_strength(worker, "数字を確かめて書く", "議事録を4年、直しは3回", "試合の記録を、間違いなく")
    doing.apply(worker, JOB["title"], "記録を読むのが好きです。得点の流れを、表と文でまとめます。")

    doing.choose(client, worker)
    doing.accept_offer(worker)
    doing.fund(client, worker, GROSS)
    doing.open_mail(worker, "notice.escrowed.subject")
    doing.deliver(worker, "前半は0対0、後半に2点。")
    doing.open_mail(client, "mail.delivered.subject")
    doing.accept_work(client)
    doing.open_mail(worker, "notice.accepted.subject")
    doing.name_bank_account(worker, "1234567", "ヨシオカ")

    town.move_clock(to=datetime.datetime.combine(payday(town), datetime.time(10), JAPAN))
    doing.open_mail(worker, "notice.payout_arrived.subject")
    worker.see(NET)
