"""The signed record: a text that others can check with tools that are not ours, and that gives no client away (F83).

Checked here by openbadgeslib (signature, shape, claims, status list), by PyJWT, and by pyld with the published contexts of the two
specifications, which openbadgeslib carries.
"""
import base64
import gzip
import hashlib
import hmac
import importlib.resources
import json
import pathlib
import threading

import jwt as pyjwt
import pytest
from django.core.management import call_command
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from pyld import jsonld

from machi.accounts.models import User
from machi.accounts.queries import party_of
from machi.contracts.actions import accept_delivery, agree_on_date, ask_for_date, deliver
from machi.jobs.models import Job
from machi.reviews import actions, portable, townkeys
from machi.reviews.models import IssuedRecord
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.people import a_client, a_contract, a_person
from tests.reviews.working import DAY, finished

pytestmark = pytest.mark.django_db
TOWN = "https://machi.example.jp"


@pytest.fixture(autouse=True)
def a_town_with_a_name(settings, tmp_path):
    settings.SITE_URL, settings.MACHI_HOME = TOWN, tmp_path


def a_worker(name: str = "街田 美咲"):
    worker, client = a_person(name), a_client("みなと応援会")
    finished(worker, client, thanks="ありがとう")
    finished(worker, client, late=True, title="二つ目の仕事")
    return worker


def issue(worker=None, called: str = "みさき"):
    return actions.issue_record(by=worker or a_worker(), called=called)


