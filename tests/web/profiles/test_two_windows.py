"""My page open in two windows: both texts stay, and nothing is written over."""
import re

import pytest

from machi.accounts.models import User
from machi.profiles.actions import add_skill, add_strength, remove_entry, say_pay, write_profile
from machi.profiles.models import Profile, Strength
from machi.taxonomy.models import Skill
from machi.web.pages.profiles.forms import PayForm
from tests.people import a_person
from tests.web.profiles.test_sections import NAMES, plain, seal_in

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def worker(db, browser) -> User:
    person = a_person("みどり")
    browser.force_login(person)
    return person


@pytest.mark.parametrize("address, first, second, field", [
    ("/me/write/about/", {"about": "一つ目の紹介"}, {"about": "二つ目の紹介"}, "about"),
    ("/me/write/headline/", {"headline": "一つ目"}, {"headline": "二つ目"}, "headline"),
    ("/me/write/conditions/", {"hours": "10", "conditions": "一つ目"}, {"hours": "20", "conditions": "二つ目"}, "conditions"),
    ("/me/write/name/", NAMES, NAMES | {"legal_name": "二つ目"}, "legal_name"),
    ("/me/write/pay/", {"amount_yen": "1111", "is_public": "False"}, {"amount_yen": "2222", "is_public": "False"}, "amount_yen"),
    ("/me/write/availability/", {"standing": "open"}, {"standing": "resting"}, "standing")])
def test_two_windows_keep_both_texts(worker, browser, address, first, second, field):
    one, two = seal_in(browser.get(address)), seal_in(browser.get(address))
    assert browser.post(address, first | {"seen": one}).status_code == 302

    answer = browser.post(address, second | {"seen": two})

    page = plain(answer)
    assert answer.status_code == 409 and "別の画面で保存した内容" in page and "書いたものは残っています" in page
    assert browser.post(address, second | {"seen": seal_in(answer)}).status_code == 302      # the person has seen both, and chose


@pytest.mark.parametrize("typed, differing", [
    ({"amount_yen": "３,０００円"}, ["per"]), ({"amount_yen": "3000", "is_public": "True"}, ["per", "is_public"])])
def test_only_what_differs_is_put_beside_what_was_typed(worker, browser, typed, differing):
    seal = seal_in(browser.get("/me/write/pay/"))
    say_pay(by=worker, amount_yen=3_000, per="piece", is_public=False)

    page = plain(browser.post("/me/write/pay/", {"per": "hour", "tax": "included", "is_public": "False", "seen": seal} | typed))

    theirs = page[page.index('class="theirs'):].partition("</section>")[0]
    assert re.findall(r"<strong>([^<]*)</strong>", theirs) == [str(PayForm.base_fields[name].label) for name in differing]


def test_both_texts_stand_there(worker, browser):
    seal = seal_in(browser.get("/me/write/about/"))
    write_profile(by=worker, about="窓一で書いた文")

    page = plain(browser.post("/me/write/about/", {"about": "窓二で書いた文", "seen": seal}))

    assert "<p>窓一で書いた文</p>" in page and "窓二で書いた文</textarea>" in page and Profile.objects.get().about == "窓一で書いた文"


def test_other_sections_are_in_nobodys_way(worker, browser):
    seal = seal_in(browser.get("/me/write/about/"))
    browser.post("/me/write/headline/", {"headline": "別の欄"})

    assert browser.post("/me/write/about/", {"about": "紹介", "seen": seal}).status_code == 302


def test_the_same_words_twice_are_no_conflict(worker, browser):
    seal = seal_in(browser.get("/me/write/about/"))
    browser.post("/me/write/about/", {"about": "同じ", "seen": seal})

    assert browser.post("/me/write/about/", {"about": "同じ", "seen": seal}).status_code == 302


def test_two_windows_on_one_entry(worker, browser):
    entry = add_strength(by=worker, statement="元の強み")
    address = f"/me/strength/{entry.pk}/"
    seal = seal_in(browser.get(address))
    browser.post(address, {"statement": "窓一の強み", "seen": seal})

    answer = browser.post(address, {"statement": "窓二の強み", "evidence": "裏づけ", "seen": seal})

    assert answer.status_code == 409 and "窓一の強み" in plain(answer) and 'value="窓二の強み"' in plain(answer)
    assert Strength.objects.get().statement == "窓一の強み"


def test_an_entry_that_the_other_window_removed_is_not_lost(worker, browser):
    entry, other = add_strength(by=worker, statement="元の強み"), add_strength(by=worker, statement="別の強み")
    for gone in (entry, other):                     # the last that was removed is another one
        browser.post(f"/me/strength/{gone.pk}/remove/")

    answer = browser.post(f"/me/strength/{entry.pk}/", {"statement": "書き直した強み"})

    assert answer.status_code == 409 and "別の画面で消してありました" in plain(answer) and 'value="書き直した強み"' in plain(answer)
    assert 'action="/me/strength/add/#strength"' in plain(answer)


def test_what_another_device_removed_is_not_lost_and_nobody_else_learns_of_it(worker, browser):
    skill = add_skill(by=worker, skill=Skill.objects.order_by("code").first(), level="alone")
    address, other_kind = f"/me/skill/{skill.pk}/", f"/me/hobby/{skill.pk}/"
    remove_entry(entry=skill, by=worker)

    typed = {"skill": "校正", "level": "teaching"}
    assert browser.post(address, typed).status_code == 409
    assert browser.get(address).status_code == browser.post(other_kind, typed).status_code == 404
    browser.force_login(a_person())
    assert browser.post(address, typed).status_code == 404
