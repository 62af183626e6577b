"""The editors' desk of topics: new ones with similar ones beside them, names and readings, merging with what follows, and undoing."""
import pytest

from machi.profiles.actions import add_hobby
from machi.taxonomy.queries import topics_beside
from tests.people import a_job, a_person, a_topic
from tests.web.contracts.walking import queries_of, said, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return at_work("editor")[0]


def test_what_people_brought_waits_with_what_may_be_the_same_beside_it(editor):
    a_topic("サッカ")
    a_topic("みなとの霧笛")

    page = text_of(editor.get("/desk/topics/"))

    assert "サッカ" in page and "サッカー" in page and "みなとの霧笛" in page
    assert "将棋" not in page


@pytest.mark.parametrize("name, other", [
    ("サッカ", "サッカー"), ("サッカー観戦", "サッカー"), ("俳句づくり", "俳句"), ("囲碁将棋", "囲碁")])
def test_similar_topics_are_found(name, other):
    topic = a_topic(name)

    assert other in [near.name for near in topics_beside([topic], at_most=6)[topic.pk]]


def test_a_topic_that_an_editor_gave_as_another_word_for_one_stands_beside_it(editor):
    topic, other = a_topic("警笛"), a_topic("みなとの霧笛")

    editor.post(f"/desk/topics/{other.pk}/", {"name": other.name, "synonyms": "警笛"})

    assert topics_beside([topic], at_most=6)[topic.pk] == [other]


def test_nothing_is_like_what_shares_only_a_letter():
    lonely, beginning = a_topic("霧笛"), a_topic("くらし")         # クラシックカー, another word for 旧車, only begins like it

    beside = topics_beside([lonely, beginning])
    assert beside[lonely.pk] == [] and "旧車" not in [topic.name for topic in beside[beginning.pk]]


def test_an_editor_leaves_a_topic_as_it_is_and_it_waits_no_longer(editor):
    topic = a_topic("みなとの霧笛")

    answer = editor.post(f"/desk/topics/{topic.pk}/leave/", follow=True)

    assert said("desk.topic.left", name="みなとの霧笛") in text_of(answer)
    assert said("desk.topics.none_new") in text_of(editor.get("/desk/topics/"))


def test_an_editor_gives_a_reading_and_other_words(editor):
    topic = a_topic("みなとの霧笛")

    answer = editor.post(f"/desk/topics/{topic.pk}/", {
        "name": "港の霧笛", "reading": "ミナトノムテキ", "name_en": "Foghorns", "synonyms": "汽笛\n\n  警笛  \n汽笛"}, follow=True)

    assert said("desk.topic.saved") in text_of(answer)
    topic.refresh_from_db()
    assert (topic.name, topic.reading, topic.synonyms) == ("港の霧笛", "みなとのむてき", ["汽笛", "警笛"])
    found = text_of(editor.get("/desk/topics/", {"q": "minatono"}))
    assert "港の霧笛" in found and said("desk.topics.found", n=1) in found


@pytest.mark.parametrize("field, typed", [
    ("name", ""), ("name", "・"), ("name", "あ" * 41), ("name", "㍿" * 40), ("name", "🌸"), ("reading", "霧笛"), ("reading", "muteki"),
    ("reading", "あ" * 81), ("name_en", "a" * 61), ("synonyms", "あ" * 41), ("synonyms", "\n".join("あいうえおかきくけこさしす")),
    ("synonyms", "あ" * 5000)])
def test_what_cannot_be_a_name_is_said_beside_it_and_kept(editor, field, typed):
    topic = a_topic("みなとの霧笛")

    right = {"name": "みなとの霧笛", "reading": "", "name_en": "", "synonyms": ""}
    answer = editor.post(f"/desk/topics/{topic.pk}/", right | {field: typed})

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_name_that_is_taken_is_409_and_keeps_what_was_typed(editor):
    topic = a_topic("みなとの霧笛")

    answer = editor.post(f"/desk/topics/{topic.pk}/", {"name": "ｻｯｶｰ", "reading": "むてき", "name_en": "", "synonyms": ""})

    assert answer.status_code == 409 and said("topic.name_taken") in text_of(answer) and 'value="むてき"' in answer.content.decode()


