"""Choosing with everything on the table, and answering the others kindly."""
import datetime

import pytest

from machi.contracts.models import Offer
from machi.contracts.terms import fingerprint
from machi.notifications.models import Notice
from machi.proposals.actions import withdraw
from machi.shared import clock
from tests.people import a_client, a_job, a_person, a_proposal, an_offer, client_of
from tests.web.jobs.reading import HOSTILE, as_, text_of, value_of


def asked(client, proposal) -> dict:
    """What the confirm page would send."""
    page = client.get(f"/proposals/{proposal.pk}/choose/")
    form = page.content.decode().split('method="post"')[-1]
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "due_on")}


def test_before_asking_the_client_reads_the_terms_and_both_sides_money(db, clock_at):
    clock_at("2026-11-23 10:00")
    job = a_job(a_client(is_withholding_agent=True), closes_on=datetime.date(2026, 11, 30), due_on=datetime.date(2026, 12, 8))
    proposal = a_proposal(job, a_person("べに"))

    page = text_of(as_(client_of(job)).get(f"/proposals/{proposal.pk}/choose/"))

    for words in ("べにさんにお願いする", "11,000円", "7,559円", "−1,021円", "12月8日（火）", "12月30日（水）", "東京都港区みなと1-2-3",
                  "2回まで", "お返事の期限は11月30日（月）10:00"):
        assert words in page


def test_asking_freezes_exactly_the_terms_that_were_read(db):
    proposal = a_proposal(worker=a_person("べに"))
    client = as_(client_of(proposal.job))

    answer = client.post(f"/proposals/{proposal.pk}/choose/", sent := asked(client, proposal))

    offer = Offer.objects.get()
    assert answer.url == f"/jobs/{proposal.job_id}/applicants/" and "べにさんに、お願いを届けました" in text_of(client.get(answer.url))
    assert offer.terms_hash == sent["seen"] == fingerprint(offer.terms)


def test_pressed_twice_one_person_is_asked_once(db):
    proposal = a_proposal(a_job(seats_count=2))
    client = as_(client_of(proposal.job))
    sent = asked(client, proposal)

    first, second = (client.post(f"/proposals/{proposal.pk}/choose/", sent) for _press in range(2))

    assert first.status_code == 302 and second.status_code == 409 and Offer.objects.count() == 1


def test_terms_that_changed_on_the_screen_have_to_be_read_again(db, clock_at):
    clock_at("2026-11-23 23:59")
    proposal = a_proposal()
    client = as_(client_of(proposal.job))
    sent = asked(client, proposal)
    clock_at("2026-11-24 00:01")

    answer = client.post(f"/proposals/{proposal.pk}/choose/", sent)

    assert answer.status_code == 409 and "まだ何も決まっていません" in text_of(answer) and not Offer.objects.exists()
    for seen in ("", "0" * 64, *HOSTILE.values()):
        assert client.post(f"/proposals/{proposal.pk}/choose/", sent | {"seen": seen}).status_code == 409


def test_another_due_day_shows_its_pay_date_before_it_is_asked(db, clock_at):
    clock_at("2026-11-23 10:00")
    proposal = a_proposal(a_job(due_on=datetime.date(2026, 12, 8)))
    client = as_(client_of(proposal.job))

    page = text_of(client.get(f"/proposals/{proposal.pk}/choose/?due_on=2026-12-28"))

    assert "12月28日（月）" in page and "1月15日（金）" in page


@pytest.mark.parametrize("day, words", [
    ("2020-01-01", "明日から"), ("0001-01-01", "明日から"), ("9999-12-31", "1年以内"), ("", "ここを入れてください"),
    ("あした", "日付を"), ("a\x00", "日付を")])
def test_a_day_that_cannot_be_is_said_and_nobody_is_asked(db, day, words):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))

    for answer in (client.get(f"/proposals/{proposal.pk}/choose/", {"due_on": day}),
                   client.post(f"/proposals/{proposal.pk}/choose/", {"due_on": day, "seen": "x"})):
        assert answer.status_code == 422 and words in text_of(answer)
    assert not Offer.objects.exists()


