"""Processes that belong together: a child leaves when its parent is gone, however the parent went."""
import os
import signal
import threading
import time


def with_parent() -> dict[str, str]:
    """The environment for a child, so that it knows its parent even if the parent dies before the child looks."""
    return os.environ | {"MACHI_PARENT": str(os.getpid())}


def leave_with_parent() -> None:
    """From now on watch the process that started this one; when it is gone, end politely, then at once."""
    parent = int(os.environ.get("MACHI_PARENT") or os.getppid())

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="leave-with-parent").start()
