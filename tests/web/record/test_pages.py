"""Taking the record along, and checking one: what the two sides of such a file see."""
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.reviews.models import IssuedRecord
from tests.people import a_person
from tests.reviews.working import finished
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.cv.test_cv import read


@pytest.fixture
def worker(db):
    worker = a_person("街田 美咲")
    finished(worker, title="聞き書きの記事", thanks="ありがとう")
    return worker


def make(browser, called="みさき"):
    answer = browser.post("/record/", {"called": called})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_made_saved_handed_over_and_found_genuine_by_somebody_without_an_account(worker, client):
    """F83, from my page to the verify page."""
    browser = signed_in(worker)
    assert 'href="/record/"' in browser.get("/me/").content.decode()
    place = make(browser)
    paper = text_of(browser.get(place))
    assert "みさき" in paper and "聞き書きの記事" in paper and said("portable.on_time") in paper
    assert IssuedRecord.objects.get().number.urn in paper
    token, envelope = (browser.get(f"{place}record.{kind}") for kind in ("jwt", "json"))
    assert token.headers["Content-Type"] == "application/vc+jwt" and json.loads(envelope.content)["type"] == "EnvelopedVerifiableCredential"
    assert "attachment" in token.headers["Content-Disposition"] and "no-store" in token.headers["Cache-Control"]

    for form in ({"text": token.content.decode()}, {"text": envelope.content.decode()},
                 {"file": SimpleUploadedFile("machi-record.jwt", token.content)}):
        seen = client.post("/verify/", form)
        assert seen.status_code == 200 and said("verify.genuine") in text_of(seen) and "聞き書きの記事" in text_of(seen)
        assert said("verify.not.who") in text_of(seen)


def test_the_paper_copy_says_what_the_page_says_and_a_screen_reader_can_read_it(worker):
    browser = signed_in(worker)
    place = make(browser, "髙﨑 みさき")

    answer = browser.get(f"{place}record.pdf")

    pdf, paper = answer.content, read(answer.content)
    assert f'href="{place}record.pdf"' in browser.get(place).content.decode()
    assert answer.headers["Content-Type"] == "application/pdf" and "no-store" in answer.headers["Cache-Control"]
    assert b"/StructTreeRoot" in pdf and b"pdfuaid" in pdf
    number = IssuedRecord.objects.get().number.urn
    for words in ("髙﨑みさき", "聞き書きの記事", said("portable.on_time"), number, "/verify/"):
        assert words.replace(" ", "") in paper


def test_changed_taken_back_and_not_ours_are_said_in_plain_words(worker, client):
    browser = signed_in(worker)
    place = make(browser)
    token = IssuedRecord.objects.get().jwt
    head, body, signature = token.split(".")

    def answer(text):
        page = client.post("/verify/", {"text": text})
        assert page.status_code == 200
        return text_of(page)
    assert said("verify.changed.text") in answer(f"{head}.{body}.{'A' * len(signature)}")
    assert said("verify.unreadable.text") in answer("<script>alert(1)</script> 𠮷 \x01")
    assert said("portable.revoke.text") in text_of(browser.get(f"{place}revoke/"))
    assert browser.post(f"{place}revoke/").status_code == 302 and browser.get(place).status_code == 404
    assert said("verify.revoked.text") in answer(token)


@pytest.mark.parametrize(("called", "status"), [("", 422), (" \u200e\x00 ", 422), ("あ" * 81, 422), ("misaki@example.jp", 422),
                                                ("私は misaki@example.jp です", 422), ("みさき😀𠮷", 302), ("https://example.jp/me", 302)])
def test_any_name_but_an_address_the_town_knows_them_by(worker, called, status):
    answer = signed_in(worker).post("/record/", {"called": called})

    assert answer.status_code == status
    assert IssuedRecord.objects.count() == (status == 302)
    if "misaki@" in called:
        assert called in answer.content.decode() and said("portable.called.no_mail") in text_of(answer)


@pytest.mark.parametrize("form", [{}, {"text": " "}, {"text": "a" * 400_001}, {"file": SimpleUploadedFile("x", b"a" * 400_001)},
                                  {"file": SimpleUploadedFile("x", b"")}])
def test_nothing_or_too_much_to_check_is_answered_beside_the_field(client, db, form):
    assert client.post("/verify/", form).status_code == 422


def test_somebody_without_finished_work_reads_when_it_begins(db):
    browser = signed_in(a_person())

    assert said("portable.nothing") in text_of(browser.get("/record/"))
    assert browser.post("/record/", {"called": "みさき"}).status_code == 409


def test_the_keys_and_the_list_are_public_and_hold_nobody(worker, client):
    make(signed_in(worker), "ひみつの名")
    keys = client.get("/.well-known/jwks.json")
    (key,) = keys.json()["keys"]

    assert client.get(f"/.well-known/keys/{key['kid']}.json").json() == key and set(key) == {"kty", "n", "e", "kid", "use", "alg"}
    assert client.get("/verify/lists/0/").headers["Content-Type"] == "application/vc+jwt"
    assert client.get("/verify/lists/7/").status_code == 404
    assert not any("ひみつ" in page.content.decode() for page in (keys, client.get("/verify/lists/0/")))
