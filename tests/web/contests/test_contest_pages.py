"""A contest as its people live it: written on short screens, paid in, entered, looked at, judged; asked about in front of all."""
import html
import re
from urllib.parse import quote

import pytest

from machi.files.storing import store_all
from machi.jobs.actions import answer, ask
from machi.jobs.models import Job
from machi.proposals import actions
from machi.proposals.actions.previews import make_previews
from machi.proposals.entries import Entry, EntryFile
from machi.shared import clock
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Category
from tests.files.drawn import encoded, looked_at, two_halves
from tests.people import a_client, a_contest, a_job, a_person, an_entry, client_of, closed_contest
from tests.web.contracts.walking import as_it_stands, said, signed_in, text_of, upload
from tests.web.jobs.typing_in import in_days, post
from tests.web.labels import unlabelled

pytestmark = pytest.mark.django_db


def picture(name: str = "絵.png"):
    return upload(name, encoded(two_halves(size=(900, 600)), "PNG"))


def test_a_client_writes_a_contest_on_six_screens_and_opens_it_with_its_pot(db):
    client = a_client()
    browser = signed_in(client)
    browser.post("/jobs/new/", {"form": "contest", "category": "writing"})
    job = Job.objects.get()
    assert said("job.form.contest.words") in text_of(browser.get("/jobs/new/"))

    typed = {"what": {"title": "応援会のマーク", "body": "港をあしらったマークを作ってください。", "outcome": "", "topic": ""},
             "reward": {"prizes_yen": "１０，０００円\n30000\n", "hours": "4時間", "takes": "either"},
             "dates": {"closes_on": in_days(7)}, "how": {"ai": "declared", "rights": "transferred"}}
    assert post(browser, job, "reward", typed["reward"] | {"hours": "40"}).status_code == 422, "too little for forty hours"
    for step, words in typed.items():
        answer = post(browser, job, step, words | ({"hours": "4"} if step == "reward" else {}))
        assert answer.status_code == 302, text_of(answer)
    assert said("contest.open.go") in text_of(browser.get(f"/jobs/{job.pk}/preview/"))
    page = browser.get(f"/jobs/{job.pk}/pot/")
    assert said("contest.open.deed", sum="44,000円") in text_of(page)
    assert browser.post(f"/jobs/{job.pk}/pot/", {"pot": "1"}).status_code == 409
    assert browser.post(f"/jobs/{job.pk}/pot/", {"pot": "44000"}).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.contest.pot_yen, job.contest.prizes_yen) == ("open", 44_000, [30_000, 10_000])
    assert "25,740円" in text_of(browser.get(f"/jobs/{job.pk}/"))


@pytest.mark.parametrize(("prizes", "words"), [
    ("", "ここを入れてください"), ("なし", "yen.not_a_number"), ("-5", "1,000円から"), ("999", "1,000円から"),
    ("30000\n999", "1,000円から"), ("1e9", "yen.not_a_number"), ("\n".join(["30000"] * 11), "10"), ("9" * 30, "まで"),
    ("🎁", "yen.not_a_number"), ("<b>30000</b>", "yen.not_a_number")])
def test_prizes_that_cannot_be_are_said_and_kept(db, prizes, words):
    client = a_client()
    job = a_contest(client, opened=False)

    answer = post(signed_in(client), job, "reward", {"prizes_yen": prizes, "hours": "1", "takes": "either"})

    assert answer.status_code == 422 and html.escape(prizes) in answer.content.decode()
    assert (said(words) if words == "yen.not_a_number" else words) in text_of(answer)
    job.contest.refresh_from_db()
    assert job.contest.prizes_yen == [30_000, 10_000]


def test_every_form_is_understood_exactly_as_its_page_holds_it(db):
    client, maker = a_client(), a_person()
    job = a_contest(client, opened=False)
    browser, makers = signed_in(client), signed_in(maker)

    def press(who, page: str, to: str = "", **typed):
        held = as_it_stands(who.get(page), to or page)
        answer = who.post(to or page, held | typed)
        assert answer.status_code == 302, f"{held}: {text_of(answer)}"
        return answer.url
    press(browser, f"/jobs/{job.pk}/pot/")
    job.refresh_from_db()
    assert (job.state, job.contest.pot_yen) == ("open", 44_000)
    write = press(makers, f"/jobs/{job.pk}/entries/")
    press(makers, write, title="灯台", text="一筆で描きました。港の灯台です。", ai_note="使っていません")
    entry = Entry.objects.get()
    press(browser, f"/jobs/{job.pk}/gallery/", f"/entries/{entry.pk}/mark/")
    press(browser, f"/entries/{entry.pk}/", note="線がよい")
    entry.mark.refresh_from_db()
    assert entry.mark.is_favourite and entry.mark.note == "線がよい"
    with closed_contest(job):
        press(browser, f"/jobs/{job.pk}/prizes/?look=1&prize_1={entry.number}&prize_2=")
    entry.refresh_from_db()
    assert (entry.state, entry.prize, entry.reward_yen) == ("awarded", 1, 30_000)


