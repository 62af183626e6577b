"""What goes back to clients by somebody's transfer (返金待ち): to whom, since when, and what keeps it here."""
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.cards.models import CardRefund
from machi.notifications.models import Notice
from machi.notifications.words import moment
from machi.payments.figures import has_own_account, is_paid_by_card
from machi.payments.lifecycle import RefundState
from machi.payments.models import Refund
from machi.payments.queries.cards import card_for, refunds_not_by_card
from machi.payments.queries.holds import hold
from machi.payments.queries.waiting import refund_account_of
from machi.shared import clock

NO_REFUND_ACCOUNT = "refund.waiting_for_account"
ASKED_AT_ONCE = "contract.goes_back_where"          # the notice that money goes back asks for the account, too


def refunds_by_transfer() -> QuerySet[Refund]:
    """What has not left and somebody sends, the oldest first; nothing where the bank is told by the town itself."""
    return refunds_not_by_card().select_related("party__refund_account") if has_own_account() else Refund.objects.none()


def why_not_sent(refund: Refund) -> str:
    """What keeps a refund from being transferred now, in words; nothing when it may be. A new account rests as a worker's does: whoever
    owns the page hears of the change first.
    """
    account = getattr(refund.party, "refund_account", None)
    if account is None:
        return _("refund.no_account")
    rests_until = account.changed_at + hold()
    return _("hold.new_account") % {"moment": moment(rests_until)} if clock.now() < rests_until else ""


def waits_for_its_card(refund: Refund) -> bool:
    """Is its card about to be asked by the clock? Whoever transferred it meanwhile would send it twice."""
    return is_paid_by_card() and refund.state == RefundState.OWED and card_for(refund) is not None


def refunds_without_account() -> QuerySet[Refund]:
    """What waits for an account that nobody has been asked for yet."""
    asked = Notice.objects.filter(kind=NO_REFUND_ACCOUNT, about=Concat(Value("refund:"), Cast(OuterRef("pk"), CharField())))
    refused = CardRefund.objects.filter(reference=Concat(Value("refund:"), OuterRef("reference")))     # told when their card refused it
    at_once = Notice.objects.filter(kind=ASKED_AT_ONCE, about=OuterRef("about"), created_at__gte=OuterRef("requested_at"))
    here = refunds_by_transfer().exclude(party__person__erased_at__isnull=False)
    untold = here.filter(~Exists(asked), ~Exists(at_once), ~Exists(refused))
    return untold.filter(party__refund_account=None, came_back_count=0)     # what came back says so


def withheld_kind(party: Party) -> str:
    """Which notice says that tax was withheld: where it comes back by a transfer and nobody has said where to, it asks for that, too."""
    is_asked = has_own_account() and not is_paid_by_card() and refund_account_of(party) is None
    return "withheld.returned_where" if is_asked else "withheld.returned"


def waits_for_an_account(reference: str) -> bool:
    """Would what goes back of this piece of work leave by a transfer, and has nobody said where to?"""
    refund = refunds_by_transfer().filter(reference=reference, party__refund_account=None).first()
    return refund is not None and not waits_for_its_card(refund)


def refunds_of(user, party: Party) -> QuerySet[Refund]:
    """All that went back to a client, or is on its way, as far as this person looks after their money: the newest first."""
    return Refund.objects.visible_to(user).filter(party=party).order_by("-pk")
