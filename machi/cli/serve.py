"""The web process: granian with one worker per core and one thread each (docs/architecture.md)."""
import importlib
import logging
import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from machi.cli.environment import Environment
from machi.cli.family import leave_with_parent, with_parent


def application():
    """What each worker serves. A worker whose parent was killed would keep the port, so it leaves too."""
    leave_with_parent()
    return importlib.import_module("config.wsgi").application


def main() -> None:
    here = Environment()
    os.umask(0o077)                                     # what people hand over is nobody else's on this machine
    leave_with_parent()
    os.environ |= with_parent()                         # for the workers
    for name in ("config.wsgi", "config.urls"):         # before they are forked: loaded once, its memory shared
        importlib.import_module(name)
    Granian(
        "machi.cli.serve:application", factory=True, interface=Interfaces.WSGI, address=here.address, port=here.port,
        workers=os.cpu_count() or 1, blocking_threads=1,
        log_level=LogLevels.warning, respawn_failed_workers=True, respawn_interval=1, workers_kill_timeout=10,
    ).serve()
    logging.shutdown()


if __name__ == "__main__":
    sys.exit(main())
