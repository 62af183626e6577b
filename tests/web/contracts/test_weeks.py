"""Work by the hour as both sides live it on its pages."""
import datetime
import re

import pytest
from django.urls import reverse

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, TimeEntry
from machi.notifications.words import day, moment
from machi.shared import clock
from tests.people import a_person, an_hourly_contract, client_of, hours_written, in_week
from tests.web.contracts.walking import hidden, said, signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def at(contract: Contract, name: str, *more) -> str:
    return reverse(f"contracts:{name}", args=[contract.pk, 1, *more])


def read(browser, address: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"<[^>]+>", "", browser.get(address).content.decode())


def press(browser, contract, do: str, **more):
    return browser.post(at(contract, "week_press"), {"do": do} | more)


def test_the_worker_starts_stops_writes_by_hand_takes_away_and_brings_back():
    contract = an_hourly_contract(funded=True)
    browser = signed_in(contract.worker)
    with in_week(contract, hour=9):
        assert "作業を始める" in browser.get(at(contract, "week")).content.decode()
        assert press(browser, contract, "start").status_code == 302
        assert "止める" in read(browser, at(contract, "week"))
    with in_week(contract, hour=11):
        press(browser, contract, "stop")
        day = clock.today().isoformat()
        for began, ended, status in (("７:００", "8時30分", 302), ("0730", "9", 409), ("", "x", 422), ("12:00", "13:00", 409)):
            answer = browser.post(at(contract, "week_add"), {"day": day, "began": began, "ended": ended, "note": "𠮷野の校正"})
            assert answer.status_code == status, began
        assert "𠮷野の校正" in answer.content.decode() and "まだ来ていない" in answer.content.decode()
        entry = TimeEntry.objects.get(is_by_hand=True)
        press(browser, contract, "remove", entry=entry.pk)
        assert "記録を一つ取り消しました" in read(browser, at(contract, "week"))
        press(browser, contract, "restore", entry=entry.pk)
        answer = browser.post(at(contract, "week_entry", entry.pk), {"day": day, "began": "7:00", "ended": "8:00", "note": "校正"})
        assert answer.status_code == 302

    assert contract.timesheets.get(milestone__number=1).minutes == 180


def test_a_forgotten_stop_is_asked_about_and_mended_with_a_reason():
    contract = an_hourly_contract(funded=True)
    browser = signed_in(contract.worker)
    with in_week(contract, hour=22):
        press(browser, contract, "start")
    with in_week(contract, day=1, hour=11):
        assert press(browser, contract, "stop").status_code == 409
        monday = contract.timesheets.get(milestone__number=1).starts_on.isoformat()
        assert browser.post(at(contract, "week_mend"), {"day": monday, "ended": "23:00", "reason": ""}).status_code == 422
        assert browser.post(at(contract, "week_mend"), {"day": monday, "ended": "23:00", "reason": "そのまま寝ました"}).status_code == 302
        theirs = signed_in(client_of(contract)).get(at(contract, "week")).content.decode()
    assert "そのまま寝ました" in theirs and "1時間" in theirs


def test_a_clock_that_is_mended_in_a_full_week_says_that_it_does_not_count():
    contract = an_hourly_contract(funded=True)
    sheet, browser = contract.timesheets.get(milestone__number=1), signed_in(contract.worker)
    with in_week(contract, day=1, hour=20):
        press(browser, contract, "start")
    hours_written(sheet, 10)
    with in_week(contract, day=2, hour=21):
        values = {"day": (sheet.starts_on + DAY).isoformat(), "ended": "22:00", "reason": "そのまま寝ました"}
        page = browser.post(at(contract, "week_mend"), values, follow=True).content.decode()
    assert "この週は、上限の10時間まで" in page


