"""A person as everybody sees them (F20, F27, F74, F79)."""
import datetime

import pytest
from django.test import Client

from machi.accounts.models import User
from machi.privacy.actions import close_account
from machi.profiles.actions import add_career, add_hobby, add_strength, write_profile
from machi.reviews.actions import say_thanks, write_review
from machi.shared import clock
from tests.people import a_contract, a_person, client_of


def page_of(browser, person) -> str:
    """A stranger's page is kept for some seconds: here a stranger comes with a new browser each time."""
    visitor = browser if "sessionid" in browser.cookies else Client()
    return visitor.get(f"/people/{person.pk}/").content.decode().replace("<wbr>", "")


@pytest.fixture
def midori(db) -> User:
    person = a_person("みどり")
    write_profile(by=person, headline="試合を見ていない人にも伝わる文を書きます", about="一段目\n\n二段目", conditions="文字だけ")
    add_strength(by=person, statement="手順書が書けます", evidence="記録を8年", hand_me="説明文の書き直し")
    add_hobby(by=person, topic="サッカー", years=10, depth="watching", note="試合ノート")
    add_career(by=person, role="ライター", years=3)
    return person


def test_what_one_can_hand_somebody_stands_before_where_they_were(midori, browser):
    page = page_of(browser, midori)

    order = ("みどりさん", "手順書が書けます", "だから：説明文の書き直し", "趣味と、詳しい題材", "ライター")
    places = [page.index(words) for words in order]
    assert places == sorted(places) and "裏づけ：記録を8年" in page and "10年" in page and "試合ノート" in page


def test_nothing_personal_stands_there(midori, browser):
    page = page_of(browser, midori)

    assert midori.email not in page and midori.email.partition("@")[0] not in page
    assert "歳" not in page.partition("<main")[2]


def test_what_was_counted_and_what_is_said_stand_apart(midori, browser):
    page = page_of(browser, midori)
    assert "この街での実績" in page and "まだありません。実績は、最初の検収から始まります" in page
    assert "（自己申告）。街は確かめていません" in page

    a_contract(worker=midori, accepted=True)
    page = page_of(browser, midori)

    assert "1件のうち1件" in page and "実績1件" in page and "記事・ライティング：1件" in page


def test_thanks_stand_with_the_work_they_came_from(midori, browser):
    contract = a_contract(worker=midori, accepted=True, title="春の開幕記事")
    say_thanks(contract=contract, by=client_of(contract), text="目に浮かびました。")

    page = page_of(browser, midori)

    assert "目に浮かびました。" in page and "春の開幕記事" in page and "みなと地域スポーツ応援会" in page


def test_a_review_is_read_by_nobody_before_both_are_open(midori, browser):
    contract = a_contract(worker=midori, accepted=True)
    write_review(contract=contract, by=client_of(contract), again="yes", text="流れのわかる文でした。")
    assert "流れのわかる文でした" not in page_of(browser, midori)

    write_review(contract=contract, by=midori, again="yes")

    assert "流れのわかる文でした" in page_of(browser, midori) and "また一緒に働きたい" in page_of(browser, midori)


def test_an_empty_page_answers_kindly(db, browser):
    person = a_person("みどり")

    assert "書くことは、仕事をする力とは別です" in page_of(browser, person)

    browser.force_login(person)
    assert "一行書くと、ここに出ます" in page_of(browser, person)


def test_somebody_without_a_name_is_not_named_by_their_address(db, browser):
    person = a_person()
    User.objects.filter(pk=person.pk).update(display_name="", email="secret.person@example.jp")

    page = page_of(browser, person)

    assert "secret" not in page and f"住人{person.pk}さん" in page


def test_own_page_leads_back_to_the_editor_and_others_do_not(midori, browser):
    assert "マイページで直す" not in page_of(browser, midori)

    browser.force_login(midori)
    assert "マイページで直す" in page_of(browser, midori)