def test_whoever_must_show_who_they_are_comes_back_to_what_they_chose(db):
    job = a_contest()
    entry = an_entry(job)
    with closed_contest(job):
        browser = signed_in(client_of(job), ago=10_000)
        chosen = f"/jobs/{job.pk}/prizes/?look=1&prize_1={entry.number}&prize_2="
        led = browser.post(chosen, as_it_stands(browser.get(chosen), chosen))
        assert led.status_code == 302 and led.url.endswith("?next=" + quote(chosen))
        assert said("award.deed", sum="33,000円") in text_of(browser.get(chosen))
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_the_gallery_says_what_became_of_the_prizes(db):
    called_off, unjudged = a_contest(), a_contest()
    an_entry(unjudged)

    browser = signed_in(client_of(called_off))
    assert browser.post(f"/jobs/{called_off.pk}/call-off/").status_code == 302
    assert said("gallery.returned", sum="44,000円") in text_of(browser.get(f"/jobs/{called_off.pk}/gallery/"))
    held = said("contest.pot.held", sum="44,000円")
    with closed_contest(unjudged):
        browser = signed_in(client_of(unjudged))
        assert held in text_of(browser.get(f"/jobs/{unjudged.pk}/"))
        with clock.moved(by=15 * clock.datetime.timedelta(days=1)):
            assert actions.settle_contests() == 1
            assert said("gallery.split") in text_of(browser.get(f"/jobs/{unjudged.pk}/gallery/"))
            assert held not in text_of(browser.get(f"/jobs/{unjudged.pk}/"))


def test_a_word_on_ai_is_asked_for_where_the_post_asks_and_only_when_it_is_handed_in(db):
    job, maker = a_contest(), a_person()
    browser = signed_in(maker)
    write = browser.post(f"/jobs/{job.pk}/entries/").url
    typed = {"title": "灯台", "text": "一筆で描きました。港の灯台です。", "ai_note": "", "version": 1, "read": job.version}

    assert said("entry.files.hint", n=4) in text_of(browser.get(write))
    answer = browser.post(write, typed)
    assert answer.status_code == 422 and said("contract.deliver.ai_needed") in text_of(answer)
    assert "一筆で描きました。" in answer.content.decode()
    assert browser.post(write, typed | {"autosave": "1"}).status_code == 302


def test_a_stranger_at_an_open_browser_pays_nothing(db):
    client = a_client()
    job = a_contest(client, opened=False)

    answer = signed_in(client, ago=10_000).post(f"/jobs/{job.pk}/pot/", {"pot": "44000"})
    assert answer.status_code == 302
    assert Job.objects.get().state == "draft"


def test_a_maker_writes_keeps_hands_in_changes_and_takes_back(db):
    job, maker = a_contest(), a_person()
    browser = signed_in(maker)
    entry_address = browser.post(f"/jobs/{job.pk}/entries/").url
    assert browser.post(f"/jobs/{job.pk}/entries/").url == entry_address, "two presses begin one"

    def send(**typed):
        entry = Entry.objects.get()
        return browser.post(entry_address, {"title": "灯台", "text": "", "ai_note": "使っていません", "version": entry.version,
                                            "read": job.version} | typed)
    assert send(autosave="1").status_code == 302
    assert send().status_code == 422, "nothing to look at yet"
    assert send(files=picture()).status_code == 302
    entry = Entry.objects.get()
    assert (entry.state, entry.number, entry.files.count()) == ("submitted", 1, 1)
    actions.make_previews()
    file = EntryFile.objects.get()
    assert browser.get(f"/entries/{entry.pk}/files/{file.pk}/large/")["Content-Type"] == "image/webp"
    assert browser.post(f"/entries/{entry.pk}/files/{file.pk}/remove/").status_code == 302
    assert entry.files.count() == 1, "what is handed in keeps something to look at"
    assert send(text="一筆で描きました。港の灯台です。").status_code == 302
    entry.refresh_from_db()
    assert entry.text.startswith("一筆")
    assert browser.post(f"/entries/{entry.pk}/take-back/").status_code == 302
    assert Entry.objects.get().state == "withdrawn"


