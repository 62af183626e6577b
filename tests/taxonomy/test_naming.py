"""A topic that somebody types by another of its names is that topic: a hobby and a post meet, however each was written (F10, F23, F25)."""
import pytest

from machi.matching.queries import why_it_fits
from machi.portfolio.actions import add_piece
from machi.profiles.actions import add_hobby, tell_from_the_heart
from machi.shared.errors import DomainError
from machi.taxonomy.actions import describe_topic, merge_topics, topic_named
from machi.taxonomy.models import Topic
from tests.people import a_job, a_person, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed, name", [
    ("やきゅう", "野球"), ("ﾔｷｭｳ", "野球"), ("Baseball", "野球"), ("しょうぎ", "将棋"), ("shogi", "将棋"), ("フットボール", "サッカー"),
    ("蹴球", "サッカー"), ("soccer", "サッカー"), ("ネコ", "猫"), ("High-school baseball", "高校野球")])
def test_a_topic_is_known_by_its_reading_its_english_name_and_other_words_for_it(typed, name):
    before = Topic.objects.count()

    assert topic_named(typed).name == name and Topic.objects.count() == before


def test_the_first_answer_of_a_newcomer_finds_the_jobs_about_it():
    job, worker = a_job(topic="サッカー"), a_person()

    tell_from_the_heart(by=worker, words="フットボール", how="watching", years=10)

    assert why_it_fits(job, worker)[0].aspect == "knowledge"


def test_a_post_and_a_piece_name_the_same_row():
    topic = Topic.objects.get(name="将棋")

    assert a_job(topic="しょうぎ").topic == topic
    assert add_piece(by=a_person(), title="観戦記", part="全文", topics=["Shogi", "将棋"]).piece_topics.get().topic == topic


@pytest.mark.parametrize("typed", ["かがく", "サッカ", "C++", "⚽", "サッカー選手", "クワガタ"])
def test_what_may_mean_two_or_only_sounds_alike_stays_as_it_was_typed(typed):
    """かがく is 化学 and 科学; サッカ may be 作家; whoever keeps クワガタ keeps no カブトムシ."""
    topic_named("C")

    topic = topic_named(typed)

    assert (topic.name, topic.origin) == (typed, "person") and topic_named(typed) == topic


def test_the_name_of_a_topic_goes_before_another_word_for_a_topic():
    own = topic_named("港の汽笛")
    describe_topic(topic=topic_named("霧笛"), by=a_staff_member("editor"), name="霧笛", synonyms=["港の汽笛"])

    assert topic_named("港の汽笛") == own


def test_another_name_of_a_merged_topic_leads_on():
    editor, topic, into = a_staff_member("editor"), topic_named("港の汽笛"), topic_named("霧笛")
    describe_topic(topic=topic, by=editor, name=topic.name, reading="みなとのきてき")
    merge_topics(topic=topic, into=into, by=editor)

    assert topic_named("みなとのきてき") == into


def test_somebody_who_has_a_topic_and_types_its_reading_is_told_so():
    person = a_person()
    add_hobby(by=person, topic="野球", years=3, depth="doing")

    with pytest.raises(DomainError):
        add_hobby(by=person, topic="やきゅう", years=5, depth="doing")