def test_merging_says_what_will_follow_and_does_it(editor):
    topic, into = a_topic("港の霧笛"), a_topic("霧笛")
    both = a_person()
    for one in (topic, into):
        add_hobby(by=both, topic=one.name, years=1, depth="doing")
    a_job(topic=topic.name)

    page = text_of(editor.get(f"/desk/topics/{topic.pk}/merge/", {"into": into.pk}))
    assert said("desk.topic.people.n", n=2) in page and said("desk.topic.posts.n", n=1) in page and said("desk.topic.people.n", n=1) in page
    assert said("desk.topic.merge.both") in page
    done = editor.post(f"/desk/topics/{topic.pk}/merge/", {"into": into.pk}, follow=True)

    assert said("desk.topic.merged", name="港の霧笛", into="霧笛") in text_of(done)
    assert said("desk.topic.ways") in text_of(done)
    assert editor.get(f"/desk/topics/{topic.pk}/").headers["Location"] == f"/desk/topics/{into.pk}/"
    assert "港の霧笛" in text_of(editor.get("/desk/topics/?list=merged"))


def test_a_merge_is_undone_from_the_list_and_from_the_topic(editor):
    topic, into = a_topic("港の霧笛"), a_topic("霧笛")
    editor.post(f"/desk/topics/{topic.pk}/merge/", {"into": into.pk})

    done = editor.post(f"/desk/topics/{topic.pk}/part/", follow=True)

    assert said("desk.topic.parted", name="港の霧笛") in text_of(done)
    again = editor.post(f"/desk/topics/{topic.pk}/part/")
    assert again.status_code == 409 and said("topic.not_merged") in text_of(again)


def test_a_topic_that_was_merged_while_it_was_being_chosen_still_works(editor):
    topic, middle, into = a_topic("港の霧笛"), a_topic("霧笛"), a_topic("笛")
    editor.post(f"/desk/topics/{middle.pk}/merge/", {"into": into.pk})

    assert "笛" in text_of(editor.get(f"/desk/topics/{topic.pk}/merge/", {"into": middle.pk}))
    editor.post(f"/desk/topics/{topic.pk}/merge/", {"into": middle.pk})

    topic.refresh_from_db()
    assert topic.merged_into == into


def test_a_topic_into_itself_is_409(editor):
    topic = a_topic("霧笛")

    assert editor.post(f"/desk/topics/{topic.pk}/merge/", {"into": topic.pk}).status_code == 409
    assert editor.get(f"/desk/topics/{topic.pk}/merge/", {"into": topic.pk}).status_code == 200


@pytest.mark.parametrize("into", ["", "0", "-1", "999999999", "9" * 40, "霧笛", "\0", "1.5"])
def test_what_is_no_topic_is_422(editor, into):
    topic = a_topic("霧笛")

    assert editor.post(f"/desk/topics/{topic.pk}/merge/", {"into": into}).status_code == 422
    assert editor.get(f"/desk/topics/{topic.pk}/merge/", {"into": into}).status_code == 422


@pytest.mark.parametrize("query", [
    {"q": "\0"}, {"q": "%"}, {"q": "あ" * 500}, {"list": "nonsense"}, {"page": "-3"}, {"page": "999"}, {"page": "x"},
    {"q": "<b>", "list": "merged"}, {"q": "𠮷\u202e"}])
def test_no_question_is_too_strange_for_the_list(editor, query):
    assert editor.get("/desk/topics/", query).status_code == 200


def test_the_search_answers_htmx_with_the_list_alone(editor):
    part = editor.get("/desk/topics/", {"q": "sakka"}, headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="found"') and "サッカー" in part


def test_the_list_asks_as_often_however_many_topics_there_are(editor, django_assert_max_num_queries):
    a_topic("港の霧笛")
    before = queries_of(editor, "/desk/topics/", lambda: django_assert_max_num_queries(30))
    for number in range(6):
        a_topic(f"港の霧笛{number}")

    assert queries_of(editor, "/desk/topics/", lambda: django_assert_max_num_queries(30)) == before
