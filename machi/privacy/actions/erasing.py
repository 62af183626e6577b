"""Everything about a person goes (消去): by the map of belongings, table by table, and what the map alone does not say."""
from collections import defaultdict

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from machi.accounts.models import NOWHERE, Membership, Party, User
from machi.contracts.models import Bonus, Contract, Dispute, Offer, Side, Talk
from machi.files.kinds import named_by_content
from machi.files.storing import forget_stored
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.messaging.models import Member
from machi.notifications import actions as notifications
from machi.organisations.models import Invitation
from machi.payments.models import Earning
from machi.privacy import letterbox
from machi.privacy.actions.sealing import destroy_living_keys, seal_dealing
from machi.privacy.actions.sealing_documents import seal_documents
from machi.privacy.belongings import NAME_GONE, WORDS_GONE, Belonging, Fate, all_of_them, files_of
from machi.privacy.queries import won_entries
from machi.profiles.models import Names
from machi.proposals.entries import Entry, RightsPaper
from machi.proposals.models import Proposal
from machi.reviews.actions import revoke_records_of
from machi.reviews.models import Review, Thanks
from machi.shared import clock
from machi.tasks.models import AnswerFile, Batch, Item
from machi.taxonomy import actions as taxonomy

BY_HAND = {"accounts.User", "privacy.Paper", "privacy.Key", "privacy.Export"}
OF_THE_CLIENT = ("client_name", "client_address", "client_contact", "work", "outcome", "sync_note", "order")     # of the terms
OF_THE_WORKER = ("work", "needs", "place", "sync_note")     # of those of a service
OWN_ANSWER = Q(side=Side.CLIENT) | ~Q(milestone__contract__client__kind=Party.Kind.ORGANISATION)     # what was told for it stays with it
OWN_TALK = Q(side=Side.CLIENT) | ~Q(contract__client__kind=Party.Kind.ORGANISATION)


def erase_person(user: User) -> None:
    """Within the transaction of the leaving, the person locked. Doing it twice does nothing more."""
    with translation.override(settings.LANGUAGE_CODE):      # what takes the place of a text is in the town's own language
        party = Party.objects.filter(person=user).first()
        names, addresses = _names(user, party), _addresses(user)
        if party:
            for between in (*_contracts(user), *_wins(user)):
                seal_dealing(between, party)
            seal_documents(party)
            destroy_living_keys(party)
        _forget_in_notices(user, names)
        _forget_in_terms(user)
        _forget_in_rights(user)
        Earning.objects.filter(worker=user).exclude(registered_number="").update(registered_number="")     # it stands in the sealed papers
        revoke_records_of(person=user, by=None)             # a signed record that is out in the world is not stood by any more
        _forget_invitations(user, addresses)
        _forget_what_was_said(user)
        _forget_names_of_files(user)
        for one in _in_order():
            _by_fate(one, user)
        _leave_a_number(user)
    transaction.on_commit(lambda: letterbox.forget(addresses, names))
    transaction.on_commit(taxonomy.forget_unnamed, robust=True)         # topics that only they named; the clock does it again


def _by_fate(one: Belonging, user: User) -> None:
    rows = one.leaving_with(user)
    if one.fate == Fate.GO:
        for column in files_of(one):
            for name in rows.values_list(column, flat=True):
                transaction.on_commit(lambda name=name: forget_stored(name))
        one.table.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
    elif one.fate == Fate.EMPTY and (fields := one.emptied()):
        instead = one.instead or {}
        rows.update(**{field.name: _(instead[field.name]) if field.name in instead else _nothing(field) for field in fields})


def _in_order() -> list[Belonging]:
    """A row goes before the row it stands on, and only when no words wait to be emptied any more: by who takes part in a thread
    is asked whose letters these are."""
    waiting = {one.table: one for one in all_of_them().values() if one.label not in BY_HAND}
    ordered = []
    while waiting:
        free = [table for table in waiting if not any(
            relation.related_model in waiting and relation.related_model is not table for relation in table._meta.related_objects)]
        for table in free or list(waiting):
            ordered.append(waiting.pop(table))
    return sorted(ordered, key=lambda one: one.fate == Fate.GO)


