"""What stands on papers of trade, also when the other side has left: then it is in the copy that only whoever is here can open."""
import logging
from collections.abc import Iterable

from machi.accounts.models import Party
from machi.documents.models import Document
from machi.privacy.keys import KeyGone
from machi.privacy.models import Paper
from machi.privacy.taking_home import open_paper

log = logging.getLogger(__name__)


def open_papers(documents: Iterable[Document], reader) -> dict[int, dict]:
    """Number of a document -> all that stands on it, with both names (`payload`, `worker_name`, `client_name`). `documents` are those that
    `reader` may read; one whose key is lost is left out. Two questions, however many.
    """
    documents = list(documents)
    opened = {one.pk: {"payload": one.text.payload, "worker_name": one.text.worker_name, "client_name": one.text.client_name}
              for one in documents if hasattr(one, "text")}
    left = [one for one in documents if one.pk not in opened]
    if left:
        own = Party.objects.filter(person=reader).values_list("pk", flat=True).first()
        holders = {own if one.worker_id == reader.pk else one.party_id for one in left}
        wanted = {one.pk for one in left}
        for paper in Paper.objects.filter(kind=Paper.Kind.DOCUMENTS, about__in={one.dealing for one in left}, holder__in=holders - {None},
                                          key__destroy_on=None).select_related("key").order_by("pk"):
            opened |= {one["document"]: one for one in _papers_in(paper) if one["document"] in wanted}
    return opened


def _papers_in(paper: Paper) -> list[dict]:
    try:
        return open_paper(paper)["papers"]
    except KeyGone:
        log.warning("the papers in %s could not be opened", paper.pk)
        return []
