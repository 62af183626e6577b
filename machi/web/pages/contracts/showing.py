"""What stands on the pages of one contract, gathered from the rooms in the same few questions however much there is."""
import secrets

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from machi.contracts import policies
from machi.contracts.models import Contract, Milestone
from machi.contracts.terms import money_in
from machi.messaging.models import Thread
from machi.messaging.queries import letters
from machi.payments.queries import bank_account_of, earning_of
from machi.reviews.policies import can_review, can_thank
from machi.reviews.queries import reviewed_by, reviews_in
from machi.web.frame.jinja import page, wants_part
from machi.web.pages.contracts.forms import MessageForm
from machi.web.pages.contracts.papers import terms_rows
from machi.web.pages.contracts.standing import CLIENT, WORKER, Seen, client_called, standing, steps_of
from machi.web.pages.contracts.story import story_of

LETTERS_SHOWN = 50


def contract_for(request, pk: int) -> Contract:
    """The contract, for its two sides; for everybody else it does not exist."""
    ours = Contract.objects.visible_to(request.user).select_related("client", "client__person", "worker", "offer", "offer__job")
    return get_object_or_404(ours, pk=pk)


def sent(request):
    """What a form was sent with. A form that was sent empty was sent all the same, and is answered so."""
    return request.POST if request.method == "POST" else None


def seen_by(user, contract: Contract) -> Seen:
    """The contract with the eyes of one side."""
    milestone = contract.milestones.order_by("number")[0]
    milestone.contract = contract
    return Seen(contract, milestone, WORKER if user.pk == contract.worker_id else CLIENT, earning_of(milestone.pk),
                has_account=bool(bank_account_of(user)), has_reviewed=contract.pk in reviewed_by(user, [contract]))


def head_of(seen: Seen) -> dict:
    """What every page of a contract shows: whose it is, its terms, both sides' money."""
    return {
        "contract": seen.contract, "milestone": seen.milestone, "side": seen.side, "seen": seen,
        "other": seen.client if seen.side == WORKER else seen.worker, "client_name": client_called(seen.contract.client),
        "money": money_in(seen.contract.terms), "terms": terms_rows(seen.contract.terms),
        "round": seen.milestone.revisions_used + 1, "badge": seen.badge,
    }


def room_context(request, contract: Contract, form: MessageForm | None = None, refusal: str = "") -> dict:
    """Everything on the page of a contract."""
    user, seen = request.user, seen_by(request.user, contract)
    milestone = seen.milestone
    return head_of(seen) | letters_context(request, contract, form) | {
        "now": standing(seen), "steps": steps_of(seen), "story": story_of(contract, milestone, seen.earning), "earning": seen.earning,
        "paid_on": seen.earning.payout.paid_on if seen.earning and seen.earning.payout else None,
        "rounds": rounds_of(milestone), "refusal": refusal, "reviews": reviews_in(contract, user),
        "can_ask_changes": policies.can_ask_changes(user, milestone), "can_review": can_review(user, contract),
        "can_thank": can_thank(user, contract), "thanks": getattr(contract, "thanks", None),
    }


def letters_context(request, contract: Contract, form: MessageForm | None = None) -> dict:
    """The conversation: the newest letters, or all of them when asked."""
    written = letters(thread_of(contract, request.user))
    is_whole = request.GET.get("letters") == "all"
    shown = list(written) if is_whole else list(written.reverse()[:LETTERS_SHOWN + 1])[::-1]
    has_older = not is_whole and len(shown) > LETTERS_SHOWN
    return {"contract": contract, "letters": shown[1:] if has_older else shown, "has_older": has_older,
            "message_form": form or MessageForm(initial={"key": fresh_key()})}


def thread_of(contract: Contract, user) -> Thread:
    """The conversation of a contract; it was opened when the contract was made."""
    return get_object_or_404(Thread.objects.visible_to(user), about=contract.reference)


def fresh_key() -> str:
    """Names one form, so that sending it twice is one letter."""
    return secrets.token_urlsafe(16)


def rounds_of(milestone: Milestone) -> list:
    """Each delivery with its files, and the changes that were asked for after it. Newest first."""
    asked = {request.round: request for request in milestone.revision_requests.order_by("round")}
    handed = milestone.deliveries.prefetch_related("files").order_by("-round")
    return [(delivery, sorted(delivery.files.all(), key=lambda file: file.pk), asked.get(delivery.round)) for delivery in handed]


def show_room(request, contract: Contract, *, refusal: str = "", status: int = 200) -> HttpResponse:
    return page(request, "contracts/room.html", room_context(request, contract, refusal=refusal), status=status)


def to_room(request, contract: Contract, fragment: str = "") -> HttpResponse:
    """On to the contract, also when a part of another page was waiting for an answer."""
    address = reverse("contracts:room", args=[contract.pk]) + fragment
    return HttpResponseClientRedirect(address) if wants_part(request) else redirect(address)
