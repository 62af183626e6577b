"""What belongs to whom: for every table of the town, how a row leads to a person, and what becomes of it when they leave.

Read from the models themselves, as far as they say it:

    a column that names one person                  the row is theirs                       Strength.user
    a column that names one party                   it is that of the person behind it      Job.client -> client.person
    a column that names one row that is somebody's  it is theirs too                        DeliveryFile.delivery
    a person and a party, or two people             somebody has to say it: DECLARED
    nobody, and yet words that are personal         somebody has to say why: OF_THE_TOWN

A table for which none of this holds stops the town's tests (tests/architecture/test_belongings.py). So whoever adds a table
has said who may take it home, and whose leaving empties it.
"""
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from machi.accounts.models import Party, having
from machi.accounts.powers import READS_WORK
from machi.contracts.models import Side
from machi.shared.privacy import BUSINESS, PERSONAL, PRIVATE, PUBLIC, SECRET
from machi.tasks.lifecycle import IS_PAID
from machi.tasks.models.answers import UNREAD

ABOUT_PEOPLE = {PUBLIC, PERSONAL, PRIVATE, SECRET}
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


class Fate(Enum):
    """What becomes of somebody's rows when they leave for good."""

    GO = "go"                           # the row is deleted
    EMPTY = "empty"                     # the row stays, because others or the books stand on it; its words go
    STAY = "stay"                       # the row stays as it is, under a number without a name


class Unclear(Exception):
    """Nobody has said to whom the rows of a table belong."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """How the rows of one table lead to people."""

    table: type[models.Model]
    own: tuple[str, ...] = ()           # lookups to the person whose row it is
    shared: tuple[str, ...] = ()        # to a person who has it too: the other side of a contract, a reader of a letter
    fate: Fate = Fate.STAY
    also: tuple[str, ...] = ()          # columns that go as well: they name a person, or words that are their own
    keep: tuple[str, ...] = ()          # columns that stay though their tag would let them go
    instead: dict | None = None         # column that may not be empty -> the text of the catalogue that takes its place
    goes_if: Q | None = None            # of their own rows only these follow their fate: others were written for somebody who stays
    when_open: Q | None = None          # what is shared may be read only if this holds, asked of the very row that leads to the person
    takes_secrets: bool = False         # their own bank account is theirs to take home; what opens a door is not
    columns: tuple[str, ...] = ()       # of a table that is not ours: the columns to take home
    told_in: str = ""                   # a column with a reference such as user:7: what is told of a person is theirs to know

    @property
    def label(self) -> str:
        return self.table._meta.label

    @property
    def leads_to_people(self) -> bool:
        return bool(self.own or self.shared)

    def owned_by(self, person) -> QuerySet:
        """The rows that are this person's."""
        return self._rows(_any(self.own, person))

    def leaving_with(self, person) -> QuerySet:
        """Those of them that go, or lose their words, when this person leaves for good."""
        own = _any(self.own, person)
        return self._rows(own if self.goes_if is None else own & self.goes_if)

    def known_to(self, person) -> QuerySet:
        """The rows that this person may take home: their own, and those they share, as far as these are open to them."""
        shared, told = _any(self.shared, person), Q(**{self.told_in: f"user:{person.pk}"}) if self.told_in else Q()
        return self._rows(_any(self.own, person) | told | (shared & self.when_open if self.when_open is not None else shared))

    def _rows(self, condition: Q) -> QuerySet:
        if not condition:
            return self.table.objects.none()
        return self.table.objects.filter(pk__in=self.table.objects.filter(condition).order_by().values("pk")).order_by("pk")

    def emptied(self) -> list[models.Field]:
        """The columns whose words go: what a person typed or is known by. Numbers, days and choices say nothing without them."""
        return [field for field in self.table._meta.local_concrete_fields if field.name not in self.keep and (
            field.name in self.also or field.db_comment in ABOUT_PEOPLE and _holds_words(field))]

    def taken_home(self) -> list[models.Field]:
        """The columns that stand in an export."""
        fields = self.table._meta.local_concrete_fields
        if self.columns:
            return [field for field in fields if field.name in self.columns]
        return [field for field in fields if field.db_comment != SECRET or self.takes_secrets]


