"""Services on the screen: prepared, opened, found by anybody, asked for with one short form."""
import re

import pytest
from django.test import Client

from machi.accounts.actions import act_for
from machi.accounts.models import Membership, Party
from machi.accounts.queries import party_of
from machi.contracts.models import Offer
from machi.packages.actions import WORDS, change_package, pause_package
from machi.packages.models import Package
from machi.shared import clock
from tests.people import a_client, a_member, a_package, a_person, an_order, an_organisation, client_of, membership_of
from tests.web.contracts.walking import hidden, queries_of, said, signed_in, text_of

WRITTEN = {"title": "一時間の取材と記事", "category": "writing", "body": "取材と記事を1本。", "needs": "", "price_yen": "１０,０００円",
           "days_count": "14日", "revisions_count": "2", "place": "自宅など、どこでも", "sync": "none", "sync_note": "", "ai": "declared",
           "rights": "transferred"}


def order_form(browser, package) -> dict:
    page = browser.get(f"/packages/{package.pk}/order/", follow=True)
    return {name: hidden(page, name) for name in ("key", "version", "client")}


def test_somebody_prepares_a_service_opens_it_and_pauses_it(db):
    worker = signed_in(a_person("べに"))

    draft = worker.post("/packages/new/", WRITTEN)
    package = Package.objects.get()
    assert draft.url == f"/packages/{package.pk}/" and Client().get(draft.url).status_code == 404
    opened = worker.post(f"/packages/{package.pk}/open/", follow=True)
    assert said("package.opened") in text_of(opened) and said("package.state.open") in text_of(opened)
    assert "一時間の取材と記事" in text_of(Client().get("/packages/")) and "8,580円" in text_of(Client().get(f"/packages/{package.pk}/"))
    paused = worker.post(f"/packages/{package.pk}/pause/", follow=True)

    assert said("package.paused") in text_of(paused) and Client().get(f"/packages/{package.pk}/").status_code == 404


def test_what_is_missing_is_said_next_to_its_field_and_everything_stays(db):
    worker = signed_in(a_person())

    answer = worker.post("/packages/new/", WRITTEN | {"price_yen": "ただ", "days_count": "0", "title": "  "})

    assert answer.status_code == 422 and not Package.objects.exists()
    text = answer.content.decode()
    assert said("yen.not_a_number") in text and said("count.out_of_range", least=1, most=120) in text and "取材と記事を1本。" in text


def test_two_windows_meet_and_both_texts_are_shown(db):
    package = a_package()
    worker = signed_in(package.worker)
    seen = hidden(worker.get(f"/packages/{package.pk}/change/"), "seen")
    worker.post(f"/packages/{package.pk}/change/", WRITTEN | {"seen": seen, "title": "先の名前"})

    answer = worker.post(f"/packages/{package.pk}/change/", WRITTEN | {"seen": seen, "title": "あとの名前"})

    assert answer.status_code == 409 and "先の名前" in text_of(answer) and "あとの名前" in answer.content.decode()
    package.refresh_from_db()
    assert package.title == "先の名前"


def test_a_client_asks_and_the_worker_reads_the_frozen_terms(db):
    package, client = a_package(), a_client()
    browser = signed_in(client)
    form = order_form(browser, package)

    answer = browser.post(f"/packages/{package.pk}/order/", form | {"words": "会報にのせます。"})

    offer = Offer.objects.get()
    assert answer.url == f"/offers/{offer.pk}/"
    assert said("offer.now.client") in text_of(browser.get(answer.url))
    for words in ("会報にのせます。", "話を聞ける方", "10,000円", offer.terms_hash, said("offer.now.worker")):
        assert words in text_of(signed_in(package.worker).get(answer.url))


def test_pressed_twice_it_is_one_order_and_from_a_new_page_another(db):
    package, client = a_package(), a_client()
    browser = signed_in(client)
    form = order_form(browser, package) | {"words": "会報にのせます。"}

    first, second = (browser.post(f"/packages/{package.pk}/order/", form) for _time in range(2))
    third = browser.post(f"/packages/{package.pk}/order/", order_form(browser, package) | {"words": "会報にのせます。"})

    assert first.url == second.url != third.url and Offer.objects.count() == 2


