"""When a contest is over: a sealed receipt for each winner, wins on a page, and works that stay their maker's."""
import hashlib
import re

import pytest

from machi.files.storing import path_of, store_all
from machi.payments.models import Earning
from machi.portfolio.actions import forget_removed, remove_piece
from machi.portfolio.models import Piece
from machi.privacy.actions import close_account, erase_account
from machi.proposals import actions
from machi.proposals.entries import Entry, RightsPaper
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.seals import fingerprint
from tests.files.drawn import encoded, looked_at, two_halves
from tests.people import a_contest, a_person, an_entry, client_of, closed_contest
from tests.web.contracts.walking import said, signed_in, text_of, upload

pytestmark = pytest.mark.django_db
DAY = clock.datetime.timedelta(days=1)


def picture(name="絵.png"):
    return store_all([upload(name, encoded(two_halves(size=(900, 600)), "PNG"))])


def judged(**values):
    """A contest of which the first of three entries won the first prize."""
    job = a_contest(**values)
    entries = [an_entry(job, files=picture()) for _number in range(3)]
    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={1: entries[0].number})
    for entry in entries:
        entry.refresh_from_db()
    return job, entries


# ---- the receipt of the rights ---------------------------------------------------------------------------------------

def test_each_winner_and_their_client_have_a_sealed_receipt_and_nobody_else(db):
    job = a_contest()
    entries = [an_entry(job, files=picture()) for _number in range(3)]
    with closed_contest(job):
        actions.award(job=job, by=client_of(job), winners={1: entries[2].number, 2: entries[0].number})

        assert {one.entry_id: one.number for one in RightsPaper.objects.order_by("pk")} == {
            entries[2].pk: f"{job.pk}-3", entries[0].pk: f"{job.pk}-1"}
        for entry, sums in ((entries[2], (30_000, 25_740)), (entries[0], (10_000, 8_580))):
            issued = entry.rights_paper
            assert issued.paper_hash == fingerprint(issued.paper)
            assert (issued.paper["price_yen"], issued.paper["net_yen"]) == sums
            assert issued.paper["text_sha256"] == hashlib.sha256(entry.text.encode()).hexdigest()
            assert issued.paper["files"][0]["sha256"] == hashlib.sha256(
                path_of(entry.files.get().file.stored_as).read_bytes()).hexdigest()
            for person in (entry.worker, client_of(job)):
                read = text_of(signed_in(person).get(f"/entries/{entry.pk}/receipt/"))
                assert issued.paper_hash in read and issued.number in read and entry.worker.name in read
        for person in (entries[0].worker, a_person()):
            assert signed_in(person).get(f"/entries/{entries[2].pk}/receipt/").status_code == 404
        assert signed_in(entries[1].worker).get(f"/entries/{entries[1].pk}/receipt/").status_code == 404


def test_the_receipt_stays_as_it_was_whatever_is_renamed_later(db):
    job, (won, *_others) = judged()
    before = won.rights_paper.paper["maker_name"]
    won.worker.display_name = "べつのなまえ"
    won.worker.save()

    assert before in text_of(signed_in(client_of(job)).get(f"/entries/{won.pk}/receipt/"))


def test_whoever_leaves_for_good_takes_their_name_off_the_receipt_and_its_fingerprint_stays(db):
    job, (won, *_others) = judged()
    name, mark = won.worker.name, won.rights_paper.paper_hash
    with clock.moved(by=90 * DAY):
        Earning.objects.all().delete()              # nothing is on its way to them any more
        erase_account(by=won.worker)

    issued = RightsPaper.objects.get()
    assert name not in str(issued.paper) and "絵" not in str(issued.paper) and issued.paper_hash == mark
    read = text_of(signed_in(client_of(job)).get(f"/entries/{won.pk}/receipt/"))
    assert said("receipt.after_leaving") in read and name not in read


# ---- wins -------------------------------------------------------------------------------------------------------------

def test_a_win_stands_on_its_winners_page_until_they_take_it_off(db):
    job, (won, other, _third) = judged()
    browser, public = signed_in(won.worker), f"/people/{won.worker_id}/"

    for page in ("/me/", public):
        read = text_of(browser.get(page))
        assert job.title in read and said("wins.prize", n=1) in read and job.client.name in read
    assert job.title in text_of(signed_in(a_person()).get(public))
    assert said("wins.title") not in text_of(browser.get(f"/people/{other.worker_id}/"))
    assert browser.post(f"/entries/{won.pk}/win/", {"is_shown": "0"}).status_code == 302
    assert said("wins.title") not in text_of(signed_in(a_person()).get(public + "?anew"))
    assert said("wins.show") in text_of(browser.get(f"/entries/{won.pk}/"))
    assert signed_in(other.worker).post(f"/entries/{won.pk}/win/", {"is_shown": "1"}).status_code == 404
    won.refresh_from_db()
    assert not won.is_win_shown