NAME_GONE, WORDS_GONE = gettext_noop("person.left"), gettext_noop("erased.words")
# A letter is read by whoever takes part in person, by the person who is the party, and by those who read for an organisation now.
READS_NOW = Q(thread__members__is_for_party=False) | Q(thread__party__person__isnull=False) | Q(
    having(READS_WORK, "thread__party__memberships__"), thread__party__memberships__user=F("thread__members__user"),
    thread__party__memberships__left_at=None)
# What somebody wrote for an organisation is what it agreed on; it stays when they go.
OWN_LETTER = Q(thread__members__user=F("sender"), thread__members__is_for_party=False) | ~Q(thread__party__kind=Party.Kind.ORGANISATION)
OWN_WISH = Q(side=Side.WORKER) | ~Q(milestone__contract__client__kind=Party.Kind.ORGANISATION)
OWN_EVIDENCE = Q(side=Side.WORKER) | ~Q(dispute__milestone__contract__client__kind=Party.Kind.ORGANISATION)
OWN_NO = Q(refused_side=Side.WORKER) | ~Q(dispute__milestone__contract__client__kind=Party.Kind.ORGANISATION)
OWN_FILE = (Q(dispute_file=None) | Q(dispute_file__side=Side.WORKER) | ~Q(
    dispute_file__dispute__milestone__contract__client__kind=Party.Kind.ORGANISATION)) & (
    Q(task_piece=None) | ~Q(task_piece__batch__client__kind=Party.Kind.ORGANISATION))       # people are at work with it