def test_pressing_back_and_sending_once_more_leads_to_the_order_that_was_made(db):
    package, browser = a_package(), signed_in(a_client())
    address = f"/packages/{package.pk}/order/"
    page = browser.get(address, follow=True)
    form = {name: hidden(page, name) for name in ("key", "version", "client")} | {"words": "会報にのせます。"}
    order = browser.post(address, form).url

    back = browser.get(page.wsgi_request.get_full_path())               # no browser keeps the page: it is asked for once more

    assert back.url == order == browser.post(address, form).url and Offer.objects.count() == 1
    assert browser.get(address, follow=True).status_code == 200, "and from the page of the service another one begins"


def test_the_same_form_with_other_words_loses_none_of_them(db):
    package, browser = a_package(), signed_in(a_client())
    form = order_form(browser, package)
    address = f"/packages/{package.pk}/order/"
    browser.post(address, form | {"words": "会報にのせます。"})

    answer = browser.post(address, form | {"words": "会報と、区の広報にのせます。"})

    assert answer.status_code == 409 and said("message.form_old") in text_of(answer) and "区の広報" in text_of(answer)
    again = {name: hidden(answer, name) for name in form} | {"words": "会報と、区の広報にのせます。"}
    assert browser.post(address, again).status_code == 302
    assert [offer.terms["order"] for offer in Offer.objects.order_by("pk")] == ["会報にのせます。", "会報と、区の広報にのせます。"]


def test_an_order_goes_out_in_the_name_in_which_its_form_was_opened(db):
    package, person, party = a_package(), a_client(), an_organisation()
    a_member(party, "approver", user=person)
    act_for(party=party.pk, by=person)
    browser = signed_in(person)
    address = f"/packages/{package.pk}/order/"
    assert said("package.order.as", party=party.name) in text_of(browser.get(address, follow=True))
    form = order_form(browser, package) | {"words": "会報にのせます。"}
    act_for(party=party_of(person).pk, by=person)

    assert browser.post(address, form).status_code == 302 and Offer.objects.get().client == party


def test_whoever_left_the_organisation_meanwhile_sends_nothing_in_another_name_unseen(db):
    package, person, party = a_package(), a_client(), an_organisation()
    membership = membership_of(party, a_member(party, "approver", user=person))
    act_for(party=party.pk, by=person)
    browser = signed_in(person)
    form = order_form(browser, package) | {"words": "会報にのせます。"}
    Membership.objects.filter(pk=membership.pk).update(left_at=clock.now())

    answer = browser.post(f"/packages/{package.pk}/order/", form)

    assert answer.status_code == 422 and "会報にのせます。" in text_of(answer) and not Offer.objects.exists()
    assert hidden(answer, "client") == str(party_of(person).pk)


@pytest.mark.parametrize("key", ["", "\x00", "a" * 41, "<b>", "ａ", "../../x", "a b"])
def test_a_key_that_nobody_gave_is_another_one(db, key):
    package, browser = a_package(), signed_in(a_client())

    page = browser.get(f"/packages/{package.pk}/order/", {"key": key}, follow=True)

    assert page.redirect_chain and hidden(page, "key") not in ("", key)


def test_a_service_that_changed_meanwhile_is_shown_anew_with_what_was_typed(db):
    package, client = a_package(), a_client()
    browser = signed_in(client)
    form = order_form(browser, package) | {"words": "会報にのせます。"}
    change_package(package=package, by=package.worker, **{name: getattr(package, name) for name in WORDS} | {"price_yen": 20_000})

    answer = browser.post(f"/packages/{package.pk}/order/", form)

    assert answer.status_code == 409 and not Offer.objects.exists()
    assert said("package.changed_meanwhile") in text_of(answer) and "22,000円" in text_of(answer) and "会報にのせます。" in text_of(answer)
    again = {name: hidden(answer, name) for name in ("key", "version", "client")} | {"words": "会報にのせます。"}
    assert browser.post(f"/packages/{package.pk}/order/", again).status_code == 302


def test_whoever_asks_for_the_first_time_says_who_they_are_once(db):
    package, somebody = a_package(), a_person("のぞみ")
    browser = signed_in(somebody)
    form = order_form(browser, package) | {"words": "会報にのせます。"}
    assert browser.post(f"/packages/{package.pk}/order/", form).status_code == 422

    browser.post(f"/packages/{package.pk}/order/", form | {
        "name": "のぞみ商店", "address": "東京都港区1-1", "contact": "nozomi@example.jp", "trade": "sole"})

    assert Offer.objects.get().terms["client_name"] == party_of(somebody).name == "のぞみ商店"
    assert said("client.address.label") not in text_of(browser.get(f"/packages/{package.pk}/order/", follow=True))


