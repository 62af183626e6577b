"""Services that somebody has prepared: written, opened, found, paused; never more than twenty."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts.queries import track_record
from machi.jobs.errors import WordsStopped
from machi.packages.actions import WORDS, change_package, open_package, pause_package, write_package
from machi.packages.models import AT_MOST, Package
from machi.packages.queries import PAGE, open_packages_of, search_packages
from machi.privacy.actions import close_account
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal, values_of
from machi.taxonomy.models import Category
from tests.people import a_package, a_person


def words_of(package, **other):
    return {name: getattr(package, name) for name in WORDS} | other


def found(words="", category="", page=1):
    return [row.pk for row in search_packages(words, category, page=page).rows]


def test_a_package_is_nobody_elses_until_it_is_opened(db):
    package = a_package(opened=False)

    assert found() == [] and not Package.objects.visible_to(a_person()).exists()
    open_package(package=package, by=package.worker)
    assert found() == [package.pk] and [row.pk for row in open_packages_of(package.worker_id)] == [package.pk]
    pause_package(package=package, by=package.worker)
    assert found() == [] and Package.objects.visible_to(package.worker).exists()


def test_a_package_is_found_by_every_word_in_it_and_by_its_kind(db):
    article = a_package()
    picture = a_package(title="港の写真を十枚", body="夕方の港で撮ります。", category=Category.objects.get(pk="photo"))

    assert found("取材") == [article.pk] and found("夕方　港") == [picture.pk] and found("港 取材") == []
    assert found(category="photo") == [picture.pk] and found("取材", "photo") == []
    assert found() == [picture.pk, article.pk]


def test_whoever_leaves_takes_their_packages_off_the_list(db):
    package = a_package()

    close_account(by=package.worker)

    assert found() == [] and not Package.objects.visible_to(a_person()).exists()


def test_a_page_of_the_list_is_one_question_however_many_there_are(db):
    worker = a_person()
    for number in range(AT_MOST):
        a_package(worker, title=f"記事{number}")
    others = [a_package(title=f"別の記事{number}") for number in range(3)]

    with CaptureQueriesContext(connection) as asked:
        first, second = search_packages(page=1), search_packages(page=2)

    assert len(asked) == 2
    assert len(first.rows) == PAGE and first.has_more and len(second.rows) == 3 and not second.has_more
    assert {row.pk for row in first.rows} >= {package.pk for package in others}


def test_there_are_twenty_at_most_and_the_same_draft_is_there_once(db):
    worker = a_person()
    packages = [a_package(worker, opened=False, title=f"記事{number}") for number in range(AT_MOST)]

    again = write_package(by=worker, **words_of(packages[0]))

    assert again == packages[0]
    with pytest.raises(DomainError):
        a_package(worker, title="もう一つ")
    assert Package.objects.filter(worker=worker).count() == AT_MOST


def test_nobody_changes_the_package_of_somebody_else(db):
    package = a_package()

    for deed in (open_package, pause_package, lambda package, by: change_package(package=package, by=by, **words_of(package))):
        with pytest.raises(DomainError):
            deed(package=package, by=a_person())
    package.refresh_from_db()
    assert package.state == "open" and package.version == 1


def test_two_windows_on_one_package_do_not_write_over_each_other(db):
    package = a_package()
    seen = seal(values_of(package, WORDS))
    change_package(package=package, by=package.worker, seen=seen, **words_of(package, title="先に直した名前"))

    with pytest.raises(Overtaken):
        change_package(package=package, by=package.worker, seen=seen, **words_of(package, title="あとの名前"))

    package.refresh_from_db()
    assert package.title == "先に直した名前" and package.version == 2 and found("先に直した") == [package.pk]


def test_a_package_is_no_track_record(db):
    package = a_package()

    assert track_record(package.worker).completed_count == 0
    assert package.opened_at <= clock.now() + datetime.timedelta(seconds=1)


@pytest.mark.parametrize(("field", "words"), [
    ("title", "誰でも簡単に稼げる方法を教えます"), ("body", "くわしくはLINEで連絡してください。"), ("needs", "35歳までの女性に限ります。"),
    ("place", "電話 090-1234-5678"), ("sync_note", "続きはカカオトークで話しましょう")])
def test_words_that_no_post_may_hold_keep_a_service_a_draft(db, field, words):
    package = a_package(opened=False, **{field: words})

    with pytest.raises(WordsStopped) as told:
        open_package(package=package, by=package.worker)

    package.refresh_from_db()
    assert set(told.value.found) == {field} and package.state == "draft" and package.opened_at is None and found() == []


def test_an_open_service_keeps_its_old_words_where_new_ones_are_stopped(db):
    package = a_package()

    with pytest.raises(WordsStopped):
        change_package(package=package, by=package.worker, **words_of(package, body="続きはLINEで連絡してください。"))

    package.refresh_from_db()
    assert package.body == "1時間の取材と、1,500字の記事を1本。" and package.version == 1


def test_a_paused_service_is_read_again_before_it_opens(db):
    package = a_package()
    pause_package(package=package, by=package.worker)
    change_package(package=package, by=package.worker, **words_of(package, body="続きはLINEで連絡してください。"))

    with pytest.raises(WordsStopped):
        open_package(package=package, by=package.worker)

    assert found() == []


def test_what_stood_in_an_open_service_before_a_rule_may_stay(db):
    package = a_package()
    Package.objects.filter(pk=package.pk).update(body="続きはLINEで連絡してください。")
    package.refresh_from_db()

    change_package(package=package, by=package.worker, **words_of(package, title="取材の記事"))

    package.refresh_from_db()
    assert package.title == "取材の記事"


@pytest.mark.parametrize("body", [
    "お試しの添削は1回無料です。", "追加の直しは1回500円をいただきます。材料費は別にお支払いください。",
    "シフト表を毎週お作りします。時給の計算もします。",
    "講座の台本を作ります。まずは無料相談にお申し込みください。", "女性誌のような記事を書きます。"])
def test_what_a_worker_sells_is_not_what_a_post_may_not_ask(db, body):
    assert a_package(body=body).state == "open"