UNPAID_ANSWER = ~Q(answer__state__in=IS_PAID, answer__paid_percent__gt=0)
UNPAID_FILE = ~Q(answer_file__answer__state__in=IS_PAID, answer_file__answer__paid_percent__gt=0)
OWN_CHANGE = Q(side=Side.WORKER) | ~Q(contract__client__kind=Party.Kind.ORGANISATION)
# Where the columns alone do not say it. The key is the table, as Django writes it.
DECLARED: dict[str, dict] = {
    "accounts.User": {"own": ("pk",), "fate": Fate.EMPTY},
    "accounts.Party": {"own": ("person",), "fate": Fate.EMPTY, "also": ("address", "contact")},
    "accounts.FormerAddress": {"own": ("user",), "fate": Fate.GO},
    "accounts.Duty": {"own": ("person",)},                                  # what the town's own people were trusted with stays written
    "accounts.Membership": {"own": ("user",)},                              # for whom they acted stays in the papers of that party
    "organisations.Invitation": {"own": ("accepted_by",), "fate": Fate.EMPTY},
    "activity.Fact": {"own": ("actor",), "fate": Fate.STAY, "told_in": "about"},    # append-only, and without anybody's words
    "messaging.Message": {"own": ("sender",), "shared": ("thread__members__user", "thread__party__person"), "when_open": READS_NOW,
                          "fate": Fate.EMPTY, "goes_if": OWN_LETTER, "instead": {"body": WORDS_GONE}},
    "jobs.Job": {"own": ("client__person",), "fate": Fate.EMPTY, "also": (
        "client_address", "client_contact", "topic", "topic_before", "pairs"), "instead": {
        "title": WORDS_GONE, "body": WORDS_GONE, "place": WORDS_GONE, "client_name": NAME_GONE, "client_address": NAME_GONE,
        "client_contact": NAME_GONE}},
    "jobs.Contest": {"own": ("job__client__person",)},                       # sums and numbers without a word of anybody's
    "payments.MoneyStop": {"own": ("raised_by",)},                          # why the town's own people stopped money stays written
    "jobs.JobLook": {"own": ("job__client__person",), "fate": Fate.STAY},     # what the town said about words, without theirs
    "jobs.JobChange": {"own": ("job__client__person",), "fate": Fate.EMPTY},  # of an organisation's post it is the organisation's
    "jobs.JobQuestion": {"own": ("asker",), "shared": ("job__client__person",), "fate": Fate.EMPTY, "keep": ("answer",),
                         "instead": {"words": WORDS_GONE}},
    "packages.Package": {"own": ("worker",), "fate": Fate.EMPTY, "also": ("pairs",), "instead": {
        "title": WORDS_GONE, "body": WORDS_GONE, "place": WORDS_GONE}},     # orders stand on it
    # what was handed in is its maker's; the client takes home what a prize was paid for, and what they noted for themselves
    "proposals.Entry": {"own": ("worker",), "shared": ("job__client__person",), "when_open": Q(state="awarded"), "fate": Fate.EMPTY},
    "proposals.EntryFile": {"own": ("entry__worker",), "shared": ("entry__job__client__person",), "when_open": Q(entry__state="awarded"),
                            "fate": Fate.GO},
    "proposals.RightsPaper": {"shared": ("entry__worker", "entry__job__client__person")},      # its words go by hand (actions/erasing.py)
    "proposals.EntryMark": {"own": ("entry__job__client__person",), "fate": Fate.GO},
    "tasks.Batch": {"own": ("client__person",), "fate": Fate.EMPTY, "also": ("client_address", "client_contact", "topic"),
                    "keep": ("title",), "instead": {"client_name": NAME_GONE}},         # work that was done keeps its name
    "tasks.BatchForm": {"own": ("batch__client__person",)},                  # what was asked: the answers that were paid stand on it
    "tasks.Import": {"own": ("batch__client__person",), "fate": Fate.EMPTY},
    "tasks.Item": {"own": ("batch__client__person",), "fate": Fate.EMPTY},
    "tasks.Piece": {"own": ("batch__client__person",), "fate": Fate.GO},
    "tasks.Parcel": {"own": ("batch__client__person",), "fate": Fate.GO},
    "tasks.Slots": {"own": ("batch__client__person",)},
    "tasks.Closing": {"own": ("batch__client__person",)},
    # what came out of it is the client's (Item.result); what somebody wrote themselves goes, the client's reason is not theirs
    "tasks.Answer": {"own": ("worker",), "shared": ("batch__client__person",), "when_open": ~Q(state__in=("held", "given_back")),
                     "fate": Fate.EMPTY, "keep": ("reason", "ruling"), "instead": {"flag": WORDS_GONE}},
    # what a client has paid for stays theirs, under a name that says nothing (actions/erasing.py)
    "tasks.AnswerFile": {"own": ("answer__worker",), "shared": ("answer__batch__client__person",),
                         "when_open": ~Q(answer__state__in=UNREAD), "fate": Fate.GO, "goes_if": UNPAID_ANSWER},
    "contracts.Offer": {"shared": ("worker", "client__person")},            # their words move to the sealed store (actions/erasing.py)
    "contracts.Contract": {"shared": ("worker", "client__person")},
    "contracts.Delivery": {"own": ("milestone__contract__worker",), "shared": ("milestone__contract__client__person",),
                           "fate": Fate.EMPTY, "instead": {"text": WORDS_GONE}},
    "contracts.RevisionRequest": {"own": ("milestone__contract__client__person",), "shared": ("milestone__contract__worker",),
                                  "fate": Fate.EMPTY, "instead": {"points": WORDS_GONE}},
    "contracts.CheckIn": {"own": ("milestone__contract__worker",), "shared": ("milestone__contract__client__person",),
                          "when_open": ~Q(answer="")},
    "contracts.EndNotice": {"own": ("given_by",), "shared": ("contract__worker", "contract__client__person"), "fate": Fate.EMPTY,
                            "goes_if": ~Q(contract__client__kind=Party.Kind.ORGANISATION)},
    "contracts.DateRequest": {"own": ("asked_by",), "shared": ("milestone__contract__worker", "milestone__contract__client__person"),
                              "fate": Fate.EMPTY, "goes_if": OWN_WISH},
    "contracts.ChangeOrder": {"own": ("asked_by",), "shared": ("contract__worker", "contract__client__person"),
                              "fate": Fate.EMPTY, "goes_if": OWN_CHANGE},
    "contracts.Talk": {"own": ("asked_by",), "shared": ("contract__worker", "contract__client__person"), "fate": Fate.EMPTY,
                       "goes_if": OWN_CHANGE, "keep": ("answer_words",)},
    "contracts.StandIn": {"own": ("contract__worker",), "shared": ("person", "contract__client__person"), "fate": Fate.EMPTY},
    "contracts.Dispute": {"own": ("opened_by",), "shared": ("milestone__contract__worker", "milestone__contract__client__person"),
                          "fate": Fate.EMPTY, "goes_if": OWN_WISH, "keep": ("answer",), "instead": {"reason": WORDS_GONE}},
    "contracts.DisputeFile": {"own": ("file__owner",), "shared": ("dispute__milestone__contract__worker",
                              "dispute__milestone__contract__client__person"), "fate": Fate.GO, "goes_if": OWN_EVIDENCE},
    # what the town proposed and ruled stays; the words with which one side said no are theirs
    "contracts.DisputeProposal": {"own": ("refused_by",), "shared": ("dispute__milestone__contract__worker",
                                  "dispute__milestone__contract__client__person"), "fate": Fate.EMPTY, "goes_if": OWN_NO,
                                  "keep": ("words",)},
    "contracts.Ruling": {"shared": ("dispute__milestone__contract__worker", "dispute__milestone__contract__client__person")},
    "contracts.Timesheet": {"shared": ("contract__worker", "contract__client__person")},
    "contracts.TimeEntry": {"own": ("worker",), "shared": ("timesheet__contract__client__person",), "when_open": Q(removed_at=None),
                            "fate": Fate.EMPTY},
    "contracts.DeliveryFile": {"own": ("delivery__milestone__contract__worker",),
                               "shared": ("delivery__milestone__contract__client__person",), "fate": Fate.GO},
    "files.File": {"own": ("owner",), "shared": ("delivery_file__delivery__milestone__contract__client__person",
                                                 "dispute_file__dispute__milestone__contract__worker",
                                                 "dispute_file__dispute__milestone__contract__client__person",
                                                 "entry_file__entry__job__client__person",
                                                 "answer_file__answer__batch__client__person"),
                   "when_open": Q(delivery_file__isnull=False) | Q(dispute_file__isnull=False) | Q(entry_file__entry__state="awarded")
                   | Q(answer_file__isnull=False) & ~Q(answer_file__answer__state__in=UNREAD),
                   "fate": Fate.GO, "goes_if": OWN_FILE & UNPAID_FILE},
    "portfolio.PieceFile": {"own": ("piece__user",), "fate": Fate.GO},
    # what somebody wrote about another stays, without their name; what was written about them goes with their page
    "reviews.Review": {"own": ("writer",), "shared": ("worker", "client__person"), "when_open": Q(opened_at__isnull=False)},
    "reviews.Thanks": {"own": ("contract__client__person",), "shared": ("worker",)},
    "contracts.Bonus": {"own": ("given_by",), "shared": ("contract__worker", "contract__client__person")},
    "reviews.IssuedRecord": {"own": ("user",), "fate": Fate.EMPTY},         # by the row that stays the town answers "revoked"
    "payments.ExpectedDeposit": {"own": ("party__person",)},
    "cards.Intent": {"own": ("party__person",)},                            # no number of a card is anywhere in the town
    "cards.CardRefund": {"own": ("intent__party__person",)},
    "cards.Chargeback": {"own": ("intent__party__person",)},
    "payments.Debt": {"own": ("party__person",)},
    "payments.Repayment": {"own": ("debt__party__person",)},
    "payments.Taken": {"own": ("chargeback__intent__party__person",)},
    "cards.Quarantine": {"own": ("closed_by",)},                            # who worked at the desk stays written
    "payments.BankLine": {"own": ("decided_by",)},                          # who worked at the desk stays written
    "payments.PayoutBatch": {"own": ("proposed_by", "approved_by", "given_by")},
    "payments.PayoutPause": {"own": ("worker",), "fate": Fate.EMPTY, "also": ("words",), "instead": {"words": WORDS_GONE}},
    "payments.RefundAccount": {"own": ("party__person",), "fate": Fate.GO, "takes_secrets": True},
    "payments.Adjustment": {"shared": ("worker", "party__person")},          # why the town's own people put it right stays written
    "payments.Earning": {"shared": ("worker", "party__person")},
    "documents.Document": {"shared": ("worker", "party__person")},
    # moves to the sealed store with whoever leaves (actions/sealing_documents.py)
    "documents.DocumentText": {"shared": ("document__worker", "document__party__person")},
    "taxes.TaxStanding": {"own": ("user",), "fate": Fate.GO},
    "payments.BankAccount": {"own": ("worker",), "fate": Fate.GO, "takes_secrets": True},
    "payments.LateAccount": {"own": ("worker",), "fate": Fate.EMPTY, "takes_secrets": True},     # they have left before it is written
    "payments.Payout": {"own": ("worker",), "fate": Fate.EMPTY, "also": ("bank_name",), "takes_secrets": True},
    "banking.Import": {"own": ("imported_by",)},                            # who worked at the desk stays written
    "privacy.Paper": {"own": ("holder__person",)},                          # sealed; it has a fate of its own (retention.py)
    # of the libraries
    "account.EmailAddress": {"own": ("user",), "fate": Fate.GO, "columns": ("email", "verified", "primary")},
    "account.EmailConfirmation": {"own": ("email_address__user",), "fate": Fate.GO, "columns": ("created", "sent")},
    "mfa.Authenticator": {"own": ("user",), "fate": Fate.GO, "columns": ("type", "created_at", "last_used_at")},
    "usersessions.UserSession": {"own": ("user",), "fate": Fate.GO, "columns": ("created_at", "last_seen_at", "ip", "user_agent")},
}
# Tables with words that are nobody's, and why.
OF_THE_TOWN: dict[str, str] = {
    "banking.BankRow": "the lines of the town's own bank account: days and sums, nobody's name",
    "banking.BankWords": "what the bank wrote beside them, often who paid: kept as long as the law keeps the books, then deleted "
                         "(actions/sweeping.py)",
    "privacy.LastWord": "what somebody wrote as they left, given away without a name: nobody can find whose it is (ADR 11)",
    "taxonomy.Category": "the town's own list of kinds of work",
    "taxonomy.Skill": "the town's own list of skills",
    "taxonomy.Topic": "words of the language, shared by everybody: what somebody brought goes when nobody names it any more",
}


