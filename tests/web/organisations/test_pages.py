"""The pages of an organisation: making one, inviting, coming in, powers, leaving, and for whom somebody acts."""
import re

import pytest
from django.core import mail

from machi.accounts import actions as accounts
from machi.accounts import roles
from machi.accounts.actions import vouch_for_address
from machi.accounts.models import Membership, Party
from machi.accounts.powers import Power
from machi.contracts.actions import deliver
from machi.jobs.actions import end_membership
from machi.jobs.models import Job
from machi.organisations import actions as organisations
from machi.organisations.actions import accept, invite, withdraw
from machi.organisations.models import Invitation
from machi.proposals.models import Proposal
from tests.people import a_contract, a_job, a_member, a_person, a_proposal, membership_of, token_in_the_letter
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db
WHO = {"name": "みなと出版", "address": "東京都港区みなと4-5-6", "contact": "hello@example.jp", "trade": "company", "has_employees": "on"}


def test_what_another_keeper_wrote_about_the_organisation_is_not_written_over(keeper, party):
    address = f"/organisations/{party.pk}/describe/"
    browser, other = signed_in(keeper), signed_in(a_member(party, Power.KEEPER))
    seen = [re.search(r'name="seen" value="(\w+)"', one.get(address).content.decode())[1] for one in (browser, other)]
    assert other.post(address, WHO | {"contact": "new@example.jp", "seen": seen[1]}).status_code == 302

    answer = browser.post(address, WHO | {"name": "みなとの出版", "seen": seen[0]})

    page = answer.content.decode()
    assert answer.status_code == 409 and "new@example.jp" in text_of(answer) and 'value="みなとの出版"' in page
    assert Party.objects.get(pk=party.pk).contact == "new@example.jp"
    again = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert browser.post(address, WHO | {"name": "みなとの出版", "seen": again}).status_code == 302
    assert Party.objects.get(pk=party.pk).name == "みなとの出版"


# ---- making one ------------------------------------------------------------------------------------------------------

def test_somebody_makes_an_organisation_and_stands_in_it_as_keeper():
    person = a_person("みどり")
    browser = signed_in(person)
    assert said("organisations.none") in text_of(browser.get("/organisations/"))

    page = browser.post("/organisations/new/", WHO, follow=True)

    assert page.status_code == 200 and "みなと出版" in text_of(page) and said("power.keeper") in text_of(page)
    assert membership_of(Party.objects.get(kind="organisation"), person).is_keeper


