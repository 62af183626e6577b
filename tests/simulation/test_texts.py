"""The texts of the demo town, read as they lie in the files: they stand on public pages, in the voice of the town."""
import datetime
import re

import pytest

from machi.contracts.weeks import WEEK, due_days
from machi.payments.paydays import pay_day
from machi.simulation import story as told
from machi.simulation.plan import moments
from machi.simulation.story import story

STORY = story()
JOBS = [job for job in STORY.jobs if job.published is not None]
WORKS = [(job, proposal) for job in JOBS for proposal in job.proposals if proposal.work]

# voice.md, "Never, and why": what nobody in this town is called, and how nothing is sold
NEVER = """
    落選 不採用 不合格 見送り お祈り 残念ながら あいにく 業者 外注 人材 リソース 簡単 誰でもできる だれでもできる
    スキマ時間 稼ぐ 稼げ 高収入 副収入 障害者 健常者 弱者 高齢者 主婦 シニア 外人 外国人 未経験 素人 初心者
    介護離職 脱落 離脱 幽霊 案件 単価 エントリー アサイン コミット 上位 勝率 プロ級 頑張 諦めないで 努力次第
    今だけ お急ぎ 残りわずか 見逃さ ペナルティ 減点 ユーザー 会員様 お客様 救う 支えてあげ させていただ
    ご了承ください 恐れ入ります""".split()
# reasons stay private: a page says what somebody needs, never why
REASONS = "介護中 育児 子育て 通院 療養 持病 病気 障がい 発達 うつ 離婚 シングル 母子 妊娠 産休 定年 歳以上 歳まで".split()


def everything() -> list[tuple[str, str]]:
    """Every text with the place where it stands."""
    found = []
    for person in STORY.people.values():
        found += [(person.key, text) for text in (person.headline, person.about, person.conditions)]
        found += [(person.key, str(cell)) for rows in (person.strengths, person.hobbies, person.careers) for row in rows for cell in row]
    for job in STORY.jobs:
        found += [(job.title, text) for text in (job.title, job.body, job.outcome, job.words, job.sync_note)]
        for proposal in job.proposals:
            found += [(f"{job.title}, {proposal.worker}", text) for text in (proposal.text, proposal.words)]
            if work := proposal.work:
                texts = [work.text, work.again, work.changes, work.thanks, work.ai_note, *work.client_says[1:], *work.worker_says[1:],
                         *(letter[2] for letter in work.letters), *(week.question for week in work.weeks),
                         *(words for week in work.weeks for line in week.hours for words in line[3:])]
                found += [(f"{job.title}, {proposal.worker}", text) for text in texts]
    for batch in STORY.batches:
        texts = [batch.title, batch.body, batch.guide, batch.question, *batch.options, *batch.good, *batch.bad,
                 *(text for row in (*batch.rows, *batch.golds) for text in row)]
        found += [(batch.key, text) for text in texts]
    return [(place, text) for place, text in found + list(STORY.worth_being) if text]


def test_there_is_as_much_of_everything_as_was_promised():
    assert (len(STORY.clients), len(STORY.jobs)) == (12, 82)
    assert 40 <= len(STORY.people) <= 60
    assert 150 <= sum(len(job.proposals) for job in JOBS) <= 250
    assert len({job.category for job in JOBS}) >= 12
    assert 8 <= len(STORY.worth_being) <= 24


def test_no_text_says_what_this_town_never_says():
    assert [(place, word) for place, text in everything() for word in NEVER if word in text] == []


def test_people_write_conditions_and_no_reasons():
    pages = [(person.key, text) for person in STORY.people.values() for text in (person.headline, person.about, person.conditions)]
    assert [(place, word) for place, text in pages for word in REASONS if word in text] == []


def test_no_text_raises_its_voice():
    assert [(place, text) for place, text in everything() if re.search("[！？!?※【】…～〜★☆♪]", text)] == []


def test_a_post_says_what_how_much_and_what_comes_out():
    lengths = [(job.title, len(job.title), len(job.body), len(job.outcome)) for job in JOBS]
    assert [row for row in lengths if not (8 <= row[1] <= 60 and 150 <= row[2] <= 500 and 8 <= row[3] <= 300)] == []
    assert [job.title for job in JOBS if len(re.findall(r"\d", job.body)) < 3] == []
    assert [job.title for job in JOBS if not re.search(r"\d+(時間|分|日間)", job.body)] == []


def test_no_two_texts_are_the_same():
    for texts in ([job.body for job in STORY.jobs], [job.outcome for job in JOBS],
                  [proposal.text for job in JOBS for proposal in job.proposals],
                  [proposal.work.thanks for _job, proposal in WORKS if proposal.work.thanks]):
        assert len(texts) == len(set(texts))


