"""Opening a thread and writing in it."""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.messaging import facts, policies
from machi.messaging.models import Member, Message, Thread
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import NotAllowed


def open_thread(*, about: str, members) -> Thread:
    """The conversation about one thing; opened once, joined by everybody named."""
    thread, _is_new = Thread.objects.get_or_create(about=about, defaults={"opened_at": clock.now()})
    for user in members:
        Member.objects.get_or_create(thread=thread, user=user)
    return thread


@transaction.atomic
def send_message(*, thread: Thread, by, body: str, key: str, title: str) -> Message:
    """Write a letter. The same form sent twice is one letter; the others hear of it once until they have read."""
    if not policies.can_write(by, thread):
        raise NotAllowed(_("message.not_yours"))
    message, is_new = Message.objects.get_or_create(
        thread=thread, sender=by, key=key, defaults={"body": body, "sent_at": clock.now()})
    if is_new:
        activity.record(actor=by, fact=facts.MESSAGE_SENT, about=thread.about)
        for member in thread.members.exclude(user=by).select_related("user").order_by("pk"):
            if not member.user.notices.filter(kind="contract.message", about=thread.about, read_at=None).exists():
                notifications.queue(to=member.user, kind="contract.message", about=thread.about, sender_person=by.name, job=title)
    return message


def mark_read(*, thread: Thread, by) -> None:
    """Somebody has seen everything that stands here now; the next letter is news again."""
    last = thread.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    Member.objects.filter(thread=thread, user=by, read_up_to__lt=last).update(read_up_to=last)
    notifications.mark_read_about(by=by, about=thread.about)