def test_a_clock_stopped_after_the_end_of_the_week_says_what_counts():
    contract = an_hourly_contract(funded=True)
    browser = signed_in(contract.worker)
    with in_week(contract, day=6, hour=23):
        press(browser, contract, "start")
    with in_week(contract, day=7, hour=0.5):
        page = browser.post(at(contract, "week_press"), {"do": "stop"}, follow=True).content.decode()
    assert "週の終わりの24時まで" in page and contract.timesheets.get(milestone__number=1).minutes == 60


def test_an_old_window_of_the_money_of_a_week_is_told_and_pays_the_next_one():
    contract = an_hourly_contract()
    client = signed_in(client_of(contract))
    address = reverse("contracts:week_fund", args=[contract.pk])
    form = {"number": hidden(client.get(address), "number")}
    assert client.post(address, form).status_code == 302

    answer = client.post(address, form)

    assert answer.status_code == 409 and client.post(address, {"number": hidden(answer, "number")}).status_code == 302
    assert list(contract.milestones.order_by("number").values_list("state", flat=True)) == ["funded", "funded", "agreed"]


def test_the_client_reads_asks_and_confirms_and_everybody_sees_what_is_not_recorded():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4, note="記事の校正")
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    with in_week(contract, hour=20):
        assert worker.post(at(contract, "week_submit"), {"round": 1}).status_code == 302
        for browser in (worker, client):
            page = read(browser, reverse("contracts:room", args=[contract.pk]))
            assert "画面の写真も、キーの数も、記録しません" in page and "4時間" in page
        assert client.post(at(contract, "week_ask"), {"round": 1, "words": ""}).status_code == 422
        assert client.post(at(contract, "week_ask"), {"round": 1, "words": "何の記事でしたか。"}).status_code == 302
        assert "何の記事でしたか" in worker.get(at(contract, "week_submit")).content.decode()
        assert worker.post(at(contract, "week_submit"), {"round": 2, "words": "週末の記事です。"}).status_code == 302
        confirm = client.get(at(contract, "week_confirm")).content.decode()
        assert "5,148円" in confirm and "9,900円" in confirm                       # what the worker receives, what comes back
        assert client.post(at(contract, "week_confirm"), {"round": 1}).status_code == 409
        assert client.post(at(contract, "week_confirm"), {"round": 2}).status_code == 302
    assert contract.milestones.get(number=1).state == "settled"


def test_when_all_weeks_are_confirmed_nothing_says_that_only_a_part_was_paid():
    """What nobody worked goes back to the client; that is no smaller reward."""
    contract = an_hourly_contract(funded=True, weeks_count=1)
    hours_written(contract.timesheets.get(), 4)
    with in_week(contract, hour=20):
        signed_in(contract.worker).post(at(contract, "week_submit"), {"round": 1})
        signed_in(client_of(contract)).post(at(contract, "week_confirm"), {"round": 1})
        page = read(signed_in(contract.worker), reverse("contracts:room", args=[contract.pk]))
    assert said("contract.hourly.over") in page and said("milestone.state.settled") not in page


def test_the_next_week_is_funded_from_its_own_page():
    contract = an_hourly_contract(funded=True)
    browser = signed_in(client_of(contract))
    address = reverse("contracts:week_fund", args=[contract.pk])
    assert "16,500円" in browser.get(address).content.decode()
    assert browser.post(address, {"number": 3}).status_code == 409
    assert browser.post(address, {"number": 2}).status_code == 302
    assert contract.milestones.get(number=2).state == "funded"


def test_both_sides_take_the_hours_home_as_a_table_and_nobody_else():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 1.5, note="=1+1")
    address = reverse("contracts:hours", args=[contract.pk])
    for person in (contract.worker, client_of(contract)):
        text = b"".join(signed_in(person).get(address).streaming_content).decode()
        assert text.startswith("\ufeff") and ",90,'=1+1," in text
    assert signed_in(a_person()).get(address).status_code == 404


