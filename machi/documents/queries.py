"""Questions about papers: those of somebody, searched by day, sum and counterparty together (電子帳簿保存法施行規則4条1項, 検索要件)."""
import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from machi.documents.kinds import Kind
from machi.documents.models import Document, number_of
from machi.shared.japanese import folded


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; each part may be left out, and all that are said hold together."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    least_yen: int | None = None
    most_yen: int | None = None
    name: str = ""
    kind: str = ""


class Paper(NamedTuple):
    """A paper as the story of a piece of work names it."""

    pk: int
    when: datetime.datetime
    kind: str
    issuer: str
    year: int
    serial: int

    @property
    def number(self) -> str:
        return number_of(self.issuer, self.year, self.serial)

    @property
    def kind_said(self) -> str:
        return str(Kind(self.kind).label)


def papers_about(dealing: str, user) -> QuerySet[Document]:
    """The papers of one contract that this person may read, in the order in which they were made; each tells `when` (Paper)."""
    return Document.objects.visible_to(user).filter(dealing=dealing).annotate(when=F("issued_at")).order_by("pk")


def papers_of(user, search: Search) -> QuerySet[Document]:
    """The papers that this person may read and looks for, the newest first."""
    found, asked = Document.objects.visible_to(user), {
        "dated_on__gte": search.since, "dated_on__lte": search.until, "amount_yen__gte": search.least_yen,
        "amount_yen__lte": search.most_yen, "kind": search.kind or None}
    found = found.filter(**{name: value for name, value in asked.items() if value is not None})
    if key := key_of(search.name):
        mine = Q(worker=user)
        found = found.filter(mine & Q(text__client_key__contains=key) | ~mine & Q(text__worker_key__contains=key)
                             | Q(worker=None, text__worker_key__contains=key))
    return found.select_related("text").defer("text__payload").order_by("-dated_on", "-pk")


def counterparty_of(document: Document, user) -> str:
    """The other side as it was called on that day; empty when somebody has left and the words went with them."""
    text = getattr(document, "text", None)
    return "" if text is None else text.client_name if document.worker_id == user.pk else text.worker_name


def versions_of(document: Document) -> QuerySet[Document]:
    """All versions of the same paper."""
    return Document.objects.filter(kind=document.kind, about=document.about).order_by("version")


def key_of(name: str) -> str:
    """A name in the one spelling in which it is searched: without spaces, width, case."""
    return "".join(folded(name).split())[:120]