def belongings() -> dict[str, Belonging]:
    """Label of a table -> how its rows lead to people; only tables that do. Raises Unclear, with all names at once."""
    found, unclear = _read(apps.get_models())
    if unclear:
        raise Unclear("; ".join(f"{label}: {why}" for label, why in sorted(unclear.items())))
    return found


all_of_them = functools.cache(belongings)           # the models of a running town do not change


def unclear(tables: Iterable[type[models.Model]]) -> dict[str, str]:
    """The tables of which nobody knows whose rows they hold, and what is missing."""
    return _read(tables)[1]


def _read(tables: Iterable[type[models.Model]]) -> tuple[dict[str, Belonging], dict[str, str]]:
    found, unclear = {}, {}
    for table in tables:
        if table._meta.proxy or table._meta.label in OF_THE_TOWN:
            continue
        try:
            one = _belonging(table)
        except Unclear as why:
            unclear[table._meta.label] = str(why)
            continue
        if one and one.leads_to_people:
            found[one.label] = one
    return found, unclear


def _belonging(table: type[models.Model], seen: tuple = ()) -> Belonging | None:
    """The belonging of one table; None where it leads to nobody."""
    label = table._meta.label
    if label in DECLARED:
        return Belonging(table, **DECLARED[label])
    if label in OF_THE_TOWN or table in seen:
        return None
    people, parties, others = _pointers(table)
    is_personal = any(field.db_comment in ABOUT_PEOPLE and _holds_words(field) for field in table._meta.local_concrete_fields)
    if not apps.get_app_config(table._meta.app_label).name.startswith("machi."):
        if people:
            raise Unclear("a table of a library names a person: declare it, with the columns to take home")
        return None
    if len(people) + len(parties) == 1:
        own = (people[0],) if people else (f"{parties[0]}__person",)
        return Belonging(table, own=own, fate=_fate(table))
    if people or parties:
        raise Unclear(f"it names {', '.join(people + parties)}: declare whose it is")
    parents = [(name, parent) for name, to in others if (parent := _belonging(to, (*seen, table)))]
    if len(parents) > 1:
        raise Unclear(f"it hangs on {', '.join(name for name, _parent in parents)}: declare whose it is")
    if parents:
        [(name, parent)] = parents
        own, shared = (tuple(f"{name}__{path}" for path in paths) for paths in (parent.own, parent.shared))
        if is_personal and not own:
            raise Unclear(f"both sides of {name} have it: declare who wrote it")
        return Belonging(table, own, shared, _fate(table) if own else Fate.STAY, when_open=_under(name, parent.when_open))
    if is_personal:
        raise Unclear("it has personal words and leads to nobody: declare whose it is, or that it is the town's")
    return None


