"""States of a proposal (応募)."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class ProposalState(TextChoices):
    DRAFT = "draft", _("proposal.state.draft")                      # 下書き
    SUBMITTED = "submitted", _("proposal.state.submitted")          # 応募した
    OFFERED = "offered", _("proposal.state.offered")                # お願いが届いた
    ACCEPTED = "accepted", _("proposal.state.accepted")             # 決まりました
    REFUSED = "refused", _("proposal.state.refused")                # 働く人が断った
    WITHDRAWN = "withdrawn", _("proposal.state.withdrawn")          # 取り消した
    NOT_CHOSEN = "not_chosen", _("proposal.state.not_chosen")       # ほかの方に決まりました
    CLOSED = "closed", _("proposal.state.closed")                   # 募集が終わった


S = ProposalState
PROPOSAL_LIFECYCLE = Lifecycle({
    (S.DRAFT, "save"): S.DRAFT,
    (S.DRAFT, "submit"): S.SUBMITTED,
    (S.DRAFT, "discard"): S.WITHDRAWN,
    (S.SUBMITTED, "withdraw"): S.WITHDRAWN,
    (S.SUBMITTED, "offer"): S.OFFERED,
    (S.SUBMITTED, "decline"): S.NOT_CHOSEN,
    (S.SUBMITTED, "close"): S.CLOSED,                               # nobody was chosen, or the client never answered
    (S.OFFERED, "accept"): S.ACCEPTED,
    (S.OFFERED, "refuse"): S.REFUSED,
    (S.OFFERED, "expire"): S.REFUSED,
    (S.WITHDRAWN, "save"): S.DRAFT,                                 # a change of mind while the post is open
})
