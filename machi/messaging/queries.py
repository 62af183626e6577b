"""Questions about conversations."""
from django.db.models import QuerySet

from machi.messaging.models import Message, Thread


def thread_about(about: str, user) -> Thread | None:
    """The conversation about a thing, if this person takes part in it."""
    return Thread.objects.visible_to(user).filter(about=about).first()


def letters(thread: Thread) -> QuerySet[Message]:
    """Everything written, oldest first."""
    return Message.objects.filter(thread=thread).select_related("sender").order_by("pk")