def test_one_organisation_too_many_in_a_day_is_409_and_keeps_what_was_typed():
    browser = signed_in(a_person())
    answers = [browser.post("/organisations/new/", WHO | {"name": f"みなと{number}"}) for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [409]
    assert said("organisation.too_many", n=5) in text_of(answers[-1]) and "東京都港区みなと4-5-6" in answers[-1].content.decode()


@pytest.mark.parametrize("name", ["", "　", "\x00", "あ" * 81])
def test_what_cannot_be_a_name_is_answered_beside_the_field_and_the_rest_is_kept(name):
    answer = signed_in(a_person()).post("/organisations/new/", WHO | {"name": name})

    assert answer.status_code == 422 and "東京都港区みなと4-5-6" in answer.content.decode() and not Party.objects.filter(
        kind="organisation").exists()


@pytest.mark.parametrize("name", ["𠮷野家の会😀", "<b>会</b>", "\u202eかいしゃ"])
def test_a_name_is_shown_as_it_was_typed_and_never_as_markup(name):
    browser = signed_in(a_person())
    page = browser.post("/organisations/new/", WHO | {"name": name}, follow=True)

    assert page.status_code == 200 and "<b>会" not in page.content.decode() and "\u202e" not in page.content.decode()


# ---- inviting and coming in ------------------------------------------------------------------------------------------

def test_a_keeper_invites_an_address_and_may_take_it_back(keeper, party):
    browser = signed_in(keeper)
    page = browser.post(f"/organisations/{party.pk}/invite/", {"email": "new@example.jp", "powers": ["payer"]}, follow=True)
    assert "new@example.jp" in text_of(page) and said("invitation.withdraw") in text_of(page)

    invitation = Invitation.objects.get()
    token = token_in_the_letter(invitation)
    page = browser.post(f"/organisations/invitations/{invitation.pk}/withdraw/", follow=True)

    assert said("invitation.withdrawn") in text_of(page)
    over = signed_in(a_person()).get(f"/organisations/invitation/{token}/")
    assert over.status_code == 410 and "みなと出版" not in text_of(over)


@pytest.mark.parametrize("typed", [
    {"email": "nobody", "powers": ["member"]}, {"email": "new@example.jp"}, {"email": "", "powers": ["member"]},
    {"email": "new@example.jp", "powers": ["king"]}, {"email": f"{'a' * 300}@example.jp", "powers": ["member"]}])
def test_an_invitation_that_lacks_something_is_answered_in_words(keeper, party, typed):
    answer = signed_in(keeper).post(f"/organisations/{party.pk}/invite/", typed)

    assert answer.status_code == 422 and not Invitation.objects.exists()


def test_the_same_address_twice_is_409_with_a_sentence_and_what_was_typed(keeper, party):
    browser, typed = signed_in(keeper), {"email": "new@example.jp", "powers": ["member"]}
    browser.post(f"/organisations/{party.pk}/invite/", typed)
    answer = browser.post(f"/organisations/{party.pk}/invite/", typed)

    assert answer.status_code == 409 and said("invitation.twice") in text_of(answer) and "new@example.jp" in answer.content.decode()


def test_the_letter_page_says_the_same_whoever_the_address_belongs_to(client, keeper, party):
    pages = []
    for address in (a_person("あおい").email, "nobody@example.jp"):
        token = token_in_the_letter(invite(party=party, by=keeper, email=address, powers=[Power.MEMBER]))
        page = client.get(f"/organisations/invitation/{token}/")
        pages.append((page.status_code, page.content.decode().replace(token, "")))
        assert client.post(f"/organisations/invitation/{token}/").headers["Location"].startswith("/account/login/?next=/organisations/")

    assert pages[0] == pages[1] and pages[0][0] == 200
    assert "あおい" not in pages[0][1] and address not in pages[0][1]


def test_whoever_has_no_account_joins_the_town_first_and_comes_back_to_the_letter(client, keeper, party):
    token = token_in_the_letter(invite(party=party, by=keeper, email="new@example.jp", powers=[Power.APPROVER]))
    place = f"/organisations/invitation/{token}/"
    assert f"/account/signup/?next={place}" in client.get(place).content.decode()

    newcomer = a_person("はるか")
    browser = signed_in(newcomer)
    assert "はるかさん" in text_of(browser.get(place))
    page = browser.post(place, follow=True)

    assert said("invitation.welcome", client="みなと出版") in text_of(page)
    assert membership_of(party, newcomer).powers == {"approver"}
    assert browser.get(place, follow=True).redirect_chain[-1][0] == f"/organisations/{party.pk}/"
    assert len(mail.outbox) == 1


def test_an_invitation_that_is_taken_back_while_somebody_comes_in_says_so(keeper, party, monkeypatch):
    guest = a_person("はるか")
    vouch_for_address(user=guest)
    invitation = invite(party=party, by=keeper, email=guest.email, powers=[Power.MEMBER])

    def withdrawn_just_before(**deed):
        withdraw(invitation=invitation, by=keeper)
        return accept(**deed)

    monkeypatch.setattr(organisations, "accept", withdrawn_just_before)
    browser = signed_in(guest)
    answer = browser.post(f"/organisations/invitations/{invitation.pk}/accept/")

    assert answer.status_code == 409 and said("invitation.over") in text_of(answer)
    assert browser.post(f"/organisations/invitations/{invitation.pk}/accept/").status_code == 404


def test_whoever_is_taken_out_while_they_choose_for_whom_they_act_reads_it(keeper, party, monkeypatch):
    member = a_member(party, Power.MEMBER, user=a_person("はるか"))
    act_for = accounts.act_for

    def taken_out_just_before(**deed):
        end_membership(membership=membership_of(party, member), by=keeper)
        return act_for(**deed)

    monkeypatch.setattr(accounts, "act_for", taken_out_just_before)
    answer = signed_in(member).post("/organisations/acting/", {"party": party.pk})

    assert answer.status_code == 409 and said("acting.not_yours") in text_of(answer)
    assert said("organisations.none") in text_of(answer)


def test_a_letter_that_nobody_wrote_is_a_page_that_does_not_exist(client):
    assert client.get("/organisations/invitation/x/").status_code == 404


# ---- powers and leaving ----------------------------------------------------------------------------------------------

def test_a_keeper_changes_powers_and_a_member_reads_who_the_keepers_are(keeper, party):
    member = a_member(party, Power.MEMBER)
    place = f"/organisations/members/{membership_of(party, member).pk}/"

    assert signed_in(keeper).post(place, {"powers": ["member", "approver"]}).status_code == 302
    assert membership_of(party, member).powers == {"member", "approver"}
    page = text_of(signed_in(member).get(f"/organisations/{party.pk}/"))
    assert "いまの世話役：みどりさん" in page and said("invitation.title") not in page
    assert signed_in(member).post(place, {"powers": ["keeper"]}).status_code == 409


def test_each_power_says_what_it_lets_somebody_do_in_the_words_of_the_guide(keeper, party):
    guide, asked = (text_of(signed_in(keeper).get(place)) for place in ("/guide/roles/", f"/organisations/{party.pk}/invite/"))

    for seat in roles.SEATS.values():
        assert said(f"role.{seat.key}.may") in guide and said(f"role.{seat.key}.never") in guide and said(f"role.{seat.key}.may") in asked


def test_the_last_keeper_reads_why_they_cannot_leave(keeper, party):
    a_member(party, Power.MEMBER)
    answer = signed_in(keeper).post(f"/organisations/members/{membership_of(party, keeper).pk}/end/")

    assert answer.status_code == 409 and said("organisation.needs_keeper") in text_of(answer)


def test_whoever_leaves_names_who_takes_over_and_sees_nothing_from_the_next_page_on(keeper, party):
    leaver = a_member(party, Power.MEMBER, user=a_person("はるか"))
    job = a_job(leaver, party=party)
    browser, place = signed_in(leaver), f"/organisations/members/{membership_of(party, leaver).pk}/end/"
    assert "1件" in text_of(browser.get(place)) and browser.post(place, {"to": "999"}).status_code == 422
    assert browser.post(place, {"to": ""}).status_code == 409

    page = browser.post(place, {"to": keeper.pk}, follow=True)

    assert page.redirect_chain[-1][0] == "/organisations/"
    assert Job.objects.get(pk=job.pk).contact == keeper
    for address in (f"/organisations/{party.pk}/", f"/jobs/{job.pk}/applicants/", f"/jobs/{job.pk}/preview/"):
        assert browser.get(address).status_code == 404
    assert not Membership.objects.filter(user=leaver, party=party, left_at=None).exists()


def test_whoever_leaves_and_whoever_is_taken_out_are_told_apart(keeper, party):
    other = a_member(party, Power.KEEPER, user=a_person("あおい"))
    leaver, removed = (a_member(party, Power.MEMBER, user=a_person(name)) for name in ("はるか", "ひびき"))

    page = signed_in(leaver).post(f"/organisations/members/{membership_of(party, leaver).pk}/end/", follow=True)
    assert said("organisation.left_now", client="みなと出版") in text_of(page)
    page = signed_in(keeper).post(f"/organisations/members/{membership_of(party, removed).pk}/end/", follow=True)
    assert "「みなと出版」のメンバーから、ひびきさんを外しました。" in text_of(page)

    heard = text_of(signed_in(other).get("/notices/"))
    assert "はるかさんが「みなと出版」を抜けました。" in heard and "ひびきさんが「みなと出版」を抜けました" not in heard
    assert said("notice.organisation_taken_out", keeper="みどりさん", who="ひびきさん", client="みなと出版") in heard
    assert "引き継" not in heard, "nothing was handed over"
    assert set(removed.notices.values_list("kind", flat=True)) == {"organisation.removed"} and not leaver.notices.exists()


# ---- the rooms above -------------------------------------------------------------------------------------------------

def test_nobody_hires_themselves_through_their_organisation(party):
    job, payer = a_job(party.people("keeper")[0], party=party), a_member(party, Power.PAYER)
    browser = signed_in(payer)
    assert browser.get(f"/jobs/{job.pk}/apply/").status_code == 302
    answer = browser.post(f"/jobs/{job.pk}/apply/", {"message": "わたしが書きます"})

    assert answer.status_code == 409 and said("proposal.own_organisation") in text_of(answer)
    assert "わたしが書きます" in answer.content.decode() and not Proposal.objects.exists()


def test_whoever_joined_after_applying_is_not_chosen_by_their_colleagues(keeper, party):
    proposal = a_proposal(a_job(keeper, party=party))
    a_member(party, Power.APPROVER, user=proposal.worker)
    seen = signed_in(keeper).get(f"/proposals/{proposal.pk}/choose/").content.decode().partition('name="seen" value="')[2].partition('"')[0]

    answer = signed_in(keeper).post(f"/proposals/{proposal.pk}/choose/", {
        "due_on": proposal.job.due_on.isoformat(), "seen": seen})
    assert answer.status_code == 409 and said("offer.is_colleague") in text_of(answer)
    assert signed_in(proposal.worker).get(f"/proposals/{proposal.pk}/decline/").status_code == 200


def test_each_hears_of_what_their_power_concerns(keeper, party):
    people = {power: a_member(party, power) for power in (Power.MEMBER, Power.APPROVER, Power.PAYER)}
    contract = a_contract(party=party, by=keeper, funded=True)
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="なし")

    heard = {power: set(person.notices.values_list("kind", flat=True)) for power, person in people.items()}
    assert heard == {Power.MEMBER: {"proposal.arrived"}, Power.APPROVER: {"proposal.arrived", "contract.delivered"},
                     Power.PAYER: {"contract.to_fund"}}