@pytest.mark.parametrize("number", ["0", "987654321", "99999999999999999999999999"])
def test_nobody_lives_there(db, browser, number):
    assert browser.get(f"/people/{number}/").status_code == 404


def test_somebody_who_is_gone_answers_like_somebody_who_never_was(midori, browser):
    User.objects.filter(pk=midori.pk).update(is_active=False)

    assert browser.get(f"/people/{midori.pk}/").status_code == 404


def test_it_can_be_printed_as_a_sheet(midori, browser):
    page = page_of(browser, midori)

    assert 'class="cv"' in page and "mypage.css" in page and "に印刷。もとのページ：" in page


def test_much_praise_asks_no_more_questions(midori, browser, django_assert_num_queries, django_assert_max_num_queries):
    praised(midori)
    with django_assert_max_num_queries(14) as few:
        page_of(browser, midori)
    with clock.moved(by=datetime.timedelta(days=1)):
        praised(midori)
        praised(midori)

    with django_assert_num_queries(len(few)):
        page_of(browser, midori)


def test_five_reviews_stand_there_and_a_link_leads_to_all_of_them(midori, browser):
    for number in range(6):
        praised(midori, f"よい文でした{number}")
    address = f"/people/{midori.pk}/reviews/"

    page = page_of(browser, midori)
    assert [f"よい文でした{number}" in page for number in range(6)] == [False, *[True] * 5] and f'href="{address}"' in page
    everything = browser.get(address).text
    assert all(f"よい文でした{number}" in everything for number in range(6)) and "みどりさんへの評価" in everything
    assert browser.get(f"{address}?page=99").status_code == 200, "a page that is not there is the last one"


def test_twenty_thanks_stand_there_and_a_link_leads_to_all_of_them(midori, browser):
    for number in range(21):
        thanked(midori, f"ありがとう{number:02}")
    address = f"/people/{midori.pk}/thanks/"

    page = page_of(browser, midori)
    assert "ありがとう00" not in page and "ありがとう01" in page and f'href="{address}"' in page
    newest, oldest = browser.get(address).text, browser.get(f"{address}?page=2").text
    assert "ありがとう01" in newest and "ありがとう00" in oldest and "みどりさんに届いたありがとう" in oldest
    assert browser.get(f"{address}?page=99").status_code == 200, "a page that is not there is the last one"


def test_my_page_shows_three_thanks_and_leads_to_all_of_them(midori, browser):
    for number in range(4):
        thanked(midori, f"ありがとう{number}")
    browser.force_login(midori)

    page = browser.get("/me/").text
    assert "ありがとう0" not in page and "ありがとう1" in page and f'href="/people/{midori.pk}/thanks/"' in page


def test_who_has_no_thanks_has_an_empty_page_of_them_and_who_has_left_has_none(midori, browser):
    address = f"/people/{midori.pk}/thanks/"
    assert "ありがとうは、まだ届いていません" in browser.get(address).text and address not in page_of(browser, midori)

    close_account(by=midori)
    assert Client().get(address).status_code == 404


def test_who_has_no_reviews_has_an_empty_page_of_them_and_who_has_left_has_none(midori, browser):
    address = f"/people/{midori.pk}/reviews/"
    assert "評価は、まだありません" in browser.get(address).text and address not in page_of(browser, midori)

    close_account(by=midori)
    assert Client().get(f"{address}?page=1").status_code == 404


def thanked(worker, text: str) -> None:
    contract = a_contract(worker=worker, accepted=True)
    say_thanks(contract=contract, by=client_of(contract), text=text)


def praised(worker, text: str = "よい文でした。") -> None:
    contract = a_contract(worker=worker, accepted=True)
    say_thanks(contract=contract, by=client_of(contract), text="ありがとうございました。")
    write_review(contract=contract, by=client_of(contract), again="yes", text=text)
    write_review(contract=contract, by=worker, again="yes")