def payload(token: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def public_pem(kid: str | None = None) -> bytes:
    key = townkeys.public_keys()[kid] if kid else townkeys.signing_key()
    return key.as_pem(private=False)


# ---- others can check it ---------------------------------------------------------------------------------------------

def test_an_open_badges_verifier_of_others_accepts_the_record():
    issued = issue()

    found = OB3Verifier(public_pem()).verify(issued.jwt)
    assert (found.issuer.id, found.id) == (TOWN, issued.number.urn)
    assert found.issuance_date.replace(microsecond=0) == issued.issued_at.replace(microsecond=0)


def test_it_refuses_a_record_with_one_changed_letter_and_one_of_another_key():
    issued = issue()
    head, body, signature = issued.jwt.split(".")
    forged = payload(issued.jwt)
    forged["credentialSubject"]["result"][0]["value"] = "200"
    swapped = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()

    for token, key in ((f"{head}.{swapped}.{signature}", public_pem()), (issued.jwt, townkeys.new_key().as_pem(private=False))):
        with pytest.raises(OB3VerificationError):
            OB3Verifier(key).verify(token)


def test_a_plain_jose_library_finds_the_key_by_its_name_in_the_key_set():
    issued = issue()
    header = pyjwt.get_unverified_header(issued.jwt)
    kid = header["kid"].rpartition("/")[2].removesuffix(".json")

    keys = {key.key_id: key for key in pyjwt.PyJWKSet.from_dict(townkeys.key_set()).keys}
    claims = pyjwt.decode(issued.jwt, keys[kid].key, algorithms=["RS256"])
    assert header["alg"] == "RS256" and header["kid"].startswith(f"{TOWN}/.well-known/keys/")
    assert (claims["iss"], claims["jti"], claims["sub"]) == (TOWN, claims["id"], claims["credentialSubject"]["id"])


def test_every_word_of_the_record_has_a_meaning_in_the_published_contexts():
    """JSON-LD with `safe`: a property that the contexts of the VC data model and of Open Badges do not know is an error."""
    folder = importlib.resources.files("openbadgeslib.ob3.contexts")
    contexts = {portable.CONTEXTS[0]: "credentials-v2.json", portable.CONTEXTS[1]: "ob-v3p0-context-3.0.3.json"}

    def load(url, _options):
        return {"contextUrl": None, "documentUrl": url, "document": json.loads((folder / contexts[url]).read_text())}
    paper = {name: value for name, value in payload(issue().jwt).items() if name not in ("iss", "jti", "nbf", "sub")}

    (expanded,) = jsonld.expand(paper, {"documentLoader": load, "onPropertyDropped": _must_not_drop})
    assert "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential" in expanded["@type"]
    assert json.dumps(expanded).count("vocab.html#Evidence") == 2


def _must_not_drop(*what):
    raise AssertionError(f"no context knows {what}")


def test_a_verifier_of_others_reads_from_our_list_that_a_record_was_taken_back():
    kept, gone = issue(), issue()
    verifier = OB3Verifier(public_pem())

    def download(url, *_more, **_named):
        assert url == f"{TOWN}/verify/lists/0/"
        return portable.status_list(0).encode()
    tokens = kept.jwt, gone.jwt
    for token in tokens:
        verifier.verify(token, check_status=True, download=download)
    actions.revoke_record(record=gone, by=gone.user)

    verifier.verify(tokens[0], check_status=True, download=download)
    with pytest.raises(OB3VerificationError, match="revocation' is set"):
        verifier.verify(tokens[1], check_status=True, download=download)


# ---- what it says, and what it keeps to itself -----------------------------------------------------------------------

def test_the_facets_are_those_of_the_record_and_no_amount_and_no_address_is_in_it():
    worker = a_worker()
    issued = issue(worker)

    text = json.dumps(payload(issued.jwt), ensure_ascii=False)
    assert [one["value"] for one in payload(issued.jwt)["credentialSubject"]["result"]] == ["2", "1/2", "1/1", "1"]
    for secret in (worker.email, "10000", "10,000", "8580", "11000", "できました", "ありがとう。", "info@example.jp", "1-2-3", "街田"):
        assert secret not in text
    assert "みさき" in text and "みなと応援会" in text and "二つ目の仕事" in text


def test_a_private_client_stays_without_a_name_and_a_post_that_was_not_public_without_a_title():
    worker, client = a_person(), a_client("山田 花子")
    party = party_of(client)
    party.trade = "consumer"
    party.save(update_fields=["trade"])
    finished(worker, client, title="引っ越しの手紙")
    assert "引っ越しの手紙" in str(payload(issue(worker).jwt)["evidence"]) and "山田" not in str(payload(issue(worker).jwt))
    Job.objects.filter(title="引っ越しの手紙").update(state="draft", published_at=None, closed_at=None)

    assert "引っ越しの手紙" not in str(payload(issue(worker).jwt))


def test_a_date_that_moved_leaves_no_trace_in_the_signed_record(monkeypatch):
    worker = a_person()
    contract = a_contract(funded=True, worker=worker)
    milestone = contract.milestones.get()
    agree_on_date(request=ask_for_date(milestone=milestone, by=worker, wished_on=milestone.due_on + DAY), by=contract.client.person)
    deliver(milestone=milestone, by=worker, text="できました。", ai_note="なし")
    accept_delivery(milestone=milestone, by=contract.client.person)
    plain = a_person()
    finished(plain, contract.client.person)

    one, other = (payload(issue(person, "名").jwt) for person in (worker, plain))
    assert one["evidence"] == other["evidence"] and one["credentialSubject"]["result"] == other["credentialSubject"]["result"]


@pytest.mark.parametrize("called", ["https://example.jp/misaki", "did:web:example.jp", "did:key:z6MkhaXgBZD"])
def test_an_identifier_of_ones_own_is_the_subject(called):
    subject = payload(issue(called=called).jwt)["credentialSubject"]

    assert subject["id"] == called and "identifier" not in subject


def test_a_name_is_a_name_and_two_records_of_one_person_do_not_betray_that_they_are_one():
    worker = a_worker()
    one, other = (payload(issue(worker, "𠮷田😀").jwt)["credentialSubject"] for _time in range(2))

    assert one["identifier"][0]["identityHash"] == "𠮷田😀" and one["id"].startswith("urn:uuid:") and one["id"] != other["id"]


def test_without_finished_work_there_is_nothing_to_sign_and_fifty_are_enough(monkeypatch):
    with pytest.raises(NotAllowed):
        issue(a_person())
    monkeypatch.setattr(actions, "RECORDS_AT_MOST", 1)
    worker = a_worker()
    issued = issue(worker)
    with pytest.raises(DomainError):
        issue(worker)
    actions.revoke_record(record=issued, by=worker)
    issue(worker)


# ---- the town's own answer -------------------------------------------------------------------------------------------

def test_the_five_answers():
    issued, worker = issue(), a_worker()
    head, body, signature = issued.jwt.split(".")
    assert portable.verdict(issued.jwt).kind == "genuine"
    assert portable.verdict(json.dumps(portable.enveloped(issued.jwt))).kind == "genuine"
    assert portable.verdict(f"\n {issued.jwt[:40]}\r\n{issued.jwt[40:]} ").kind == "genuine"

    elsewhere = pyjwt.encode({"iss": "https://other.example", "id": "urn:uuid:1"}, "k" * 40, algorithm="HS256")
    unsigned = pyjwt.encode(payload(issued.jwt), None, algorithm="none")
    with_public_key = _hmac_with_the_public_key(issued.jwt)
    assert portable.verdict(elsewhere).kind == "unknown"
    for forged in (unsigned, with_public_key, f"{head}.{body}.{'A' * len(signature)}", f"{head}.{body}."):
        assert portable.verdict(forged).kind in ("changed", "unreadable")
    for nothing in ("", "x", "a.b.c", "{}", '{"id": 3}', "[]", "{" * 5000, "\x00", "𠮷.野.家", "." * 300_000,
                    '{"id": "data:application/vc+jwt,"}'):
        assert portable.verdict(nothing).kind == "unreadable"
    token = issued.jwt
    actions.revoke_records_of(person=issued.user, by=issued.user)
    assert portable.verdict(token).kind == "revoked" and portable.verdict(issue(worker).jwt).kind == "genuine"


def _hmac_with_the_public_key(token: str) -> str:
    """The old trick: sign with the public key as if it were a shared secret."""
    head = base64.urlsafe_b64encode(json.dumps(pyjwt.get_unverified_header(token) | {"alg": "HS256"}).encode()).rstrip(b"=").decode()
    signing = f"{head}.{token.split('.')[1]}"
    mark = hmac.new(public_pem(), signing.encode(), hashlib.sha256).digest()
    return f"{signing}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def test_every_single_changed_letter_of_the_body_is_noticed():
    head, body, signature = issue().jwt.split(".")

    for place in range(0, len(body), 97):
        other = "A" if body[place] != "A" else "B"
        assert portable.verdict(f"{head}.{body[:place]}{other}{body[place + 1:]}.{signature}").kind in ("changed", "unknown", "unreadable")


def test_a_status_list_is_no_record():
    issue()
    assert portable.verdict(portable.status_list(0)).kind == "unreadable"


# ---- leaving ---------------------------------------------------------------------------------------------------------

def test_whoever_leaves_takes_every_record_out_of_use_and_their_names_are_forgotten():
    worker = a_worker()
    tokens = [issue(worker).jwt for _time in range(3)]

    assert actions.revoke_records_of(person=worker, by=worker) == 3 and actions.revoke_records_of(person=worker, by=worker) == 0
    assert {portable.verdict(token).kind for token in tokens} == {"revoked"}
    assert set(IssuedRecord.objects.values_list("called", "jwt")) == {("", "")}


@pytest.mark.parametrize("how", ["emptied", "deleted", "closed"])
def test_however_somebody_was_erased_nobody_is_told_that_their_record_holds(how):
    issued, other = issue(), issue()
    row = IssuedRecord.objects.filter(pk=issued.pk)
    if how == "emptied":
        row.update(called="", jwt="")
    elif how == "deleted":
        row.delete()
    else:
        User.objects.filter(pk=issued.user_id).update(is_active=False)

    assert (portable.verdict(issued.jwt).kind, portable.verdict(other.jwt).kind) == ("revoked", "genuine")
    bits = gzip.decompress(base64.urlsafe_b64decode(payload(portable.status_list(0))["credentialSubject"]["encodedList"][1:] + "=="))
    assert [bool(bits[pk // 8] & 128 >> pk % 8) for pk in (issued.pk, other.pk)] == [True, False] and len(bits) * 8 == portable.LIST_SIZE


def test_nobody_takes_back_what_is_not_theirs():
    issued = issue()

    with pytest.raises(NotAllowed):
        actions.revoke_record(record=issued, by=a_person())
    assert portable.verdict(issued.jwt).kind == "genuine"


# ---- the keys --------------------------------------------------------------------------------------------------------

def test_the_key_is_made_once_by_however_many_and_only_the_town_reads_it(tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(townkeys.signing_key().kid)) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (file,) = (tmp_path / "keys").glob("*.json")
    assert len(set(found)) == 1 and pathlib.Path(file).stat().st_mode & 0o777 == 0o600


def test_a_new_key_signs_from_now_on_and_the_old_records_stay_good(capsys):
    before = issue()
    call_command("new_record_key")
    after = issue()

    assert capsys.readouterr().out.strip() == townkeys.signing_key().kid and len(townkeys.key_set()["keys"]) == 2
    assert pyjwt.get_unverified_header(before.jwt)["kid"] != pyjwt.get_unverified_header(after.jwt)["kid"]
    assert {portable.verdict(one.jwt).kind for one in (before, after)} == {"genuine"}
    assert "d" not in townkeys.key_set()["keys"][0], "the private half stays at home"


def test_a_key_that_was_taken_away_is_not_recognised_any_more(tmp_path):
    issued = issue()
    townkeys.new_key()
    sorted((tmp_path / "keys").glob("*.json"))[0].unlink()

    assert portable.verdict(issued.jwt).kind == "changed"


def test_what_is_signed_is_what_is_so_at_that_moment():
    worker = a_worker()
    first = issue(worker)
    with clock.moved(by=DAY):
        finished(worker)
        second = issue(worker)

    counts = [payload(one.jwt)["credentialSubject"]["result"][0]["value"] for one in (first, second)]
    assert counts == ["2", "3"] and payload(first.jwt)["validFrom"] < payload(second.jwt)["validFrom"]
