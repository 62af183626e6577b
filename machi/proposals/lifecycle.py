"""States of a proposal (応募) and of an entry of a contest (応募作品)."""
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


class EntryState(TextChoices):
    DRAFT = "draft", _("entry.state.draft")                         # 下書き
    SUBMITTED = "submitted", _("entry.state.submitted")             # 出した
    WITHDRAWN = "withdrawn", _("entry.state.withdrawn")             # 取り消した
    AWARDED = "awarded", _("entry.state.awarded")                   # 選ばれた
    SHARED = "shared", _("entry.state.shared")                      # nobody chose: a part of the pot
    NOT_CHOSEN = "not_chosen", _("entry.state.not_chosen")          # ほかの作品に決まりました


E = EntryState
ENTRY_LIFECYCLE = Lifecycle({
    (E.DRAFT, "save"): E.DRAFT,
    (E.DRAFT, "hand_in"): E.SUBMITTED,
    (E.DRAFT, "discard"): E.WITHDRAWN,
    (E.SUBMITTED, "change"): E.SUBMITTED,                           # a new version, until the closing day
    (E.SUBMITTED, "withdraw"): E.WITHDRAWN,
    (E.SUBMITTED, "award"): E.AWARDED,
    (E.SUBMITTED, "share"): E.SHARED,
    (E.SUBMITTED, "pass"): E.NOT_CHOSEN,
})
