"""The conversation of a contract on its pages: its letters, and whether somebody has news in it."""
import secrets

from django.http import Http404

from machi.contracts import policies
from machi.contracts.models import Contract
from machi.messaging.models import Thread
from machi.messaging.policies import can_write
from machi.messaging.queries import NEWEST, conversation, letters, newest_letters
from machi.notifications.queries import COUNTED
from machi.web.frame import look
from machi.web.pages.contracts.forms import MessageForm


def letters_context(request, contract: Contract, form: MessageForm | None = None, thread: Thread | None = None) -> dict:
    """The conversation: the newest letters, or all of them when asked."""
    if not policies.can_read_work(request.user, contract):
        return {"contract": contract, "letters": None}
    thread = thread or thread_of(contract, request.user)
    is_whole = request.GET.get("letters") == "all"
    shown = letters(thread) if is_whole else newest_letters(thread)
    has_older = not is_whole and len(shown) > NEWEST
    return {"contract": contract, "letters": shown[1:] if has_older else shown, "has_older": has_older, "reader": request.user.pk,
            "party": contract.client.name if contract.client.is_organisation else "",
            "message_form": form or MessageForm(initial={"key": fresh_key()}), "can_write": can_write(request.user, thread)}


def thread_of(contract: Contract, user) -> Thread:
    """The conversation of a contract, for whoever takes part; it was opened when the contract was made."""
    if found := conversation(contract.reference, user):
        return found
    raise Http404


def has_news(contract: Contract, thread: Thread, letters: list, user) -> bool:
    """Is there a letter or a notice here that this person has not seen? Otherwise nothing needs to be marked as read."""
    news = look.news_of(user)
    return bool(letters) and letters[-1].pk > (thread.read_up_to or 0) or contract.reference in news or len(news) == COUNTED


def fresh_key() -> str:
    """Names one form, so that sending it twice is one letter."""
    return secrets.token_urlsafe(16)