def _nothing(field: models.Field):
    if getattr(field, "base_field", None):
        return []
    if isinstance(field, models.JSONField):
        return None if field.null else field.get_default() if field.has_default() else {}
    if field.null:
        return None
    return b"" if isinstance(field, models.BinaryField) else ""


def _leave_a_number(user: User) -> None:
    """The row that the books point at: a number, and nothing that was the person."""
    for field in all_of_them()["accounts.User"].emptied():      # whatever column is added later
        setattr(user, field.name, _nothing(field))
    user.email, user.password = f"{user.pk}{NOWHERE}", make_password(None)
    user.is_active, user.last_login, user.closed_at, user.erased_at = False, None, None, clock.now()
    user.save()


def _contracts(user: User):
    return (Contract.objects.locked().filter(Q(worker=user) | Q(client__person=user))
            .select_related("offer", "client", "client__person", "worker", "worker__party"))


def _wins(user: User):
    return won_entries(user).locked().select_related("rights_paper", "job__client__person", "worker__party")


def _forget_in_terms(user: User) -> None:
    """The offers keep what the books need: amounts and days. The words lie in the sealed papers, whose fingerprint is the offer's.

    What others agreed on stays as it is: a stand-in goes on with a service of somebody else.
    """
    is_theirs = Q(worker=user) | Q(client__person=user) | Q(package__worker=user, contract=None)
    for offer in Offer.objects.locked().filter(is_theirs).select_related("client", "package"):
        terms = dict(offer.terms)
        is_client, is_service = offer.client.person_id == user.pk, offer.package is not None and offer.package.worker_id == user.pk
        if offer.worker_id == user.pk:
            terms["worker_name"] = _(NAME_GONE)
        for name in (OF_THE_CLIENT if is_client else ()) + (OF_THE_WORKER if is_service else ()):
            if terms.get(name):
                terms[name] = _(NAME_GONE) if name.startswith("client_") else _(WORDS_GONE)
        if (is_client or is_service) and not Contract.objects.filter(offer=offer).exists():
            terms["title"] = _(WORDS_GONE)
        offer.terms = terms
        offer.save(update_fields=["terms"])


def _forget_in_rights(user: User) -> None:
    """The receipts of rights keep numbers, sums and fingerprints; the words of whoever leaves go."""
    for one in RightsPaper.objects.filter(Q(entry__worker=user) | Q(entry__job__client__person=user)).select_related(
            "entry__job__client").order_by("pk"):
        if one.entry.worker_id == user.pk:
            one.paper |= {"maker_name": _(NAME_GONE), "title": "", "ai_note": "",
                          "files": [file | {"name": ""} for file in one.paper["files"]]}
        else:
            one.paper |= {"client_name": _(NAME_GONE), "client_address": _(NAME_GONE), "contest": _(WORDS_GONE)}
        one.save(update_fields=["paper"])


def _forget_names_of_files(user: User) -> None:
    """What a client has paid for stays theirs; what its maker called it goes, here and where it stands in a result."""
    for one in AnswerFile.objects.filter(answer__worker=user).select_related("file", "answer__item").order_by("pk"):
        one.file.name = named_by_content("file", one.file.kind)
        one.file.save(update_fields=["name"])
        item = Item.objects.select_for_update(of=("self",)).get(pk=one.answer.item_id)
        for given in (item.result or {}).get(one.block, ()):
            if given["key"] == str(one.pk):
                given["name"] = one.file.given_name
        item.save(update_fields=["result"])


def _forget_invitations(user: User, addresses: set[str]) -> None:
    """Organisations that have asked this address to join: the question is taken back, the address goes."""
    for address in addresses:
        Invitation.objects.filter(email__iexact=address, accepted_at=None, withdrawn_at=None).update(
            withdrawn_at=clock.now(), email="", token_hash="")
        Invitation.objects.filter(email__iexact=address).update(email="", token_hash="")