def test_an_entry_of_another_contract_does_not_exist_here():
    contract, other = an_hourly_contract(funded=True), an_hourly_contract(funded=True)
    entry = hours_written(other.timesheets.get(milestone__number=1), 1)
    browser = signed_in(contract.worker)
    with in_week(contract, hour=20):
        assert browser.get(at(contract, "week_entry", entry.pk)).status_code == 404
        assert press(browser, contract, "remove", entry=entry.pk).status_code == 404


@pytest.mark.parametrize("typed", ["25:00", "9:60", "-1", "９" * 50, "\x00", "<b>", "😀", "24:01"])
def test_times_that_are_none_are_answered_in_words(typed):
    contract = an_hourly_contract(funded=True)
    with in_week(contract, hour=20):
        answer = signed_in(contract.worker).post(at(contract, "week_add"), {
            "day": clock.today().isoformat(), "began": typed, "ended": "9:00"})
    assert answer.status_code == 422 and "9:30" in answer.content.decode()


def test_the_story_tells_what_became_of_each_week_in_the_words_of_weeks():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    client, milestone = client_of(contract), contract.milestones.get(number=1)
    with in_week(contract, hour=20) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
        contracts.ask_about_week(milestone=milestone, by=client, words="何の記事でしたか。")
        contracts.submit_week(timesheet=sheet, by=contract.worker, words="週末の記事です。")
        contracts.accept_delivery(milestone=milestone, by=client)
        contracts.fund(contract=contract, by=client)
    with in_week(contract, 2, day=7, hour=12):
        contracts.submit_weeks()
        page = signed_in(contract.worker).get(reverse("contracts:room", args=[contract.pk])).content.decode()
    story = page[page.index('id="story"'):page.index("</ol>", page.index('id="story"'))]

    told = ["story.week_submitted", "story.week_asked", "story.week_answered", "story.week_confirmed", "story.week_empty"]
    places = [re.sub("<wbr>", "", story).index(said(line)) for line in told]
    assert places == sorted(places) and said("story.accepted") not in story.replace("<wbr>", "") and 'id="deliveries"' not in page


def test_the_clock_too_is_told_as_the_clock():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    with in_week(contract, day=7, hour=12):
        contracts.submit_weeks()
    with in_week(contract, day=20):
        contracts.accept_for_silent_clients()
        page = text_of(signed_in(client_of(contract)).get(reverse("contracts:room", args=[contract.pk])))

    assert page.rindex(said("story.week_submitted_by_town")) < page.rindex(said("story.week_confirmed_by_town"))


def test_badge_day_and_heading_speak_of_one_week_and_old_weeks_are_folded():
    """While the client looks at the first week, the worker is in the second: nothing on the page is about the first one's deadline."""
    contract = an_hourly_contract(funded=True, weeks_count=6)
    worker, client = contract.worker, client_of(contract)
    for number in range(1, 6):
        hours_written(contract.timesheets.get(milestone__number=number), 2)
        with in_week(contract, number, day=5):
            contracts.submit_week(timesheet=contract.timesheets.get(milestone__number=number), by=worker)
            contracts.fund(contract=contract, by=client)
            if number < 5:
                contracts.accept_delivery(milestone=contract.milestones.get(number=number), by=client)
    with in_week(contract, 6, hour=9):
        page, theirs = (signed_in(person).get(reverse("contracts:room", args=[contract.pk])) for person in (worker, client))
        due = day(contract.milestones.get(number=6).due_on)

    head = page.content.decode().partition('id="now"')[0]
    assert said("week.state.funded") in head and due in head
    assert said("week.state.delivered") in theirs.content.decode().partition('id="now"')[0]
    assert said("weeks.before", n=2) in text_of(page) and page.content.decode().count("/weeks/") >= 6