def test_a_due_day_that_has_passed_has_to_be_set_anew(db, clock_at):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))
    clock_at((clock.now() + datetime.timedelta(days=30)).astimezone(clock.JAPAN))

    page = client.get(f"/proposals/{proposal.pk}/choose/")

    assert page.status_code == 200 and "新しい納品日を決める" in text_of(page) and 'name="seen"' not in page.content.decode()


def test_without_a_free_seat_the_client_reads_why(db):
    job = a_job(seats_count=1)
    proposal, other = a_proposal(job), a_proposal(job)
    client = as_(client_of(job))
    sent = asked(client, proposal)
    an_offer(other)

    answer = client.post(f"/proposals/{proposal.pk}/choose/", sent)

    assert answer.status_code == 409 and "席は、すべて埋まっています" in text_of(answer)


def test_whoever_withdrew_meanwhile_is_neither_asked_nor_answered(db):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))
    sent = asked(client, proposal)
    withdraw(proposal=proposal, by=proposal.worker)

    chosen = client.post(f"/proposals/{proposal.pk}/choose/", sent)
    declined = client.post(f"/proposals/{proposal.pk}/decline/", {"reason": "topic"})

    assert chosen.status_code == declined.status_code == 409 and not Offer.objects.exists()
    assert client.get(f"/proposals/{proposal.pk}/choose/").url == f"/jobs/{proposal.job_id}/applicants/"


def test_one_person_is_answered_with_a_reason_and_words(db):
    proposal = a_proposal(worker=a_person("あきら"))
    client = as_(client_of(proposal.job))

    answer = client.post(f"/proposals/{proposal.pk}/decline/", {"reason": "topic", "words": "ていねいな文章でした。"})

    proposal.refresh_from_db()
    assert answer.url == f"/jobs/{proposal.job_id}/applicants/" and "あきらさんに、返事を届けました" in text_of(client.get(answer.url))
    assert (proposal.state, proposal.reason, proposal.reason_words) == ("not_chosen", "topic", "ていねいな文章でした。")


def test_what_they_will_read_stands_there_before_it_is_sent(db):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))

    typed = client.get(f"/proposals/{proposal.pk}/decline/?reason=topic&words=ていねい", headers={"HX-Request": "true"})
    looked = client.post(f"/proposals/{proposal.pk}/decline/", {"reason": "topic", "words": "ていねい", "look": "1"})

    for answer in (typed, looked):
        assert answer.status_code == 200 and "決め手は「題材への詳しさ」" in text_of(answer) and "ていねい" in text_of(answer)
    proposal.refresh_from_db()
    assert proposal.state == "submitted" and not Notice.objects.filter(user=proposal.worker).exists()


def test_answered_twice_is_answered_once(db):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))

    first, second = (client.post(f"/proposals/{proposal.pk}/decline/", {"reason": "topic"}) for _press in range(2))

    assert first.status_code == 302 and second.status_code == 409 and Notice.objects.filter(user=proposal.worker).count() == 1


def test_a_reason_outside_the_list_is_no_reason(db):
    proposal = a_proposal()
    client = as_(client_of(proposal.job))

    for reason in ("", "age", *HOSTILE.values()):
        answer = client.post(f"/proposals/{proposal.pk}/decline/", {"reason": reason, "words": "ていねいでした"})
        assert answer.status_code == 422 and "一つを選んで" in text_of(answer) and value_of(answer, "words") == "ていねいでした"
    too_long = client.post(f"/proposals/{proposal.pk}/decline/", {"reason": "topic", "words": "あ" * 301})
    assert too_long.status_code == 422 and value_of(too_long, "words") == "あ" * 301
    proposal.refresh_from_db()
    assert proposal.state == "submitted"