def test_two_windows_never_lose_what_was_typed(db):
    job, maker = a_contest(), a_person()
    browser = signed_in(maker)
    address = browser.post(f"/jobs/{job.pk}/entries/").url
    first = {"title": "一つ目", "text": "一つ目の窓で書いた、十分に長い文章", "ai_note": "なし", "version": 1, "read": job.version,
             "autosave": "1"}
    browser.post(address, first)

    answer = browser.post(address, first | {"text": "二つ目の窓で書いた、十分に長い文章"})
    assert answer.status_code == 409
    assert "一つ目の窓" in text_of(answer) and "二つ目の窓" in answer.content.decode()


def test_a_client_looks_at_previews_marks_favourites_and_never_opens_an_original(db):
    job = a_contest()
    entry = an_entry(job, files=store_all([picture()]))
    an_entry(job)
    actions.make_previews()
    browser, file = signed_in(client_of(job)), EntryFile.objects.get()

    page = browser.get(f"/jobs/{job.pk}/gallery/")
    assert f"/entries/{entry.pk}/files/{file.pk}/small/" in page.content.decode() and entry.worker.name not in text_of(page)
    assert browser.get(f"/entries/{entry.pk}/files/{file.pk}/").status_code == 404
    assert browser.post(f"/entries/{entry.pk}/mark/", {"is_favourite": "1"}).status_code == 302
    liked = text_of(browser.get(f"/jobs/{job.pk}/gallery/?liked=1"))
    assert said("entry.numbered", n=1) in liked and said("entry.numbered", n=2) not in liked
    assert browser.post(f"/entries/{entry.pk}/", {"note": "線がよい"}).status_code == 302
    assert "線がよい" in text_of(browser.get(f"/entries/{entry.pk}/"))
    assert "線がよい" not in text_of(signed_in(entry.worker).get(f"/entries/{entry.pk}/"))


def test_the_focus_stays_on_the_star_that_was_pressed():
    """htmx gives the focus back to what has the same id."""
    entry = an_entry()
    browser = signed_in(client_of(entry.job))

    whole = browser.get(f"/jobs/{entry.job_id}/gallery/").text
    part = browser.post(f"/entries/{entry.pk}/mark/", {"is_favourite": "1"}, headers={"HX-Request": "true"}).text

    ids = [re.findall(r'<button[^>]* id="([^"]+)"', text) for text in (whole, part)]
    assert ids[1] == [f"liked-{entry.pk}"] and ids[1][0] in ids[0]


def test_the_questions_of_the_gallery_stay_the_same_however_many_entries(db, django_assert_max_num_queries):
    job = a_contest(prizes=(100_000,))
    browser = signed_in(client_of(job))
    for _number in range(3):
        an_entry(job)
    browser.get(f"/jobs/{job.pk}/gallery/")

    with django_assert_max_num_queries(12):
        browser.get(f"/jobs/{job.pk}/gallery/")
    for _number in range(9):
        an_entry(job)
    with django_assert_max_num_queries(12):
        browser.get(f"/jobs/{job.pk}/gallery/")


