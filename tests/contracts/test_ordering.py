"""A service that is asked for becomes an offer with frozen terms, and goes the way of every other offer."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.accounts.models import Party
from machi.accounts.queries import party_of
from machi.activity.models import Fact
from machi.contracts.actions import accept_delivery, accept_offer, change_offer, deliver, expire_offers, fund, order_package, refuse_offer
from machi.contracts.actions.ordering import WAITING_AT_MOST
from machi.contracts.invariants import broken
from machi.contracts.models import Contract, Offer
from machi.contracts.papers import terms_rows
from machi.contracts.prices import guide_to
from machi.contracts.queries import newest_version, track_record
from machi.contracts.terms import NINE_ITEMS, fingerprint
from machi.notifications.models import Notice
from machi.packages.actions import WORDS, change_package, pause_package
from machi.payments.models import Earning
from machi.reviews.actions import issue_record
from machi.reviews.portable import credential
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.people import a_client, a_contract, a_member, a_package, a_person, an_order, an_organisation, client_of

DAY = datetime.timedelta(days=1)


def agreed(offer: Offer) -> Contract:
    return accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def done(offer: Offer) -> Contract:
    contract = fund(contract=agreed(offer), by=client_of(offer))
    milestone = contract.milestones.get()
    deliver(milestone=milestone, by=offer.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=milestone, by=client_of(offer))
    contract.refresh_from_db()
    return contract


def test_the_terms_hold_everything_the_law_wants_and_what_the_client_said(db):
    offer = an_order(words="30周年の会報にのせます。")

    assert all(offer.terms[item] for item in NINE_ITEMS) and offer.terms_hash == fingerprint(offer.terms)
    told = {row.label: row.text for row in terms_rows(offer.terms)}
    assert "30周年の会報にのせます。" in told.values() and "話を聞ける方" in told.values()
    assert (offer.terms["price_yen"], offer.terms["client_pays_yen"], offer.terms["net_yen"]) == (10_000, 11_000, 9_350 - 770)


def test_the_days_count_from_the_last_day_of_answering(db):
    offer = an_order(a_package(days_count=14))

    assert offer.terms["due_on"] == (clock.today() + 21 * DAY).isoformat()
    assert clock.day_of(offer.answer_by) == clock.today() + 7 * DAY


def test_bought_twice_it_is_two_contracts_and_each_is_paid(db):
    package, client = a_package(), a_client()

    first, second = done(an_order(package, client)), done(an_order(package, client))

    assert first.pk != second.pk and [one.package for one in (first, second)] == [package, package]
    assert Earning.objects.filter(worker=package.worker).count() == 2
    record = track_record(package.worker)
    assert (record.completed_count, record.on_time_count, record.repeat_clients_count) == (2, 2, 1)
    assert record.categories == (("writing", 2),)
    assert broken() == {}


def test_the_same_form_twice_is_one_order(db):
    package, client = a_package(), a_client()

    first, second = an_order(package, client, key="once"), an_order(package, client, key="once")

    assert first == second and Offer.objects.count() == 1
    assert Notice.objects.filter(user=package.worker, kind="contract.offer").count() == 1


def test_whoever_asked_keeps_the_terms_they_asked_with(db):
    offer = an_order()
    package = offer.package

    change_package(package=package, by=package.worker, **{name: getattr(package, name) for name in WORDS} | {"price_yen": 90_000})
    pause_package(package=package, by=package.worker)

    contract = agreed(offer)
    assert contract.milestones.get().price_yen == 10_000 and contract.category_id == "writing" and contract.job is None


def test_nobody_asks_for_other_words_than_they_read(db):
    package, client = a_package(), a_client()
    change_package(package=package, by=package.worker, **{name: getattr(package, name) for name in WORDS} | {"price_yen": 90_000})

    with pytest.raises(DomainError):
        order_package(package=package, client=party_of(client), by=client, version=1, words="お願いします。", key="k")

    assert not Offer.objects.exists()


def test_a_draft_and_a_paused_one_cannot_be_asked_for(db):
    draft, paused = a_package(opened=False), a_package()
    pause_package(package=paused, by=paused.worker)

    for package in (draft, paused):
        with pytest.raises(NotAllowed):
            an_order(package)
    assert not Offer.objects.exists()


def test_nobody_asks_themselves_nor_a_colleague_nor_without_the_power(db):
    package, client = a_package(), a_client()
    party = an_organisation(client)
    member = a_member(party, "member")
    a_member(party, "member", user=package.worker)

    asking = {"package": package, "version": 1, "words": "お願いします。", "key": "k"}
    for who, what in ((package.worker, party_of(package.worker)), (member, party), (client, party), (a_person(), party_of(client))):
        with pytest.raises(NotAllowed):
            order_package(client=what, by=who, **asking)
    assert not Offer.objects.exists()


def test_who_gives_the_work_is_asked_once(db):
    package, client = a_package(), a_person("のぞみ")
    party = party_of(client)
    asking = {"package": package, "by": client, "version": 1, "words": "お願いします。"}
    with pytest.raises(DomainError):
        order_package(client=party, key="a", **asking)

    described = {"name": "のぞみ商店", "address": "東京都港区1-1", "contact": "nozomi@example.jp", "trade": "sole", "has_employees": False,
                 "is_withholding_agent": False}
    offer = order_package(client=party, key="b", described=described, **asking)
    again = order_package(client=Party.objects.get(pk=party.pk), key="c", **asking)

    assert offer.terms["client_name"] == again.terms["client_name"] == "のぞみ商店"


def test_a_client_who_withholds_sends_other_sums(db):
    offer = an_order(client=a_client(is_withholding_agent=True))

    assert offer.terms["withheld_yen"] == 1_021 and offer.terms["net_yen"] == 8_580 - 1_021


def test_a_few_orders_wait_at_most(db):
    package, client = a_package(), a_client()
    for _number in range(WAITING_AT_MOST):
        an_order(package, client)

    with pytest.raises(DomainError):
        an_order(package, client)
    refuse_offer(offer=Offer.objects.order_by("pk").first(), by=package.worker)
    an_order(package, client)


@pytest.mark.parametrize(("seconds", "after"), [(-1, "open"), (1, "expired")])
def test_an_order_runs_out_when_its_time_is_over(db, seconds, after):
    offer = an_order()

    with clock.moved(to=offer.answer_by + datetime.timedelta(seconds=seconds)):
        expire_offers()

    offer.refresh_from_db()
    assert offer.state == after
    assert Notice.objects.filter(kind="contract.order_expired", about=offer.reference).exists() == (after == "expired")


def test_saying_no_harms_nobody_and_the_client_hears_of_it(db):
    offer = an_order()
    offer = refuse_offer(offer=offer, by=offer.worker)

    assert offer.state == "refused" and broken() == {}
    [notice] = Notice.objects.filter(kind="contract.order_declined")
    assert notice.user == client_of(offer) and notice.about == offer.reference


def test_the_terms_of_a_service_are_its_workers_and_stay(db):
    offer = an_order()

    with pytest.raises(NotAllowed):
        change_offer(offer=offer, by=client_of(offer), due_on=clock.today() + 30 * DAY, reward=Yen(5_000))

    assert newest_version(offer) == offer


def test_an_offer_has_a_post_or_a_service_never_both_never_neither(db):
    offer, contract = an_order(), a_contract()

    for wrong in ({"package": None}, {"job": contract.job}, {"proposal": contract.offer.proposal}, {"order_key": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(pk=offer.pk).update(**wrong)
    for wrong in ({"job": None}, {"package": offer.package}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(**wrong)


def test_the_record_that_is_taken_along_tells_the_service_and_not_who_asked(db):
    contract = done(an_order())

    [told] = credential(issue_record(by=contract.worker, called="べに"))["evidence"]
    assert "1,500字の取材記事" in told["description"] and told["genre"] == "writing"
    assert "みなと" not in str(told)


def test_what_services_really_paid_counts_for_the_guide(db):
    done(an_order())

    assert guide_to("writing").count == 1


def test_asking_is_written_down_without_anybodys_words(db):
    offer = an_order(words="だれにも言っていないこと")

    [fact] = Fact.objects.filter(name="contract.package_ordered")
    assert fact.about == offer.reference and "だれにも" not in str(fact.data)
