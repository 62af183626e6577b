"""One file, driven by the environment. `machi doctor` says in plain words what is wrong with it."""
import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from config import limits

BASE = Path(__file__).resolve().parent.parent
MACHI_HOME = Path(os.environ.get("MACHI_HOME", BASE / ".machi"))


def _on(name: str) -> bool:
    return os.environ.get(name, "0") == "1"


# ---- what kind of town --------------------------------------------------------------------------
DEBUG = _on("MACHI_DEBUG")
DEMO_TOWN = _on("MACHI_DEMO_TOWN")                  # invented people, one-click sign-in, a clock that can be moved
MONEY_MODE = os.environ.get("MACHI_MONEY_MODE", "demo")     # demo, bank, provider
MONEY_BASIS = os.environ.get("MACHI_MONEY_BASIS", "")       # by which right money is held: agent_receipt, licensed, provider
PORT = int(os.environ.get("MACHI_PORT", "8000"))
SITE_URL = os.environ.get("MACHI_URL", f"http://localhost:{PORT}")
TLS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
SECRET_FILE = MACHI_HOME / "secret"
SECRET_KEY = os.environ.get("MACHI_SECRET") or (SECRET_FILE.read_text().strip() if SECRET_FILE.exists() else "unset")
STRICT_TEMPLATES = DEBUG or _on("MACHI_STRICT")     # an unknown name in a template is an error, not a blank

# ---- the database: the role machi_app, which may not change what is written in the books --------
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://machi_app@/machi")
_said = conninfo_to_dict(DATABASE_URL)              # as libpq reads it for migrate and doctor, sslmode and all
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _said.pop("dbname", ""),
    **{name.upper(): _said.pop(name, "") for name in ("user", "password", "host", "port")},
    "CONN_MAX_AGE": None,                           # persistent: a connection costs as much as ten settlements
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {**_said, "server_side_binding": True, "prepare_threshold": 5},    # Django turns preparing off unless told
}}
CACHES = {"default": {                              # who tried how often: known to every process of the web, or it would not count
    "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache", "OPTIONS": {"MAX_ENTRIES": 100_000},
}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False                             # an action is a transaction; a page is not

# ---- the rooms (docs/architecture.md) -----------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django.contrib.postgres",
    "allauth", "allauth.account", "allauth.mfa", "allauth.usersessions",
    "django_htmx", "procrastinate.contrib.django",
    "machi.activity", "machi.accounts", "machi.ledger", "machi.notifications", "machi.taxonomy", "machi.files", "machi.banking",
    "machi.cards", "machi.taxes", "machi.portfolio", "machi.payments", "machi.messaging", "machi.organisations", "machi.profiles",
    "machi.jobs", "machi.packages", "machi.proposals", "machi.contracts", "machi.tasks", "machi.documents", "machi.reviews",
    "machi.matching", "machi.journey", "machi.insights", "machi.checks", "machi.privacy",
    "machi.background", "machi.simulation", "machi.web",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    "machi.web.frame.middleware.EvenDoors",         # outside of everything that may take longer for one than for another
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "machi.web.frame.public.PublicPages",           # outside everything that costs
    "django.middleware.gzip.GZipMiddleware",        # pages only, with random padding against BREACH; outside Furigana
    "machi.web.frame.middleware.Guards",            # Content-Security-Policy, Cache-Control, Permissions-Policy
    "machi.web.frame.middleware.Furigana",          # must see the finished HTML
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",   # doors are closed unless a view says otherwise
    "machi.web.frame.interrupted.Interrupted",      # what a person sent after their sign-in ran out waits for them
    "machi.web.frame.middleware.OwnLanguage",       # a signed-in person's own setting wins
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "machi.web.frame.proof.ProvenFirst",            # before what changes how somebody gets in
    "machi.web.frame.middleware.SeenSessions",
    "machi.web.frame.money_stop.StoppedMoney",      # innermost: what a view leaves undone because money is stopped
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.jinja2.Jinja2",
    "DIRS": [BASE / "machi/web/templates"],
    "OPTIONS": {"environment": "machi.web.frame.jinja.Voices"},
}]
FORM_RENDERER = "django.forms.renderers.Jinja2"     # the fields, too: Django's other templates take three times as long