def _forget_what_was_said(user: User) -> None:
    """What others wrote about them goes with their page; what they wrote to others who applied is nobody's any more. What they
    answered goes, and the question or the reason before it stays: that is somebody else's."""
    Review.objects.filter(Q(worker=user) | Q(client__person=user)).exclude(writer=user).update(text="")
    Thanks.objects.filter(worker=user).update(text="")
    Bonus.objects.filter(contract__worker=user).update(words="")
    Proposal.objects.filter(job__client__person=user).update(reason_words="")
    JobQuestion.objects.filter(job__client__person=user).exclude(answer="").update(answer=_(WORDS_GONE))
    Dispute.objects.filter(OWN_ANSWER, answered_by=user).update(answer="")
    Talk.objects.filter(OWN_TALK, answered_by=user).update(answer_words="")


def _forget_in_notices(user: User, names: set[str]) -> None:
    """In the notices of everybody who dealt with them. A work that was done keeps its name."""
    abouts, others, parties = defaultdict(set), set(), set()
    client_words = {"client", "client_person"}
    for offer in Offer.objects.filter(Q(worker=user) | Q(client__person=user)).select_related("client", "contract").order_by("pk"):
        is_worker = offer.worker_id == user.pk
        others.add(offer.worker_id)
        parties.add(offer.client_id)
        contract = getattr(offer, "contract", None)
        for about in (offer.reference, contract and contract.reference):
            if about:
                abouts[about] |= {"worker_person"} if is_worker else client_words
                abouts[about] |= {"sender_person", "who_person", "who"} if offer.client.person_id else set()
    proposals = Proposal.objects.filter(Q(worker=user) | Q(job__client__person=user)).select_related("job", "job__client")
    for proposal in proposals.order_by("pk"):
        others.add(proposal.worker_id)
        parties.add(proposal.job.client_id)
        abouts[proposal.reference] |= {"worker_person"} if proposal.worker_id == user.pk else client_words
    for entry in Entry.objects.filter(job__client__person=user).order_by("pk"):
        others.add(entry.worker_id)
        abouts[entry.reference] |= client_words
    for question in JobQuestion.objects.filter(asker=user).select_related("job").order_by("pk"):
        parties.add(question.job.client_id)
        abouts[question.job.reference] |= {"who_person"}
    for batch in Batch.objects.filter(client__person=user).order_by("pk"):
        abouts[batch.reference] |= client_words
    for job in Job.objects.filter(client__person=user).order_by("pk"):
        abouts[job.reference] |= client_words
        names.add(job.title)
    names |= set(Offer.objects.filter(package__worker=user).values_list("terms__title", flat=True))
    names -= set(Contract.objects.filter(Q(client__person=user) | Q(package__worker=user)).values_list("title", flat=True))
    others |= set(Membership.objects.filter(Q(party__memberships__user=user) | Q(party__in=parties)).values_list("user", flat=True))
    others |= set(Member.objects.filter(thread__members__user=user).values_list("user", flat=True))
    notifications.forget_name(of_users=others - {user.pk}, names=names, abouts=abouts)


def _names(user: User, party: Party | None) -> set[str]:
    """Everything they were called in this town, as far as it was written down."""
    names = {user.display_name, user.kept_name, party.name if party else ""}
    names |= set(Offer.objects.filter(worker=user).values_list("terms__worker_name", flat=True))
    names |= set(Offer.objects.filter(client__person=user).values_list("terms__client_name", flat=True))
    names |= set(Job.objects.filter(client__person=user).values_list("client_name", flat=True))
    for own in Names.objects.filter(user=user):
        names |= {own.legal_name, own.call_name}
    return {name for name in names if name and name != _(NAME_GONE)}


def _addresses(user: User) -> set[str]:
    known = {user.email, *user.emailaddress_set.values_list("email", flat=True), *user.former_addresses.values_list("email", flat=True)}
    return {address for address in known if not address.endswith(NOWHERE)}