def _pointers(table) -> tuple[list[str], list[str], list[tuple[str, type]]]:
    """The columns that name a person, a party, and other rows of ours."""
    people, parties, others = [], [], []
    for field in table._meta.local_concrete_fields:
        if not field.is_relation or not isinstance(field.related_model, type):
            continue
        to = field.related_model._meta.label
        if to == settings.AUTH_USER_MODEL:
            people.append(field.name)
        elif to == "accounts.Party":
            parties.append(field.name)
        elif field.related_model is not table:
            others.append((field.name, field.related_model))
    return people, parties, others


def _fate(table) -> Fate:
    """A row that is in the books, or on which other rows stand, stays without its words; every other goes."""
    is_business = any(field.db_comment == BUSINESS for field in table._meta.local_concrete_fields)
    is_stood_on = any(relation.on_delete in (models.PROTECT, models.RESTRICT, models.DO_NOTHING)
                      for relation in table._meta.related_objects if relation.concrete is False and hasattr(relation, "on_delete"))
    return Fate.EMPTY if is_business or is_stood_on else Fate.GO


def _holds_words(field: models.Field) -> bool:
    if field.is_relation or field.primary_key or getattr(field, "choices", None):
        return False
    if base := getattr(field, "base_field", None):          # a list
        return _holds_words(base)
    return isinstance(field, TEXTS)


def _any(paths: Iterable[str], person) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(**{path: person.pk})
    return condition


def _under(name: str, condition: Q | None) -> Q | None:
    """The same condition, asked of the row that this one hangs on."""
    if condition is None:
        return None
    return Q(*[(f"{name}__{lookup}", value) for lookup, value in condition.children], _connector=condition.connector)


def files_of(one: Belonging) -> Iterator[str]:
    """The columns that name a file on the disk of the town."""
    return (field.name for field in one.table._meta.local_concrete_fields if field.name == "stored_as")