# ---- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_ADAPTER = "machi.web.frame.doors.AccountAdapter"
MFA_ADAPTER = "machi.web.frame.doors.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]                  # e-mail only: a code signs in, a password can be set later
ACCOUNT_FORMS = {"signup": "machi.web.frame.gate.JoinForm", "login": "machi.web.frame.gate.EnterForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False  # allauth offers it only for new addresses, which would tell them apart
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
CODE_TRIES = limits.CODE_TRIES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
EVEN_SECONDS = .2                                   # doors where an address is typed answer in steps of this; 0: at once
GUIDE_SECONDS = 300                                 # how old the prices of a kind of work may be that a page shows
CODE_SECONDS = 600                                  # how long a code from a mail works
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900              # how long somebody has just shown who they are
ACCOUNT_RATE_LIMITS, MFA_RATE_LIMITS, RATE_LIMITS, DAILY = limits.ACCOUNT, limits.MFA, limits.OURS, limits.DAILY
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MACHI_PROXIES", "0"))     # how many stand before the town; nobody else names an address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS        # http://localhost only
MFA_TOTP_ISSUER = "街 Machi"
USERSESSIONS_TRACK_ACTIVITY = True

# ---- mail: into files until a town names its own server ----------------------------------------
EMAIL_BACKEND = os.environ.get("MACHI_MAIL", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = MACHI_HOME / "mails"
DEFAULT_FROM_EMAIL = os.environ.get("MACHI_MAIL_FROM", "街 <town@localhost>")
CONTACT = os.environ.get("MACHI_CONTACT", "")       # where whoever runs the town can be written to: an address, or a page with https

# ---- files that people hand over ----------------------------------------------------------------
MEDIA_ROOT = MACHI_HOME / "files"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "machi.web.frame.arriving.Arriving"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000             # a form without its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000             # larger files go to disk while they arrive
UPLOAD_MAX_BYTES, UPLOAD_MAX_COUNT = 20_000_000, 10
# Pictures, sounds and films of micro-tasks: bytes of one as it comes, how many a batch shows, bytes that all drafts of a client keep.
TASK_PIECE_BYTES, TASK_PIECES, TASK_PIECES_BYTES = UPLOAD_MAX_BYTES, 20_000, 2_000_000_000
EXPORT_FOLDER, EXPORT_DAYS = MACHI_HOME / "exports", 7      # what people take home lies here so many days
KEY_FOLDER = MACHI_HOME / "keys"                    # opens the sealed papers: never in one backup with the database (docs/operations)
SEALED_FOLDER = MACHI_HOME / "sealed"               # files of the other side's copies, encrypted
ERASED_FILE = MACHI_HOME / "erased"                 # who was erased: done again after a restore
BACKUP_FOLDER = Path(os.environ.get("MACHI_BACKUPS") or MACHI_HOME / "backups")    # beside them lies a second list of the erased
RETENTION_FILE = MACHI_HOME / "retention.json"      # a town's own table of years, instead of machi/privacy/data/retention.json
STOP_MARK = MACHI_HOME / "money-stopped"            # lies there while money is stopped: a page says so without a question
BANKS_FILE = MACHI_HOME / "banks.json"              # a town's own profiles of banks, besides machi/banking/data/profiles.json
TAXES_FILE = MACHI_HOME / "taxes.json"              # a town's own rows of taxes, besides machi/taxes/data/taxes.json
LAWS_FILE = MACHI_HOME / "laws.json"                # a town's own rows of duties, besides machi/taxes/data/laws.json
FEES_FILE = MACHI_HOME / "fees.json"                # a town's own fees, besides machi/payments/data/fees.json
BANK_FOLDER = MACHI_HOME / "bank"                   # the fake bank of the money mode `demo` keeps its own records here

STRIPE_API = ""                                     # where the payment service of the money mode `provider` is asked; empty: at its own

# ---- languages ----------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"                                # also the fallback of every language that is not English
LANGUAGES = [("ja", "日本語"), ("ja-simple", "やさしい日本語"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Tokyo"

# ---- what goes wrong is said on stderr, where systemd or the terminal keeps it -------------------
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a page that does not exist is nobody's fault
}

# ---- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE / "collected"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "machi.web.frame.icons.SpriteFinder",           # icons.svg, made from the icons that the templates name
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- security -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "media", "connect", "manifest")),
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_HSTS_SECONDS = 31536000 if TLS else 0
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = ["://".join(urlsplit(SITE_URL)[:2])]         # behind a TLS proxy a form says https where we hear http
CSRF_FAILURE_VIEW = "machi.web.frame.problems.csrf_failure"
