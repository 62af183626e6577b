"""What anybody may read before they join: the guides, the money, the papers (F14, F15, F62)."""
import html
import json
import re
from urllib.parse import quote, urlsplit

import pytest
from django.utils import translation

from machi.accounts.powers import READS_WORK, Power
from machi.contracts.queries import NEWCOMER_UNTIL
from machi.shared import clock
from machi.web.frame import papers
from machi.web.pages.guide import flow
from machi.web.pages.guide.papers import PAPERS
from machi.web.pages.guide.tips import TIPS
from tests.web.contracts.walking import said

ADDRESSES = ["/guide/", *(f"/guide/tips/{slug}/" for slug in TIPS),
             *(f"/guide/{name}/" for name in ("money", "open-door", "terms", "privacy", "rules", "roles", "accessibility"))]


def text_of(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_can_read_it_in_three_languages(db, browser, address, language):
    browser.cookies["django_language"] = language

    answer = browser.get(address)

    assert answer.status_code == 200
    assert not re.findall(r">\s*(?:tip|flow|guide|terms|privacy|rules|access|open_door)\.[a-z_.0-9]+\s*<", text_of(answer))


@pytest.mark.parametrize(("language", "counted"), [
    ("ja", "返事を待っている応募は数えていません"), ("ja-simple", "返事が終わった応募だけを見ます"),
    ("en", "Those that wait for an answer are not counted")])
def test_the_badge_for_answers_promises_no_more_than_is_counted(db, browser, language, counted):
    browser.cookies["django_language"] = language

    page = text_of(browser.get("/guide/badges/"))

    assert counted in page
    assert not any(everybody in page for everybody in ("全員に返事", "みんなに返事", "Answers everybody"))


@pytest.mark.parametrize("slug", TIPS)
def test_a_tip_is_short(slug):
    with translation.override("ja"):
        tip = TIPS[slug]
        assert len("".join(map(str, (tip.lead, *tip.texts, tip.example)))) <= 400


@pytest.mark.parametrize("slug", TIPS)
def test_a_tip_can_be_shared(db, browser, slug):
    page = text_of(browser.get(f"/guide/tips/{slug}/"))

    for name in ("title", "description", "type", "url"):
        assert f'property="og:{name}"' in page
    assert f'content="http://localhost:8000/guide/tips/{slug}/"' in page


@pytest.mark.parametrize("slug", TIPS)
def test_a_tip_is_passed_on_with_plain_links_and_an_address_to_copy(db, browser, slug):
    page = text_of(browser.get(f"/guide/tips/{slug}/"))
    share = page.partition('id="share"')[2].partition("</section>")[0]
    address = f"http://localhost:8000/guide/tips/{slug}/"

    assert f">{address}</p>" in share and "<script" not in share and "onclick" not in share
    assert [urlsplit(href).netloc or urlsplit(href).scheme for href in re.findall(r'<a href="([^"]+)"', share)] == [
        "mailto", "social-plugins.line.me", "x.com"]
    assert share.count(quote(address)) == 3


@pytest.mark.parametrize("amounts", [
    ("1,000円", "858円", "1,100円", "220円", "22円"), ("10,000円", "8,580円", "11,000円", "2,200円", "220円"),
    ("100,000円", "86,900円", "110,000円", "21,000円", "2,100円"), ("200,000円", "185,900円", "220,000円", "31,000円", "3,100円"),
    ("500,000円", "497,750円", "550,000円", "47,500円", "4,750円"), ("10,000円", "7,559円", "1,021円"),
    ("200,000円", "165,480円", "20,420円")])
def test_the_golden_amounts_stand_in_the_table(db, browser, amounts):
    rows = re.findall(r"<tr>(.*?)</tr>", text_of(browser.get("/guide/money/")), re.S)

    assert amounts in [tuple(re.findall(r"[\d,]+円", row)) for row in rows]


def test_the_example_day_is_a_day_of_payment(db, browser, clock_at):
    clock_at("2026-12-01 10:00")

    page = text_of(browser.get("/guide/money/"))

    assert "12月1日（火）に納品し、検収の期限が7日なら、受け取り日は12月15日（火）です" in page and "60日を超えることはありません" in page


@pytest.mark.parametrize("paper", ["terms", "privacy", "rules"])
def test_the_version_shown_is_the_one_agreed_to(db, browser, paper):
    version = papers.versions()[paper]                             # the sign-up form writes down this one

    assert f"第{version}版・" in text_of(browser.get(f"/guide/{paper}/"))


def test_the_drafts_say_that_they_must_be_checked(db, browser):
    for paper in ("terms", "privacy"):
        assert PAPERS[paper].is_draft and "弁護士などの専門家に確かめてもらい" in text_of(browser.get(f"/guide/{paper}/"))


def test_the_papers_promise_no_desk_that_is_not_there(db, browser):
    for address in ADDRESSES:
        assert "相談員がいます" not in text_of(browser.get(address))


def test_a_seat_for_newcomers_is_promised_to_whom_the_town_gives_it(db, browser):
    assert f"この街で終えた契約が{NEWCOMER_UNTIL}件に届いていない方" in text_of(browser.get("/guide/open-door/"))


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_everybody_who_reads_the_work_of_an_organisation_is_named(db, browser, language):
    browser.cookies["django_language"] = language
    page = html.unescape(text_of(browser.get("/guide/privacy/")))

    with translation.override(language):
        assert all(str(Power(power).label) in page for power in READS_WORK)


@pytest.mark.parametrize("language", ["ja", "ja-simple"])
def test_a_part_of_a_hundred_is_written_with_one_narrow_sign(db, browser, language):
    browser.cookies["django_language"] = language
    page = text_of(browser.get("/guide/money/"))

    assert re.search(r"\d%", page) and "%%" not in page and "％" not in page


def test_no_tip_of_that_name(db, browser):
    assert browser.get("/guide/tips/nothing/").status_code == 404


@pytest.mark.parametrize(("basis", "words"), [
    ("agent_receipt", "収納代行"), ("licensed", "資金移動業の登録を受けている"), ("provider", "決済サービスの会社")])
def test_the_terms_say_by_which_right_this_town_holds_money(db, browser, settings, basis, words):
    settings.MONEY_BASIS = basis
    assert words in text_of(browser.get("/guide/terms/"))


def test_where_forms_of_work_have_fees_of_their_own_each_is_told_from_both_sides(db, browser, settings, tmp_path):
    [alike] = flow.plans_of(clock.today())
    assert alike.forms == [] and alike.client == [] and [step.percent for step in alike.worker] == ["20", "10", "5"]

    settings.FEES_FILE = tmp_path / "fees.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [
        {"from": "2020-01-01", "form": "project", "worker": [[0, 1500]], "client": [[0, 500]], "source": "a town's own"},
        {"from": "2020-01-01", "form": "contest", "worker": [[0, 0]], "client": [[0, 500]], "source": "a town's own"}]}))
    plans = flow.plans_of(clock.today())
    page = text_of(browser.get("/guide/money/?its-own-fees"))

    assert [len(plan.forms) for plan in plans] == [1, 2, 1] and plans[2].worker == []
    assert [step.percent for step in plans[0].client] == ["5"]
    assert all(said(words) in page for words in ("flow.fee.client", "flow.fee.worker.none", "flow.fee.client.none", "job.form.contest"))
    assert said("flow.fee.all", percent="15") in page