def test_a_week_that_was_asked_about_says_until_when_and_leads_to_the_answer():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    with in_week(contract, day=5, hour=20) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
        contracts.ask_about_week(milestone=sheet.milestone, by=client_of(contract), words="何の記事でしたか。")
    with in_week(contract, day=7, hour=8):
        page, theirs = (signed_in(person).get(at(contract, "week")) for person in (contract.worker, client_of(contract)))
        room = text_of(signed_in(contract.worker).get(reverse("contracts:room", args=[contract.pk])))

    until = contract.timesheets.get(milestone__number=1).submit_by
    head = room.partition(said("week.now.asked.worker"))[0]
    assert day(clock.day_of(until)) in head and said("week.past") not in head and clock.day_of(until) != contract.milestones.first().due_on
    assert said("week.asked.until", until=moment(until)) in text_of(page) and said("week.clock.over") not in text_of(page)
    assert said("week.answer.go") in text_of(page) and said("week.answer.go") not in text_of(theirs)


def test_before_the_money_is_held_the_worker_reads_everywhere_that_there_is_no_work_yet():
    contract = an_hourly_contract()
    browser = signed_in(contract.worker)
    with in_week(contract, hour=9):
        room, page = (text_of(browser.get(address)) for address in (reverse("contracts:room", args=[contract.pk]), at(contract, "week")))
        started = press(browser, contract, "start")
        written = browser.post(at(contract, "week_add"), {"day": clock.today().isoformat(), "began": "7:00", "ended": "8:00"})

    assert said("week.now.agreed.worker") in room and said("week.not_funded") in page and said("week.start.deed") not in page
    assert (started.status_code, written.status_code) == (409, 409) and said("week.not_funded") in text_of(started)
    assert not TimeEntry.objects.exists()


def calendar_of(contract: Contract) -> list[str]:
    """The lines of the file that somebody takes into their calendar."""
    answer = signed_in(contract.worker).get(reverse("contracts:calendar", args=[contract.pk]))
    return answer.content.decode().replace("\r\n ", "").splitlines()


def test_the_calendar_of_weeks_speaks_of_records_and_of_when_they_are_confirmed():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    with in_week(contract, day=5, hour=20) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
        lines = calendar_of(contract)
        room = text_of(signed_in(contract.worker).get(reverse("contracts:room", args=[contract.pk])))

    told = [line.partition("：")[0] for line in lines if line.startswith("SUMMARY:")]
    money, first, second = (said(f"calendar.{name}", job="").rstrip("：") for name in ("fund", "confirm", "record"))
    assert told == [f"SUMMARY:{name}" for name in (money, first, "支払日", second, "支払日", second, "支払日")]
    assert f"DTSTART;VALUE=DATE:{contract.timesheets.get(milestone__number=2).starts_on:%Y%m%d}" in lines[:lines.index("END:VEVENT")]
    until = clock.day_of(contract.milestones.get(number=1).accept_by)
    assert f"DTSTART;VALUE=DATE:{until:%Y%m%d}" in lines and not any("納品" in line or "検収" in line for line in lines)
    assert said("calendar.take_weeks") in room and said("calendar.take") not in room


def test_until_when_a_question_about_a_week_wants_an_answer_stands_in_the_calendar():
    contract = an_hourly_contract(funded=True)
    hours_written(contract.timesheets.get(milestone__number=1), 4)
    with in_week(contract, day=5, hour=20) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
        contracts.ask_about_week(milestone=contract.milestones.get(number=1), by=client_of(contract), words="火曜日は何をしましたか。")
        asked = "\n".join(calendar_of(contract))
        sheet.refresh_from_db()
        contracts.submit_week(timesheet=sheet, by=contract.worker, words="下書きです。")
        answered = "\n".join(calendar_of(contract))

    entry = next(one for one in asked.split("BEGIN:VEVENT") if ":question@machi" in one)
    assert f"DTSTART;VALUE=DATE:{clock.day_of(sheet.submit_by):%Y%m%d}" in entry and said("calendar.answer", job="") in entry
    assert "火曜日" not in asked and ":question@machi" not in answered