def test_it_stands_on_the_public_page_and_only_while_it_is_open(db):
    package = a_package()
    page = f"/people/{package.worker_id}/"

    assert package.title in text_of(Client().get(page))
    signed_in(package.worker).post(f"/packages/{package.pk}/pause/")

    assert package.title not in text_of(signed_in(a_person()).get(page))


def test_the_list_asks_as_many_questions_with_three_as_with_twenty(db, django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(12)
    for _number in range(3):
        a_package()
    few = queries_of(signed_in(a_person()), "/packages/?q=取材", counted)
    for _number in range(17):
        a_package()

    assert queries_of(signed_in(a_person()), "/packages/?q=取材", counted) == few


def test_what_nobody_can_search_for_still_finds_the_list(db):
    a_package()

    for asked in ("?page=0", "?page=99999", "?page=x", "?category=nothing", "?q=%00%F0%9F%98%80", "?q=" + "あ" * 500):
        assert Client().get(f"/packages/{asked}").status_code == 200


def test_a_list_of_contracts_and_the_home_page_know_a_service_that_was_asked_for(db):
    offer = an_order()

    for browser in (signed_in(offer.worker), signed_in(client_of(offer))):
        assert offer.package.title in text_of(browser.get("/contracts/"))
    assert offer.package.title in text_of(signed_in(offer.worker).get("/home/"))


def test_a_form_that_lost_its_key_is_given_another_and_keeps_the_words(db):
    package = a_package()
    browser = signed_in(a_client())

    answer = browser.post(f"/packages/{package.pk}/order/", {"words": "会報にのせます。", "version": "1"})

    assert answer.status_code == 422 and "会報にのせます。" in text_of(answer)
    assert re.search('name="key" value="[^"]{20,}"', answer.content.decode())


def test_words_that_must_be_changed_stand_beside_their_field_until_they_are(db):
    worker = signed_in(a_person("べに"))
    worker.post("/packages/new/", WRITTEN | {"body": "くわしくはLINEで連絡してください。"})
    package = Package.objects.get()

    stopped = worker.post(f"/packages/{package.pk}/open/")

    page = stopped.content.decode()
    assert stopped.status_code == 422 and 'id="id_body_error"' in page and "街の外の連絡先は載せられません" in text_of(stopped)
    assert "くわしくはLINEで連絡してください。" in page and Client().get(f"/packages/{package.pk}/").status_code == 404
    form = WRITTEN | {"seen": hidden(stopped, "seen")}
    assert worker.post(f"/packages/{package.pk}/change/", form).status_code == 302
    worker.post(f"/packages/{package.pk}/open/")
    assert Client().get(f"/packages/{package.pk}/").status_code == 200
    again = worker.post(f"/packages/{package.pk}/change/", WRITTEN | {
        "seen": hidden(worker.get(f"/packages/{package.pk}/change/"), "seen"), "needs": "35歳までの方"})
    assert again.status_code == 422 and "年齢で働く人を分けません" in text_of(again)
    package.refresh_from_db()
    assert package.needs == "" and package.is_open


def test_what_somebody_wrote_stays_when_the_service_is_paused_meanwhile(db):
    package = a_package()
    client = signed_in(a_client())
    form = order_form(client, package)
    pause_package(package=package, by=package.worker)

    answer = client.post(f"/packages/{package.pk}/order/", form | {"words": "会報に、祖母のことを。"})

    assert answer.status_code == 409 and said("package.order.refused") in text_of(answer) and "会報に、祖母のことを。" in text_of(answer)
    assert package.body not in text_of(answer) and not Offer.objects.exists()
    assert client.get(f"/packages/{package.pk}/order/").status_code == 404
    draft = a_package(opened=False)
    assert client.post(f"/packages/{draft.pk}/order/", form | {"words": "あ"}).status_code == 404


def test_of_an_organisation_nobody_fills_in_who_it_is_for_nothing(db):
    party = an_organisation()
    Party.objects.filter(pk=party.pk).update(address="", contact="")
    approver = a_member(party, "approver")
    act_for(party=party.pk, by=approver)
    package = a_package()

    page = signed_in(approver).get(f"/packages/{package.pk}/order/", follow=True)

    assert page.redirect_chain[-1][0] == f"/packages/{package.pk}/" and said("package.order.who") in text_of(page)
    keeper = party.people("keeper")[0]
    act_for(party=party.pk, by=keeper)
    assert 'name="address"' in signed_in(keeper).get(f"/packages/{package.pk}/order/", follow=True).text
