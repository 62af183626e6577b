"""What shows a strength (裏づけ) opens: a page elsewhere, or a piece of the person's own work (F20)."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.activity.models import Fact
from machi.portfolio.actions import BROUGHT_BACK_WITHIN, forget_removed, remove_piece
from machi.profiles.actions import add_hobby, add_strength, change_entry
from machi.profiles.actions.topics import lead_hobbies
from machi.profiles.models import Hobby, Strength
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.taxonomy import facts as topic_facts
from machi.taxonomy.actions import merge_topics, topic_named
from machi.taxonomy.following import hand_on
from tests.people import a_job, a_person, a_proposal, a_staff_member, client_of
from tests.portfolio.test_pieces import a_piece
from tests.web.contracts.walking import hidden, said, signed_in, text_of

WORDS = {"statement": "流れを言葉にできます", "evidence": "", "hand_me": "", "evidence_link": "", "evidence_piece_id": ""}


def test_linked_evidence_opens_on_the_public_page(db, browser):
    person = a_person()
    piece = a_piece(person, "準決勝の観戦記")
    me = signed_in(person)
    assert f'<option value="{piece.pk}">準決勝の観戦記</option>' in me.get("/me/strength/add/").content.decode()

    me.post("/me/strength/add/", WORDS | {"evidence_link": "example.jp/report", "evidence_piece_id": piece.pk})
    page = browser.get(f"/people/{person.pk}/").content.decode()

    strengths = page[page.index('id="strengths"'):page.index('id="portfolio"')]
    assert '<a href="https://example.jp/report" rel="noopener nofollow ugc">example.jp</a>' in strengths
    assert f'href="/portfolio/{piece.pk}/"' in strengths and browser.get(f"/portfolio/{piece.pk}/").status_code == 200


def test_a_strength_never_tells_of_a_piece_that_its_reader_may_not_see(db, browser):
    person = a_person()
    piece = a_piece(person, "まだ見せない棚", shown="me")
    add_strength(by=person, statement="作れます", evidence_piece_id=piece.pk)

    assert "まだ見せない棚" not in text_of(browser.get(f"/people/{person.pk}/"))
    assert "まだ見せない棚" in text_of(signed_in(person).get("/me/"))


LOVE = {"topic": "観戦", "years": "10", "depth": "watching", "note": "", "evidence_link": "", "evidence_piece_id": ""}


def test_what_shows_a_hobby_opens_on_the_public_page_too(db, browser):
    person = a_person()
    piece, mine = a_piece(person, "準決勝の観戦記"), a_piece(person, "まだ見せない棚", shown="me")
    me = signed_in(person)
    assert f'<option value="{piece.pk}">準決勝の観戦記</option>' in me.get("/me/hobby/add/").content.decode()

    me.post("/me/hobby/add/", LOVE | {"evidence_link": "example.jp/report", "evidence_piece_id": piece.pk})
    me.post("/me/hobby/add/", LOVE | {"topic": "園芸", "evidence_piece_id": mine.pk})
    page = browser.get(f"/people/{person.pk}/").content.decode()

    hobbies = page[page.index('id="hobbies"'):].partition("</section>")[0]
    assert '<a href="https://example.jp/report" rel="noopener nofollow ugc">example.jp</a>' in hobbies
    assert f'href="/portfolio/{piece.pk}/"' in hobbies and "まだ見せない棚" not in page and "まだ見せない棚" in text_of(me.get("/me/"))
    assert not signed_in(a_person()).post("/me/hobby/add/", LOVE | {"evidence_piece_id": piece.pk}).headers.get("Location")


def test_a_hobby_is_changed_taken_off_and_brought_back_with_what_shows_it(db):
    person = a_person()
    piece = a_piece(person)
    hobby, me = add_hobby(by=person, topic="観戦", years=1, depth="watching"), signed_in(person)
    seen = hidden(me.get(f"/me/hobby/{hobby.pk}/"), "seen")
    assert me.post(f"/me/hobby/{hobby.pk}/", LOVE | {"evidence_piece_id": piece.pk, "seen": seen}).status_code == 302
    me.post(f"/me/hobby/{hobby.pk}/remove/")
    page = me.get("/me/")

    me.post("/me/hobby/add/", {name: hidden(page, name) for name in LOVE} | {"brought_back": "1"})

    again = Hobby.objects.get()
    assert (again.years, again.evidence_piece_id) == (10, piece.pk)


def test_two_hobbies_that_become_one_keep_what_shows_either(db):
    person = a_person()
    piece = a_piece(person)
    add_hobby(by=person, topic="観戦", years=1, depth="watching", evidence_link="https://example.jp/x")
    add_hobby(by=person, topic="スポーツ観戦", years=3, depth="watching", evidence_piece_id=piece.pk)
    merge_topics(topic=topic_named("スポーツ観戦"), into=topic_named("観戦"), by=a_staff_member("editor"))

    for fact in Fact.objects.filter(name__in=topic_facts.CHANGED).order_by("pk"):
        hand_on(fact, lead_hobbies)

    hobby = Hobby.objects.get()
    assert (hobby.years, hobby.evidence_link, hobby.evidence_piece_id) == (3, "https://example.jp/x", piece.pk)


def test_nobody_shows_the_work_of_others_as_their_own(db):
    person, piece = a_person(), a_piece()
    strength = add_strength(by=person, statement="作れます")

    answer = signed_in(person).post("/me/strength/add/", WORDS | {"evidence_piece_id": piece.pk, "hand_me": "ここまで"})

    assert answer.status_code == 409 and said("evidence.piece_gone") in text_of(answer) and 'value="ここまで"' in answer.content.decode()
    with pytest.raises(DomainError):
        change_entry(entry=strength, by=person, evidence_piece_id=piece.pk)


@pytest.mark.parametrize("wrong", [{"evidence_link": "javascript:alert(1)"}, {"evidence_link": "http://example.jp"},
                                   {"evidence_piece_id": "x"}, {"evidence_piece_id": "-1"}, {"evidence_piece_id": "9" * 40},
                                   {"evidence_piece_id": "1\0"}])
def test_what_is_no_evidence_gets_a_sentence_and_the_words_stay(db, wrong):
    answer = signed_in(a_person()).post("/me/strength/add/", WORDS | wrong)

    assert answer.status_code == 422 and 'value="流れを言葉にできます"' in answer.content.decode() and not Strength.objects.exists()


def test_a_strength_stays_when_the_piece_goes(town, clock_stands_at):
    person = a_person()
    piece = a_piece(person)
    strength, now = add_strength(by=person, statement="作れます", evidence_piece_id=piece.pk), clock.now()
    remove_piece(piece=piece, by=person)
    assert "観戦記」を見る" not in text_of(signed_in(person).get("/me/"))

    clock_stands_at(now + BROUGHT_BACK_WITHIN + datetime.timedelta(minutes=1))
    forget_removed()

    strength.refresh_from_db()
    assert strength.evidence_piece_id is None and strength.statement == "作れます"


def test_a_strength_whose_only_piece_is_off_the_page_can_still_be_changed(db):
    person = a_person()
    piece = a_piece(person)
    strength = add_strength(by=person, statement="作れます", evidence_piece_id=piece.pk)
    me, address = signed_in(person), f"/me/strength/{strength.pk}/"
    opened_before = me.get(address)
    remove_piece(piece=piece, by=person)

    late = me.post(address, WORDS | {"evidence_piece_id": piece.pk, "seen": hidden(opened_before, "seen")})
    assert late.status_code == 409 and said("evidence.piece_gone") in text_of(late)
    page = me.get(address)
    assert 'name="evidence_piece_id"' not in page.content.decode() + late.content.decode()
    assert me.post(address, {name: value for name, value in WORDS.items() if name != "evidence_piece_id"}
                   | {"seen": hidden(page, "seen")}).status_code == 302

    strength.refresh_from_db()
    assert (strength.statement, strength.evidence_piece_id) == (WORDS["statement"], None)


def test_the_piece_that_another_window_chose_is_told_by_its_name(db):
    person = a_person()
    piece = a_piece(person, "準決勝の観戦記")
    strength = add_strength(by=person, statement="作れます")
    me, address = signed_in(person), f"/me/strength/{strength.pk}/"
    seen = hidden(me.get(address), "seen")
    change_entry(entry=strength, by=person, evidence_piece_id=piece.pk)

    page = me.post(address, WORDS | {"statement": "作れます", "seen": seen}).content.decode()

    theirs = page[page.index('class="theirs'):].partition("</section>")[0]
    assert said("evidence.piece") in theirs and "準決勝の観戦記" in theirs
    assert theirs.count("<strong>") == 1 and f">{piece.pk}<" not in theirs


def test_a_strength_that_is_brought_back_still_opens(db):
    person = a_person()
    piece = a_piece(person)
    strength = add_strength(by=person, statement="作れます", evidence_link="https://example.jp/x", evidence_piece_id=piece.pk)
    me = signed_in(person)
    me.post(f"/me/strength/{strength.pk}/remove/")
    page = me.get("/me/")

    me.post("/me/strength/add/", {name: hidden(page, name) for name in WORDS} | {"brought_back": "1"})

    again = Strength.objects.get()
    assert (again.evidence_link, again.evidence_piece_id) == ("https://example.jp/x", piece.pk)


def applied_with_evidence(job, *titles, shown="everybody") -> list:
    """Somebody applies whose strength and hobby each open; the pieces they name."""
    person = a_person()
    for_strength, for_hobby = (a_piece(person, title, shown=shown) for title in titles)
    add_strength(by=person, statement="作れます", evidence_link="https://example.jp/s", evidence_piece_id=for_strength.pk)
    add_hobby(by=person, topic="観戦", years=4, depth="watching", evidence_link="https://example.org/h", evidence_piece_id=for_hobby.pk)
    a_proposal(job, person)
    return [for_strength, for_hobby]


def test_where_applicants_are_compared_what_shows_a_strength_and_a_hobby_opens(db):
    job = a_job()
    shown = applied_with_evidence(job, "準決勝の観戦記", "ひいきの十年")
    to_clients = applied_with_evidence(job, "応募した相手に見せる棚", "相手への一冊", shown="clients")
    kept = applied_with_evidence(job, "まだ見せない棚", "自分だけの一冊", shown="me")
    client = signed_in(client_of(job))

    page = client.get(f"/jobs/{job.pk}/applicants/").content.decode()

    for one_view in page.split('class="one-by-one'):                       # the table, and the cards of a phone
        assert one_view.count("https://example.jp/s") == one_view.count("https://example.org/h") == 3
        for piece in shown + to_clients:
            assert f'<a href="/portfolio/{piece.pk}/">{said("evidence.piece.see", title=piece.title)}</a>' in one_view
    assert all(client.get(f"/portfolio/{piece.pk}/").status_code == 200 for piece in shown + to_clients)
    assert not any(piece.title in page or f"/portfolio/{piece.pk}/" in page for piece in kept)


def test_what_shows_them_costs_the_same_questions_however_many_apply(db):
    job, counts = a_job(seats_count=9), []
    client = signed_in(client_of(job))
    for _round in range(2):
        applied_with_evidence(job, "一", "二")
        client.get(f"/jobs/{job.pk}/applicants/")
        with CaptureQueriesContext(connection) as questions:
            client.get(f"/jobs/{job.pk}/applicants/")
        counts.append(len(questions))
    assert counts[0] == counts[1]
