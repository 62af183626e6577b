"""Processes that belong together: a child leaves when its parent is gone, however the parent went."""
import os
import signal
import threading
import time


def leave_with_parent() -> None:
    """From now on watch the process that started this one; when it is gone, end politely, then at once."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="leave-with-parent").start()
