"""Who may write in a thread: whoever takes part."""
from machi.messaging.models import Thread


def can_write(user, thread: Thread) -> bool:
    return thread.members.filter(user=user).exists()