def test_a_client_chooses_sees_both_sides_money_and_then_opens_the_originals(db):
    job = a_contest()
    won, other = an_entry(job, files=store_all([picture()])), an_entry(job)
    file = EntryFile.objects.get()
    with closed_contest(job):
        browser = signed_in(client_of(job))
        twice = browser.get(f"/jobs/{job.pk}/prizes/?look=1&prize_1={won.number}&prize_2={won.number}")
        assert twice.status_code == 422 and unlabelled(twice.text) == [] == unlabelled(browser.get(f"/jobs/{job.pk}/prizes/").text)
        page = text_of(browser.get(f"/jobs/{job.pk}/prizes/?look=1&prize_1={won.number}"))
        assert said("award.deed", sum="33,000円") in page and "25,740円" in page and "11,000円" in page
        assert said("award.tax") not in page, "of such work nothing is withheld"
        assert browser.post(f"/jobs/{job.pk}/prizes/", {"prize_1": won.number}).status_code == 302
        assert browser.post(f"/jobs/{job.pk}/prizes/", {"prize_1": won.number}).status_code in (409, 422)
        assert b"".join(browser.get(f"/entries/{won.pk}/files/{file.pk}/").streaming_content).startswith(b"\x89PNG")
        receipt = text_of(browser.get(f"/entries/{won.pk}/receipt/"))
        assert file.file.sha256 in receipt and said("receipt.transferred") in receipt and won.worker.name in receipt
        assert text_of(signed_in(won.worker).get(f"/entries/{won.pk}/receipt/"))
        assert browser.get(f"/entries/{other.pk}/receipt/").status_code == 404
        told = text_of(signed_in(other.worker).get(f"/entries/{other.pk}/"))
        assert said("contest.rule.yours") in told
        with clock.moved(by=31 * clock.datetime.timedelta(days=1)):
            assert browser.get(f"/entries/{other.pk}/").status_code == 404
            assert browser.get(f"/entries/{won.pk}/").status_code == 200
    assert "25,740円" in text_of(signed_in(won.worker).get("/earnings/"))


def test_the_look_before_a_choice_tells_nothing_of_who_made_what():
    """Two prizes for one person would be withheld from, and a company's not at all: both would show on the page."""
    job = a_contest(a_client(is_withholding_agent=True), prizes=(30_000, 30_000), category=Category.objects.get(pk="design"))
    person, other, company = a_person(), a_person(), a_person()
    say_tax_standing(by=company, kind="company", has_employees=False, number="", valid_from=None)
    numbers = [an_entry(job, maker).number for maker in (person, person, other, company)]
    with closed_contest(job):
        browser = signed_in(client_of(job))
        looks = {pair: browser.get(f"/jobs/{job.pk}/prizes/?look=1&prize_1={pair[0]}&prize_2={pair[1]}") for pair in (
            (numbers[0], numbers[1]), (numbers[0], numbers[2]), (numbers[0], numbers[3]))}
    sums = {tuple(re.findall(r"[−\d,]+円", text_of(page))) for page in looks.values()}
    assert len(sums) == 1 and all(said("award.tax") in text_of(page) for page in looks.values())