def test_no_page_of_work_by_the_hour_speaks_of_a_day_of_delivery():
    contract = an_hourly_contract(funded=True)
    contracts.ask_for_terms(contract=contract, by=client_of(contract), steps=[], words="朝の仕事に変えたいです。")
    browser = signed_in(contract.worker)
    offer = reverse("contracts:offer", args=[contract.offer_id])
    for address in (*(reverse(f"contracts:{name}", args=[contract.pk]) for name in ("room", "wish", "change", "end")), at(contract, "week"),
                    at(contract, "week_part"), at(contract, "week_dispute"), offer):
        page = text_of(browser.get(address))
        assert said("agreed.due_on") not in page, page[max(0, page.find(said("agreed.due_on")) - 80):][:160]
    assert contract.worker.notices.get(kind="week.escrowed").words["until_at"] == contract.timesheets.get(
        milestone__number=1).submit_by.isoformat()


@pytest.mark.parametrize(("minutes", "is_past"), [(datetime.timedelta(minutes=-1), False), (datetime.timedelta(), True)])
def test_a_record_whose_time_is_over_is_said_to_be_so(minutes, is_past):
    """The clock of the town has not come round yet, or stands still: nobody reads a past moment as one to come."""
    contract = an_hourly_contract(funded=True)
    sheet = contract.timesheets.get(milestone__number=1)
    hours_written(sheet, 4)
    with clock.moved(to=sheet.submit_by + minutes):
        page = text_of(signed_in(contract.worker).get(at(contract, "week")))

    with clock.moved(to=clock.start_of(clock.day_of(sheet.submit_by) + datetime.timedelta(days=1)) + minutes):
        room = text_of(signed_in(contract.worker).get(reverse("contracts:room", args=[contract.pk])))

    assert (said("week.past") in room) is (said("week.over.past") in page) is is_past
    assert page.count(said("week.past")) == 2 * is_past, "beside the moment, and in the sentence"
    assert (said("week.over", until=moment(sheet.submit_by)) in page) is not is_past


def one_deed(browser, contract: Contract) -> str:
    """What the one full button on the page of the week says. On a phone it stands in the bar below, too."""
    page = re.sub(r"<wbr>", "", browser.get(at(contract, "week")).content.decode())
    body, _end, after = page[page.index("<main"):].partition("</main>")
    deeds = re.findall(r'class="btn solid[^"]*".*?<span>([^<]*)', body, re.S)
    assert len(deeds) <= 1 and re.findall(r'class="btn solid[^"]*".*?<span>([^<]*)', after, re.S) == deeds
    return deeds[0] if deeds else ""


def test_each_page_of_a_week_has_one_deed_which_stands_in_the_bar_of_a_phone_and_says_by_when():
    contract = an_hourly_contract(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    sheet = contract.timesheets.get(milestone__number=1)
    with in_week(contract, hour=9):
        assert one_deed(worker, contract) == said("week.start.deed") and one_deed(client, contract) == ""
        press(worker, contract, "start")
    with in_week(contract, hour=12):
        assert one_deed(worker, contract) == said("week.stop.deed")
        press(worker, contract, "stop")
        page = worker.get(at(contract, "week")).content.decode()
        assert page.index(at(contract, "week_submit")) < page.index('id="entries"') and moment(sheet.submit_by) in page
    hours_written(sheet, 7, day=1)
    with in_week(contract, day=2):
        assert one_deed(worker, contract) == said("week.submit.go")                     # the cap is full
    with in_week(contract, day=7, hour=9):
        assert one_deed(worker, contract) == said("week.submit.go")
        worker.post(at(contract, "week_submit"), {"round": 1})
        assert one_deed(worker, contract) == "" and one_deed(client, contract) == said("week.confirm.go")
        assert moment(contract.milestones.get(number=1).accept_by) in read(client, at(contract, "week"))
        client.post(at(contract, "week_ask"), {"round": 1, "words": "何の記事でしたか。"})
        assert one_deed(worker, contract) == said("week.answer.go") and one_deed(client, contract) == ""
