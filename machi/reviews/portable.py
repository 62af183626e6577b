"""The signed record that a person takes along (持ち出せる実績): Open Badges 3.0 as a signed text (VC-JWT).

It holds what the town counted, and each finished work by its kind, its month and whether it came on time. Whose work it was stands
there only where a company printed its own name on its public post, and the title only where the post was public: a client's
secrets are not the worker's to give away. The person is named as they wish.
"""
import base64
import datetime
import gzip
import json
import re
import uuid
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jws
from joserfc.errors import JoseError

from machi.accounts.models import Party
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Milestone
from machi.reviews.models import IssuedRecord
from machi.reviews.queries import record_of
from machi.reviews.townkeys import ALGORITHM, public_keys, signing_key
from machi.shared import clock
from machi.tasks.record import small_work_of

CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
WORKS_AT_MOST = 100                                 # the newest; the counts are of all
LIST_SIZE = 131_072                                 # bits of one status list: so many that nobody is found by their place
ENVELOPE = "data:application/vc+jwt,"
AT_MOST = 400_000                                   # characters somebody may hand in to be checked
_ADDRESS = re.compile(r"https://\S+|did:[a-z0-9]+:[\w.%:-]+")


def home() -> str:
    """By what name the town signs: its address."""
    return settings.SITE_URL.rstrip("/")


def credential(issued: IssuedRecord) -> dict:
    """The record of this person as it stands now, for the one it was issued to. In the language that is spoken now."""
    record, town = record_of(issued.user), home()
    facets = [("completed", _("portable.completed"), str(record.completed_count)),
              ("on_time", _("people.on_time"), f"{record.on_time_count}/{record.completed_count}"),
              ("came_back", _("people.repeat"), f"{record.repeat_clients_count}/{record.clients_count}"),
              ("thanks", _("people.thanks"), str(record.thanks_count))]
    if small := small_work_of(issued.user_id):
        facets += [("bundles", _("portable.bundles"), str(sum(one.bundles for one in small))),
                   ("minutes", _("portable.minutes"), str(sum(one.minutes for one in small)))]
    about = f"{town}/guide/badges/"
    return {
        "@context": list(CONTEXTS), "id": issued.number.urn, "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _("portable.name"), "validFrom": issued.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issuer": {"id": town, "type": ["Profile"], "name": _("portable.issuer"), "url": town},
        "credentialSubject": _subject(issued) | {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": f"{about}#record", "type": ["Achievement"], "name": _("portable.name"), "description": _("portable.description"),
                "criteria": {"id": about, "narrative": _("portable.criteria")},
                "resultDescription": [{"id": f"{about}#{code}", "type": ["ResultDescription"], "name": name, "resultType": "Result"}
                                      for code, name, _value in facets]},
            "result": [{"type": ["Result"], "resultDescription": f"{about}#{code}", "value": value} for code, _name, value in facets]},
        "evidence": [_evidence(milestone) for milestone in _finished(issued.user)],
        "credentialStatus": {
            "id": f"{_list_address(issued.pk)}#{issued.pk % LIST_SIZE}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(issued.pk % LIST_SIZE), "statusListCredential": _list_address(issued.pk)},
    }


def signed(paper: dict) -> str:
    """The paper as a text that nobody can change unnoticed."""
    when = datetime.datetime.fromisoformat(paper["validFrom"])
    claims = paper | {"iss": paper["issuer"]["id"] if isinstance(paper["issuer"], dict) else paper["issuer"], "jti": paper["id"],
                      "nbf": int(when.timestamp()), "sub": paper["credentialSubject"]["id"]}
    key = signing_key()
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": f"{home()}/.well-known/keys/{key.kid}.json"}
    text = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text.encode(), key, algorithms=[ALGORITHM])


def enveloped(token: str) -> dict:
    """The same text in the envelope in which wallets keep it (Verifiable Credentials Data Model 2.0, 4.13.1)."""
    return {"@context": CONTEXTS[0], "id": f"{ENVELOPE}{token}", "type": "EnvelopedVerifiableCredential"}