# ---- works ------------------------------------------------------------------------------------------------------------

def test_what_was_not_chosen_becomes_a_work_once_however_often_it_is_pressed(db):
    _job, (_won, other, _third) = judged()
    browser, address = signed_in(other.worker), f"/entries/{other.pk}/show/"
    file = other.files.get()
    typed = {"title": "夜の灯台", "part": "全部を一人で作りました。", "shown": "everybody", f"alt_{file.pk}": "港の灯台"}

    assert said("entry.show") in text_of(browser.get(f"/entries/{other.pk}/"))
    answer = browser.post(address, typed | {f"alt_{file.pk}": ""})
    assert answer.status_code == 422 and said("piece.alt.required") in text_of(answer) and "夜の灯台" in answer.content.decode()
    made = [browser.post(address, typed).url for _press in range(2)]
    assert made[0] == made[1] and Piece.objects.count() == 1
    piece = Piece.objects.get()
    shown = piece.files.get()
    assert (piece.user, shown.alt, shown.file.sha256 == file.file.sha256) == (other.worker, "港の灯台", False)
    drawn = looked_at(path_of(shown.file.stored_as, "large").read_bytes())
    assert len(drawn.crop((20, 20, 380, 580)).getcolors(100_000)) < 50, "without the mark of a preview"
    assert said("entry.show.there") in text_of(browser.get(f"/entries/{other.pk}/"))
    remove_piece(piece=piece, by=other.worker)
    with clock.moved(by=DAY):
        forget_removed()
    other.refresh_from_db()
    assert other.piece is None
    assert browser.post(address, typed).status_code == 302 and Piece.objects.here().count() == 1


@pytest.mark.parametrize(("rights", "status"), [("transferred", 404), ("licensed", 200)])
def test_a_winning_entry_is_shown_where_its_rights_stay_with_its_maker(db, rights, status):
    _job, (won, *_others) = judged(rights=rights)
    browser = signed_in(won.worker)

    assert browser.get(f"/entries/{won.pk}/show/").status_code == status
    page = text_of(browser.get(f"/entries/{won.pk}/"))
    assert (said("entry.show.transferred") in page) == (rights == "transferred")


def test_nobody_shows_an_entry_before_the_contest_is_over_or_somebody_elses(db):
    entry = an_entry(files=picture())
    words = {"title": "題", "part": "全部", "shown": "everybody"}

    assert signed_in(entry.worker).get(f"/entries/{entry.pk}/show/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.show_as_piece(entry=entry, by=entry.worker, **words)
    _job, (_won, other, _third) = judged()
    assert signed_in(client_of(other.job)).get(f"/entries/{other.pk}/show/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.show_as_piece(entry=other, by=a_person(), **words)
    assert not Piece.objects.exists() and re.match(r"[0-9a-f]{64}", entry.files.get().file.sha256)


def test_when_the_client_has_left_whoever_took_part_reads_the_contest_and_no_link_leads_nowhere():
    job = a_contest()
    entry, other = an_entry(job), an_entry(job)
    with closed_contest(job) as job:
        actions.award(job=job, by=client_of(job), winners={1: entry.number})
        close_account(by=client_of(job))

        for maker in (entry.worker, other.worker):
            assert signed_in(maker).get(f"/jobs/{job.pk}/").status_code == 200
        visitor = signed_in(a_person())
        page = visitor.get(f"/people/{entry.worker_id}/")
        assert job.title in text_of(page) and f'href="/jobs/{job.pk}/"' not in page.text
        assert visitor.get(f"/jobs/{job.pk}/").status_code == 404 == visitor.get(f"/jobs/{job.pk}/entries/").status_code


def test_where_nobody_was_chosen_nobody_reads_that_another_was():
    job = a_contest()
    entry = an_entry(job)
    Entry.objects.filter(pk=entry.pk).update(text="あ")
    with closed_contest(job):
        actions.settle_contests()

        for path in (f"/entries/{entry.pk}/", f"/jobs/{job.pk}/entries/"):
            assert "ほかの作品に決まりました" not in text_of(signed_in(entry.worker).get(path))
        assert said("entry.nobody_chosen") in text_of(signed_in(entry.worker).get(f"/entries/{entry.pk}/"))
        assert [notice.kind for notice in entry.worker.notices.all() if notice.kind.startswith("entry.")] == ["entry.nobody_chosen"]
