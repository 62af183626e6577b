"""Every address of the town. Each room has its own file; here they are put together."""
from django.conf import settings
from django.urls import include, path

from machi.web.pages.accounts import views as accounts
from machi.web.pages.accounts.proof import ProofByCode
from machi.web.pages.looks import views as looks

urlpatterns = [
    path("", include("machi.web.pages.front.urls")),
    path("jobs/", include("machi.web.pages.jobs.urls")),
    path("", include("machi.web.pages.profiles.urls")),
    path("packages/", include("machi.web.pages.packages.urls")),
    path("", include("machi.web.pages.proposals.urls")),
    path("", include("machi.web.pages.contests.urls")),
    path("", include("machi.web.pages.contracts.urls")),
    path("", include("machi.web.pages.tasks.urls")),
    path("", include("machi.web.pages.payments.urls")),
    path("", include("machi.web.pages.cards.urls")),
    path("documents/", include("machi.web.pages.documents.urls")),
    path("", include("machi.web.pages.portfolio.urls")),
    path("", include("machi.web.pages.cv.urls")),
    path("organisations/", include("machi.web.pages.organisations.urls")),
    path("", include("machi.web.pages.journey.urls")),
    path("", include("machi.web.pages.record.urls")),
    path("notices/", include("machi.web.pages.notices.urls")),
    path("topics/", include("machi.web.pages.topics.urls")),
    path("guide/", include("machi.web.pages.guide.urls")),
    path("welcome/", accounts.welcome, name="welcome"),
    path("account/again/", accounts.interrupted, name="interrupted"),
    path("", include("machi.web.pages.privacy.urls")),
    path("account/again/code/", ProofByCode.as_view(), name="proof_by_code"),
    path("account/sessions/<int:pk>/end/", accounts.end_session, name="end_session"),
    path("account/sessions/end/", accounts.end_all_sessions, name="end_all_sessions"),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("desk/", include("machi.web.desk.urls")),
    path("look/", looks.choose, name="look"),
    path("source/", looks.source, name="source"),
    path("", include("machi.web.pages.demo.urls")),
]
if settings.DEBUG or settings.DEMO_TOWN or settings.STRICT_TEMPLATES:
    urlpatterns.append(path("gallery/", include("machi.web.pages.gallery.urls")))