def test_of_a_longer_text_a_client_reads_half_and_of_a_file_no_name():
    job = a_contest()
    text, name = "".join(f"{number:03}行目の言葉。" for number in range(40)), "みなと 太郎の作品.txt"
    entry = an_entry(job, text=text, files=store_all([upload(name, text.encode())]))
    short = an_entry(job, text="みなとの灯りと、波の音。")
    make_previews()

    browser = signed_in(client_of(job))
    pages = [text_of(browser.get(path)) for path in (f"/entries/{entry.pk}/", f"/jobs/{job.pk}/gallery/")]

    assert text[:len(text) // 2] in pages[0] and text[len(text) // 2:][:9] not in "".join(pages) and name not in "".join(pages)
    assert said("entry.preview.only") in pages[0] and "みなとの灯りと、波の音。" in text_of(browser.get(f"/entries/{short.pk}/"))
    assert name in text_of(signed_in(entry.worker).get(f"/entries/{entry.pk}/"))


def test_everybody_reads_a_question_and_its_answer(db):
    job, asker = a_job(), a_person()
    browser = signed_in(asker)

    assert browser.post(f"/jobs/{job.pk}/questions/", {"words": ""}).status_code == 422
    assert browser.post(f"/jobs/{job.pk}/questions/", {"words": "写真は要りますか。"}).status_code == 302
    question = job.questions.get()
    assert signed_in(a_person()).post(f"/jobs/questions/{question.pk}/", {"words": "はい"}).status_code == 404
    assert signed_in(client_of(job)).post(f"/jobs/questions/{question.pk}/", {"words": "要りません。"}).status_code == 302
    for page in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/questions/"):
        seen = text_of(signed_in(a_person()).get(page))
        assert "写真は要りますか。" in seen and "要りません。" in seen
    assert asker.notices.filter(kind="question.answered").exists()
    assert client_of(job).notices.filter(kind="question.asked").exists()


def test_words_that_no_post_may_hold_stand_in_no_question_and_no_answer_either():
    job, asker = a_job(), a_person()
    browser, client = signed_in(asker), signed_in(client_of(job))
    wrong = {"ask": "くわしくはLINEで連絡してもいいですか。", "answer": "応募できるのは35歳までの方です。"}

    refused = browser.post(f"/jobs/{job.pk}/questions/", {"words": wrong["ask"]})
    assert refused.status_code == 409 and wrong["ask"] in html.unescape(refused.text) and not job.questions.exists()
    question = ask(job=job, by=asker, words="写真は要りますか。")
    refused = client.post(f"/jobs/questions/{question.pk}/", {"words": wrong["answer"]})
    assert refused.status_code == 409 and wrong["answer"] in html.unescape(refused.text)
    assert job.questions.get().answer == ""


def test_a_draft_that_becomes_a_contest_says_what_a_contest_says_and_back_it_asks_anew():
    client = a_client()
    job = a_job(client, published=False, place="渋谷、35歳まで", sync_note="35歳まで", sync="hours", channels=["voice"])
    browser = signed_in(client)

    assert post(browser, job, "kind", {"form": "contest", "category": "writing"}).status_code == 302
    assert browser.get(f"/jobs/{job.pk}/preview/").status_code == 200
    job.refresh_from_db()
    assert (job.place, job.sync, job.sync_note, job.channels) == ("自宅など、どこでも", "none", "", ["text"])
    post(browser, job, "reward", {"prizes_yen": "30000", "hours": "4", "takes": "either"})
    post(browser, job, "kind", {"form": "project", "category": "writing"})
    job.refresh_from_db()
    assert (job.place, job.sync, job.reward_yen, job.revisions_count) == ("", "", None, 2)


def test_a_sealed_entry_is_nobody_elses_whatever_address_they_type(db):
    job = a_contest()
    entry, other = an_entry(job, files=store_all([picture()])), an_entry(job)
    actions.make_previews()
    file = EntryFile.objects.get()
    addresses = [f"/entries/{entry.pk}/", f"/entries/{entry.pk}/files/{file.pk}/", f"/entries/{entry.pk}/files/{file.pk}/large/",
                 f"/entries/{entry.pk}/files/{file.pk}/small/", f"/entries/{entry.pk}/write/", f"/entries/{entry.pk}/receipt/",
                 f"/entries/{other.pk}/files/{file.pk}/", f"/jobs/{job.pk}/gallery/"]

    for person in (other.worker, a_person()):
        assert [signed_in(person).get(address).status_code for address in addresses] == [404] * len(addresses)
    client = signed_in(client_of(job))
    assert client.get(addresses[1]).status_code == 404, "the original waits for a prize"
    shown = client.get(addresses[2])
    assert shown.status_code == 200
    assert len(looked_at(shown.content).crop((20, 20, 380, 500)).getcolors(100_000)) > 50, "with the mark across it"


def test_a_picture_that_has_no_preview_yet_is_not_shown_in_its_place(db):
    job = a_contest()
    entry = an_entry(job, files=store_all([picture()]))
    file = EntryFile.objects.get()
    browser = signed_in(client_of(job))

    for view in ("small", "large"):
        assert browser.get(f"/entries/{entry.pk}/files/{file.pk}/{view}/").status_code == 404


def test_an_answer_is_for_everybody_who_reads_the_contest(db):
    job, asker, other = a_contest(), a_person(), a_person()
    ask(job=job, by=asker, words="色は何色までですか。")
    answer(question=job.questions.get(), by=client_of(job), words="3色までです。")

    for person in (asker, other, client_of(job)):
        assert "3色までです。" in text_of(signed_in(person).get(f"/jobs/{job.pk}/"))
    entry = signed_in(other).post(f"/jobs/{job.pk}/entries/").url
    assert "3色までです。" in text_of(signed_in(other).get(entry)), "and stands beside the entry that is being written"


def test_whoever_would_make_something_for_a_full_contest_reads_so_before_they_begin():
    job = a_contest(prizes=(1_200,))
    draft = actions.begin_entry(job=job, by=a_person())
    worker = signed_in(draft.worker)
    pages = (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/entries/", f"/entries/{draft.pk}/write/")
    full = said("contest.full", n=job.contest.most_entries)
    assert not any(full in text_of(worker.get(page)) for page in pages)
    Job.objects.get(pk=job.pk).contest.__class__.objects.filter(job=job).update(entries_count=job.contest.most_entries)

    assert all(full in text_of(worker.get(page)) for page in pages)
    assert full in text_of(signed_in(a_person()).get(f"/jobs/{job.pk}/"))
    assert full not in text_of(signed_in(client_of(job)).get(f"/jobs/{job.pk}/"))
