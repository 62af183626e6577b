"""Papers of trade (取引書類) when one side leaves: sealed for the law, all of one contract together; the other side keeps its own, and
only it can open them.
"""
import datetime
import logging
from collections.abc import Sequence
from itertools import groupby

from django.db.models import Q

from machi.accounts.models import Party
from machi.documents.models import Document, DocumentText
from machi.privacy import retention
from machi.privacy.actions.sealing import is_gone, key_for, locked_holder, put_under_seal
from machi.privacy.keys import KeyGone
from machi.privacy.models import Paper
from machi.privacy.taking_home import open_paper
from machi.shared import clock

log = logging.getLogger(__name__)
KIND = Paper.Kind.DOCUMENTS
OF_ONE = ("party:", "worker:")      # of a month or a year: nothing stands there that is not on the papers it puts together


def seal_documents(leaving: Party) -> None:
    """Within the transaction of the leaving. What stands on the papers goes from their table; numbers, days and sums stay."""
    theirs = Document.objects.filter(Q(worker=leaving.person_id) | Q(party=leaving)).order_by().values("dealing")
    texts = list(DocumentText.objects.filter(document__dealing__in=theirs).select_related(
        "document", "document__party", "document__worker__party").order_by("document__dealing", "pk"))
    for about, group in groupby(texts, key=lambda text: text.document.dealing):
        papers = [] if about.startswith(OF_ONE) else list(group)
        _seal_for_the_law(leaving, about, _content(papers, leaving))
        for other in {side for text in papers for side in _holders(text.document)} - {leaving}:
            _give_copy(other, about, _content(papers, other))
    DocumentText.objects.filter(pk__in=[text.pk for text in texts]).delete()
    _seal_copies(leaving)


def _holders(document: Document) -> list[Party]:
    """Whose paper it is; a worker by the party behind them."""
    return [side for side in (document.party, document.worker and document.worker.party) if side]


def _content(papers: Sequence[DocumentText], holder: Party) -> list[dict]:
    """Those of the papers that are this side's, as they stand."""
    return [{"document": text.pk, "dated_on": text.document.dated_on.isoformat(), "sha256": text.document.sha256, "payload": text.payload,
             "worker_name": text.worker_name, "client_name": text.client_name}
            for text in papers if holder in _holders(text.document)]


def _seal_for_the_law(holder: Party, about: str, content: list[dict]) -> None:
    """Until the years of the newest of them are over."""
    if not content:
        return
    dated_on = _newest(content)
    destroy_on = retention.rules()[KIND].until(dated_on)
    if destroy_on > clock.today():
        put_under_seal(holder, about, KIND, {"papers": content}, dated_on, key_for(holder, destroy_on))


def _give_copy(holder: Party, about: str, content: list[dict]) -> None:
    holder = locked_holder(holder.pk)
    if content and not is_gone(holder):
        put_under_seal(holder, about, KIND, {"papers": content}, _newest(content), key_for(holder, None))


def _seal_copies(leaving: Party) -> None:
    """Of contracts whose other side left before: what this side could open until now is sealed for the law."""
    for copy in Paper.objects.filter(holder=leaving, kind=KIND, key__destroy_on=None).select_related("key").order_by("pk"):
        try:
            content = open_paper(copy)["papers"]
        except KeyGone:
            log.warning("the papers in %s could not be opened and are not sealed", copy.pk)
            continue
        about = copy.about
        copy.delete()
        _seal_for_the_law(leaving, about, content)


def _newest(content: list[dict]) -> datetime.date:
    return datetime.date.fromisoformat(max(one["dated_on"] for one in content))