def status_list(number: int) -> str:
    """Which records of one list the town does not stand by: one bit each, signed (W3C Bitstring Status List 1.0).

    Only what is in use has no bit: taken back, emptied or gone, whatever became of the row, nobody is told that it holds.
    """
    address, bits = _list_address(number * LIST_SIZE), bytearray(b"\xff") * (LIST_SIZE // 8)
    living = IssuedRecord.objects.in_use().filter(pk__gte=number * LIST_SIZE, pk__lt=(number + 1) * LIST_SIZE)
    for pk in living.order_by("pk").values_list("pk", flat=True):
        bits[pk % LIST_SIZE // 8] &= ~(128 >> pk % LIST_SIZE % 8)
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    return signed({
        "@context": [CONTEXTS[0]], "id": address, "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": home(),
        "validFrom": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {"id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
                              "encodedList": f"u{packed}"}})


class Verdict(NamedTuple):
    """What the town can say about a text: genuine | changed | unknown | revoked | unreadable, and the paper when it is genuine."""

    kind: str
    paper: dict | None = None


def verdict(text: str) -> Verdict:
    """Is this a record that this town signed, unchanged, and not taken back?"""
    try:
        found = jws.extract_compact(_token(text).encode("ascii"))
        header, claims = found.headers(), json.loads(found.payload)
        issuer = claims["iss"]
        kid = str(header.get("kid", "")).rpartition("/")[2].removesuffix(".json")
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Verdict("unreadable")
    if issuer != home():
        return Verdict("unknown")
    key = public_keys().get(kid)
    try:
        is_ours = key is not None and header.get("alg") == ALGORITHM and jws.validate_compact(found, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        is_ours = False
    if not is_ours:
        return Verdict("changed")
    if "OpenBadgeCredential" not in claims.get("type", ()):
        return Verdict("unreadable")
    is_in_use = IssuedRecord.objects.in_use().filter(number=uuid.UUID(claims["id"])).exists()
    return Verdict("genuine", claims) if is_in_use else Verdict("revoked")


def content_of(issued: IssuedRecord) -> dict:
    """What stands in a record that lies here: our own text, which needs no checking."""
    return json.loads(jws.extract_compact(issued.jwt.encode()).payload)


def _token(text: str) -> str:
    """The signed text itself, or the one in the envelope."""
    text = text.strip().removeprefix("\ufeff").strip()
    if text.startswith("{"):
        text = str(json.loads(text)["id"]).removeprefix(ENVELOPE)
    return "".join(text.split())                    # a mail or a chat may have broken the line


def _subject(issued: IssuedRecord) -> dict:
    if _ADDRESS.fullmatch(issued.called):
        return {"id": issued.called}
    return {"id": uuid.uuid5(issued.number, "subject").urn, "identifier": [
        {"type": "IdentityObject", "hashed": False, "identityHash": issued.called, "identityType": "name"}]}


def _finished(worker) -> list[Milestone]:
    accepted = Milestone.objects.filter(contract__worker=worker, state=MilestoneState.ACCEPTED).order_by("-accepted_at", "-pk")
    beside = ("client", "job", "package", "category")
    return list(accepted.select_related("contract", *(f"contract__{name}" for name in beside))[:WORKS_AT_MOST])


def _evidence(milestone: Milestone) -> dict:
    contract, client = milestone.contract, milestone.contract.client
    month = clock.day_of(milestone.accepted_at).strftime("%Y-%m")
    told = {"type": ["Evidence"], "genre": contract.category_id, "name": f"{contract.category.name} {month}",
            "narrative": _("portable.on_time") if milestone.was_on_time else _("portable.late")}
    is_named = client.kind != Party.Kind.PERSON or client.trade == Party.Trade.COMPANY
    if contract.package:                            # its own words stood on its page; who asked for it stood nowhere
        told["description"] = _("portable.work") % {"work": contract.package.title}
    elif contract.job.published_at:
        told["description"] = (_("portable.work_for") % {"work": contract.job.title, "client": contract.job.client_name} if is_named
                               else _("portable.work") % {"work": contract.job.title})
    return told


def _list_address(pk: int) -> str:
    return f"{home()}/verify/lists/{pk // LIST_SIZE}/"
