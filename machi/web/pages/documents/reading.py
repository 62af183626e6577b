"""Papers as a page, a PDF and lines of a file."""
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from machi.documents.models import Document
from machi.documents.naming import Names
from machi.documents.queries import counterparty_of
from machi.privacy.trade_papers import open_papers
from machi.web.frame.typeset import typeset

# Words that belong to the form of the paper, not to what stands on it: a paper is Japanese.
WORDS = {"number": "番号", "to": "様", "by": "発行者", "registered": "登録番号", "sha": "この書類の指紋（SHA-256）"}


class Line(NamedTuple):
    """One paper in the list."""

    document: Document
    kind: str
    counterparty: str


def line_of(document: Document, user) -> Line:
    return Line(document, str(document.get_kind_display()), counterparty_of(document, user) or _("person.left"))


class Found(NamedTuple):
    """One paper, opened, with the name of its file."""

    document: Document
    payload: dict
    counterparty: str
    name: str


def opened(documents: Iterable[Document], user) -> Iterator[Found]:
    """Those that can be opened; their names within one archive."""
    documents, names = list(documents), Names()
    contents = open_papers(documents, user)
    for one in documents:
        if content := contents.get(one.pk):
            other = content["client_name"] if one.worker_id == user.pk else content["worker_name"]
            yield Found(one, content["payload"], other, names.of(one.dated_on, other, one.amount_yen))


def pdf_of(found: Found) -> bytes:
    """PDF/UA-1, in the form that this paper was made for."""
    return typeset(f"document-{found.payload['template']}", found.payload | {"words": WORDS, "sha256": found.document.sha256})


def cells_of(found: Found) -> Iterator[list]:
    """Everything that stands on a paper, line by line, for a spreadsheet."""
    paper = found.payload
    yield [paper["title"], paper["number"]]
    yield ["版", paper["version"]]
    yield ["日付", paper["on"]]
    yield ["発行者", *filter(None, paper["by"])]
    yield ["宛先", *filter(None, paper["to"])]
    yield paper["sum"]
    yield from paper["rows"]
    yield from paper["table"]
    yield from ([note] for note in paper["notes"])
    yield from ([name, amount] for name, amount in paper["figures"].items())
    yield ["sha256", found.document.sha256]


INDEX = ("番号", "版", "種類", "取引年月日", "取引先", "金額", "登録番号", "ファイル", "SHA-256")


def index_row(found: Found) -> list:
    """One line of the list of an archive; its heads are INDEX."""
    one = found.document
    return [one.number, one.version, found.payload["title"], one.dated_on.isoformat(), found.counterparty, one.amount_yen,
            found.payload["by"][2], found.name, one.sha256]


def headers(name: str) -> dict[str, str]:
    """Of a file that is kept, never opened in the town's own name."""
    return {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
