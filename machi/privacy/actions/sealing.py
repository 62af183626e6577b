"""Papers go under seal, are read at the desk, and are destroyed with their key on their day."""
import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.actions import note_look
from machi.accounts.models import Party, User
from machi.activity import actions as activity
from machi.files.storing import path_of
from machi.privacy import facts, keys, policies, retention, sealing
from machi.privacy.bundles import Dealing, bundle, client_of, dealing_about, with_files
from machi.privacy.keys import KeyGone
from machi.privacy.models import Key, Paper
from machi.privacy.queries import day_of
from machi.privacy.taking_home import bound_to, open_paper
from machi.shared import clock
from machi.shared.errors import NotAllowed

log = logging.getLogger(__name__)
AGREED = {Paper.Kind.TERMS: ("terms", "terms_hash", "additions", "signed"), Paper.Kind.RECEIPT: ("receipt", "receipt_hash")}


def seal_dealing(between: Dealing, leaving: Party) -> None:
    """One side leaves for good: its lawful papers go under seal until their day; the other side, if it is here, gets a copy of
    the whole that only it can open. Within the transaction of the leaving.
    """
    client = client_of(between)
    mine = Paper.objects.filter(holder=leaving, kind=Paper.Kind.COPY, about=between.reference).select_related("key").first()
    whole = _whole(mine, between)
    dated_on = day_of(between)
    kind = Paper.Kind.TERMS if "terms" in whole else Paper.Kind.RECEIPT
    _seal_for_the_law(leaving, between, kind, {name: whole[name] for name in AGREED[kind]}, dated_on)
    for statement in whole["statements"]:
        earned_on = datetime.date.fromisoformat(statement["earned_on"])
        _seal_for_the_law(leaving, between, Paper.Kind.STATEMENT, statement, earned_on, statement["reference"])
    if mine:
        _forget_files(mine.files)
        mine.delete()
    other = locked_holder(client.pk if client.pk != leaving.pk else between.worker.party.pk)
    if not is_gone(other) and not Paper.objects.filter(holder=other, kind=Paper.Kind.COPY, about=between.reference).exists():
        _give_copy(other, between, whole, dated_on)


def destroy_living_keys(holder: Party) -> None:
    """Somebody has left for good: the key to the copies they could open goes at once."""
    for key in Key.objects.to_destroy().select_for_update().filter(holder=holder, destroy_on=None):
        _destroy(key)


def destroy_due_keys() -> int:
    """The day that the table of retention named has come: the key goes, and the papers with it. Returns how many keys."""
    due = list(Key.objects.to_destroy().filter(destroy_on__lte=clock.today()).order_by("pk").values_list("pk", flat=True)[:500])
    for pk in due:
        with transaction.atomic():
            if key := Key.objects.to_destroy().select_for_update().filter(pk=pk).first():
                _destroy(key)
                activity.record(actor=None, fact=facts.KEY_DESTROYED, about=key.holder.reference, key=key.pk)
    return len(due)


@transaction.atomic
def read_sealed(*, paper: Paper, by: User) -> dict:
    """Somebody of the finance or audit desk opens a sealed paper: each time is written down. Raises KeyGone after its day.

    A paper that is not under seal is not theirs to open.
    """
    if not policies.can_read_sealed(by):
        raise NotAllowed(_("sealed.not_yours"))
    paper = Paper.objects.sealed().select_related("key", "holder").filter(pk=paper.pk).first()
    if paper is None:
        raise NotAllowed(_("sealed.refused"))
    activity.record(actor=by, fact=facts.PAPER_READ, about=_person_behind(paper), paper=paper.pk, kind=paper.kind, of=paper.about)
    if other := _person_opposite(paper):
        note_look(by=by, person=other, what=gettext_noop("looked.sealed"))
    return open_paper(paper)