def test_names_hold_what_old_machines_lose():
    names = "".join(person.name for person in STORY.people.values())
    assert all(character in names for character in "髙﨑鷗𠮷")


def test_addresses_are_invented_for_everybody_to_see():
    assert all(client.address.startswith("みなと県") for client in STORY.clients)
    assert all(client.contact.endswith(f"@{told.HOME}") for client in STORY.clients)


def test_pages_are_as_different_as_people():
    people = STORY.people.values()

    assert any(not (person.headline or person.strengths or person.hobbies or person.careers) for person in people)
    assert any(person.careers and not person.strengths for person in people)
    assert any(person.hobbies and not person.careers for person in people)
    assert any(person.language == "ja-simple" for person in people) and any(person.language == "en" for person in people)


def test_the_money_of_a_post_is_fair_for_its_hours():
    """Where a post says how many hours it takes in all, an hour is worth 1,500 yen or more before tax."""
    said = {job.title: (job.reward, re.findall(r"(?:全体で|全部で|合わせて|目安は|見直しを入れて)(\d+)時間", job.body)) for job in JOBS}
    hourly = {title: reward / int(hours[-1]) for title, (reward, hours) in said.items() if hours}
    assert len(hourly) >= 25
    assert {title: yen for title, yen in hourly.items() if yen < 1_500} == {}


@pytest.mark.parametrize("month", range(1, 13))
def test_on_every_day_of_a_year_some_are_paid_and_some_wait_for_their_pay_date(month):
    for number in (1, 4, 14, 15, 16, 28):
        today = datetime.date(2027, month, number)
        plan = moments(STORY, today)
        pay_days = [pay_day(today + datetime.timedelta(days=job.due), acceptance_days=job.acceptance_days) for job, work in WORKS
                    if work.work.until == "accepted"]
        assert sum(day < today for day in pay_days) >= 25
        assert sum(day > today for day in pay_days) >= 4
        assert all(moment.at.date() < today for moment in plan)


@pytest.mark.parametrize("weekday", range(7))
def test_whichever_weekday_it_is_one_week_runs_one_waits_to_be_confirmed_and_one_is_asked_about(weekday):
    today = datetime.date(2026, 11, 23) + datetime.timedelta(days=weekday)
    deeds = [moment for moment in moments(STORY, today) if moment.deed.endswith("_week")]
    works = [work.work.weeks for _job, work in WORKS if work.work.weeks]

    for weeks in works:
        first = due_days(offered_on=today + datetime.timedelta(days=-14 - 7 * _past(weeks)), count=1)[0] - WEEK
        assert first + WEEK * _past(weeks) == today - datetime.timedelta(days=weekday)
    asked = [moment.at.date() for moment in deeds if moment.deed == "ask_week"]
    waits = max(moment.at.date() for moment in deeds if moment.deed == "submit_week" and "録音" in moment.about[0])
    assert len(works) == 2 and len(asked) == 1 and 1 <= (today - asked[0]).days <= 2           # within the days of an answer,
    assert 1 <= (today - waits).days <= 6                                                      # and of a confirmation


def _past(weeks) -> int:
    """How many weeks of a contract are over today."""
    return sum(week.then not in ("running", "unfunded") for week in weeks)


def test_nobody_does_anything_before_they_have_arrived():
    jobs, here = {job.title: job for job in (*STORY.jobs, *STORY.contests)}, set()
    batches = {batch.key: batch for batch in STORY.batches}
    for moment in moments(STORY, datetime.date(2026, 11, 24)):
        if moment.deed == "arrive":
            here.add(moment.about[0])
        elif moment.deed in ("open_batch", "do_bundle"):
            batch, number = batches[moment.about[0]], moment.about[1:]
            assert {batch.client, *(batch.bundles[one].worker for one in number)} <= here, moment
        elif moment.deed != "go_round":
            who = {name for name in moment.about[1:2] if isinstance(name, str)}
            somebody = {moment.about[0]} if moment.about[0] not in jobs else {jobs[moment.about[0]].client, *who}
            assert somebody <= here, moment


def test_two_plans_of_one_day_are_one():
    assert moments(STORY, datetime.date(2026, 11, 24)) == moments(story.__wrapped__(), datetime.date(2026, 11, 24))


def test_what_stands_in_quotation_marks_quotes_with_the_inner_ones():
    """Pages and notices put a title and a word of thanks into 「」: inside stands 『』."""
    quoted = [job.title for job in STORY.jobs] + [proposal.work.thanks for _job, proposal in WORKS]
    assert [text for text in quoted if "「" in text] == []