def test_a_letter_is_signed_by_the_person_and_the_organisation_and_the_story_says_who(keeper, party):
    writer = a_member(party, Power.MEMBER, user=a_person("はるか"))
    contract = a_contract(party=party, by=keeper, funded=True)
    signed_in(writer).post(f"/contracts/{contract.pk}/message/", {"body": "よろしくお願いします。", "key": "k"})

    page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))
    assert "はるかさん （みなと出版）" in page and "みどりさんがしました" in page
    notice = contract.worker.notices.get(kind="contract.message_of_party")
    assert notice.words["sender_person"] == "はるか" and notice.words["client"] == "みなと出版"
    assert "はるかさん（みなと出版）から" in text_of(signed_in(contract.worker).get("/notices/"))


def test_whoever_only_pays_sees_the_money_and_neither_letters_nor_deliveries(keeper, party):
    contract = a_contract(party=party, by=keeper, funded=True)
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="ひみつの原稿", ai_note="なし")
    payer = signed_in(a_member(party, Power.PAYER))
    page = payer.get(f"/contracts/{contract.pk}/")

    assert page.status_code == 200 and "11,000円" in text_of(page) and "ひみつの原稿" not in text_of(page)
    assert said("letters.title") not in text_of(page)
    assert payer.post(f"/contracts/{contract.pk}/accept/", {"round": 1}).status_code == 409
    assert said("standing.delivered.colleague") in text_of(page)