def _whole(mine: Paper | None, between: Dealing) -> dict:
    """All of it as this side has it: from its copy, if the other side has left. A copy that nobody can open any more (its
    key was destroyed, and an older backup put back) holds up nobody: what is left is gathered anew."""
    try:
        return open_paper(mine) if mine else bundle(between)
    except KeyGone:
        log.warning("the copy in paper %s could not be opened and is made anew", mine.pk)
    whole = bundle(between)
    papers = Paper.objects.sealed().filter(about=between.reference).exclude(kind=Paper.Kind.DOCUMENTS)
    for paper in papers.select_related("key").order_by("pk"):
        try:                                            # what was agreed, whole, as long as the other side's papers are kept
            opened = open_paper(paper)
        except KeyGone:
            continue
        if paper.kind in AGREED:
            whole |= opened
        else:
            whole["statements"] = [opened if one["reference"] == opened["reference"] else one for one in whole["statements"]]
    return whole


def _person_behind(paper: Paper) -> str:
    return f"user:{paper.holder.person_id}" if paper.holder.person_id else paper.holder.reference


def _person_opposite(paper: Paper) -> User | None:
    """Whose names and words stand in it too, as long as they are here."""
    if paper.is_of_tasks:                # nobody else is named on a paper of somebody's own month
        return None
    between = dealing_about(paper.about)
    client = client_of(between)
    other = client.person if client.pk != paper.holder_id else between.worker
    return other if other and other.erased_at is None else None


def _seal_for_the_law(holder: Party, between: Dealing, kind: str, content: dict, dated_on: datetime.date, part: str = "") -> None:
    destroy_on = retention.rules()[kind].until(dated_on)
    if destroy_on > clock.today():                      # its years are over already: it is not kept
        put_under_seal(holder, between.reference, kind, content, dated_on, key_for(holder, destroy_on), part=part)


def _give_copy(other: Party, between: Dealing, whole: dict, dated_on: datetime.date) -> None:
    key = key_for(other, None)
    for part in with_files(whole):
        for file in part["files"]:
            if (place := path_of(file.pop("stored_as"))).exists():
                file["sealed_as"] = sealing.seal_file(keys.read(key.stored_as), place)
        part["files"] = [file for file in part["files"] if "sealed_as" in file]
    files = [file["sealed_as"] for part in with_files(whole) for file in part["files"]]
    put_under_seal(other, between.reference, Paper.Kind.COPY, whole, dated_on, key, files)


def put_under_seal(holder: Party, about: str, kind: str, content: dict, dated_on: datetime.date, key: Key,
                    files: Iterable[str] = (), *, part: str = "") -> None:
    if Paper.objects.filter(holder=holder, kind=kind, about=about, part=part).exists():
        return                                          # sealed before; erasing again after a restore changes nothing
    paper = Paper(holder=holder, key=key, kind=kind, about=about, part=part, dated_on=dated_on, sha256=sealing.fingerprint(content),
                  files=list(files), made_at=clock.now())
    paper.sealed = sealing.seal(keys.read(key.stored_as), sealing.spelled(content), bound=bound_to(paper))
    paper.save()


def key_for(holder: Party, destroy_on: datetime.date | None) -> Key:
    """The key of this holder for this day; on the disk before it is named in the database."""
    key = Key.objects.filter(holder=holder, destroy_on=destroy_on, destroyed_at=None).first()
    if key and not keys.is_there(key.stored_as):            # lost: its papers are closed for good, new ones get another
        Key.objects.filter(pk=key.pk).update(destroyed_at=clock.now())
        key = None
    if key is None:
        name = keys.new_name()
        keys.make(name)
        key = Key.objects.create(holder=holder, stored_as=name, destroy_on=destroy_on, made_at=clock.now())
    return key


def _destroy(key: Key) -> None:
    """The papers and their files, and the key itself once that is certain."""
    papers = Paper.objects.filter(key=key)
    for names in papers.order_by("pk").values_list("files", flat=True):
        _forget_files(names)
    papers.delete()
    key.destroyed_at = clock.now()
    key.save(update_fields=["destroyed_at"])
    transaction.on_commit(lambda: keys.destroy(key.stored_as))


def _forget_files(names: Iterable[str]) -> None:
    for name in names:
        transaction.on_commit(lambda name=name: sealing.sealed_place(name).unlink(missing_ok=True))


def locked_holder(holder: int) -> Party:
    """Two people who dealt with the same side may leave at the same moment: the keys of that side are made one after the other."""
    return Party.objects.locked().select_related("person").get(pk=holder)


def is_gone(party: Party) -> bool:
    return party.person_id is not None and party.person.erased_at is not None
