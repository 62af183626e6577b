"""Topics become one while somebody is writing about them: what they typed is kept, and nobody hears of a window that was not there."""
import pytest

from machi.activity.models import Fact
from machi.portfolio.actions import add_piece, lead_pieces
from machi.profiles.actions import add_hobby, change_entry
from machi.profiles.actions.topics import lead_hobbies
from machi.profiles.models import Hobby
from machi.taxonomy import facts
from machi.taxonomy.actions import merge_topics, topic_named
from machi.taxonomy.following import hand_on
from tests.people import a_person, a_staff_member
from tests.web.contracts.walking import hidden, said, signed_in, text_of

pytestmark = pytest.mark.django_db
TYPED = {"topic": "港の汽笛", "years": "9", "depth": "doing", "note": "朝の港で録音します。"}


@pytest.fixture
def person():
    return a_person()


def become_one(name: str = "港の汽笛", into: str = "汽笛") -> None:
    merge_topics(topic=topic_named(name), into=topic_named(into), by=a_staff_member("editor"))
    for fact in Fact.objects.filter(name__in=facts.CHANGED).order_by("pk"):
        for lead in (lead_hobbies, lead_pieces):
            hand_on(fact, lead)


def test_a_note_is_saved_though_its_topic_was_merged_while_it_was_typed(person):
    hobby, me = add_hobby(by=person, topic="港の汽笛", years=9, depth="doing"), signed_in(person)
    window = TYPED | {"seen": hidden(me.get(f"/me/hobby/{hobby.pk}/"), "seen")}
    become_one()

    assert me.post(f"/me/hobby/{hobby.pk}/", window).status_code == 302

    hobby.refresh_from_db()
    assert (hobby.note, hobby.topic.name, hobby.topic_before.own_name) == (TYPED["note"], "汽笛", "港の汽笛")


def test_another_topic_in_another_window_is_still_another_window(person):
    hobby, me = add_hobby(by=person, topic="港の汽笛", years=9, depth="doing"), signed_in(person)
    window = TYPED | {"seen": hidden(me.get(f"/me/hobby/{hobby.pk}/"), "seen")}
    change_entry(entry=hobby, by=person, topic="園芸")

    assert me.post(f"/me/hobby/{hobby.pk}/", window).status_code == 409


def test_a_line_that_became_part_of_another_opens_that_one_with_both_texts(person):
    kept = add_hobby(by=person, topic="汽笛", years=3, depth="doing", note="古い船の汽笛です。")
    gone, me = add_hobby(by=person, topic="港の汽笛", years=9, depth="doing"), signed_in(person)
    address = f"/me/hobby/{gone.pk}/"
    window = TYPED | {"seen": hidden(me.get(address), "seen")}
    become_one()

    answer = me.post(address, window)

    assert answer.status_code == 409 and said("me.joined") in text_of(answer)
    assert TYPED["note"] in answer.content.decode() and "古い船の汽笛です。" in text_of(answer)
    assert f'action="/me/hobby/{kept.pk}/#hobby"' in answer.content.decode()
    assert me.post(f"/me/hobby/{kept.pk}/", window | {"seen": hidden(answer, "seen")}).status_code == 302
    assert [(hobby.pk, hobby.topic.name, hobby.note) for hobby in Hobby.objects.all()] == [(kept.pk, "汽笛", TYPED["note"])]
    assert signed_in(a_person()).post(address, window).status_code == 404


def test_two_lines_that_stay_two_are_both_written_anew(person):
    one, other = (add_hobby(by=person, topic=name, years=3, depth="doing", note=name[0] * 300) for name in ("汽笛", "港の汽笛"))
    me = signed_in(person)
    become_one()

    for hobby in (one, other):
        window = TYPED | {"topic": "汽笛", "note": f"{hobby.pk}の文", "seen": hidden(me.get(f"/me/hobby/{hobby.pk}/"), "seen")}
        assert me.post(f"/me/hobby/{hobby.pk}/", window).status_code == 302

    assert [hobby.note for hobby in Hobby.objects.order_by("pk")] == [f"{one.pk}の文", f"{other.pk}の文"]


def test_a_piece_is_saved_though_its_topic_was_merged_while_it_was_typed(person):
    piece, me = add_piece(by=person, title="録音", part="全部", topics=["港の汽笛"]), signed_in(person)
    address = f"/portfolio/{piece.pk}/change/"
    window = {"title": "録音と文", "part": "全部", "topics": "港の汽笛", "shown": "everybody", "seen": hidden(me.get(address), "seen")}
    become_one()

    assert me.post(address, window).status_code == 302
