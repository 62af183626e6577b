"""The addresses of the desks: one line for each room that has one."""
from django.urls import include, path

from machi.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.index, name="index"),
    path("sealed/", include("machi.web.desk.sealed.urls")),
    path("last-words/", include("machi.web.desk.last_words.urls")),
    path("safety/", include("machi.web.desk.safety.urls")),
    path("held/", include("machi.web.desk.held.urls")),
    path("bank/", include("machi.web.desk.money.urls")),
    path("cards/", include("machi.web.desk.cards.urls")),
    path("refunds/", include("machi.web.desk.refunds.urls")),
    path("adjust/", include("machi.web.desk.adjusting.urls")),
    path("payouts/", include("machi.web.desk.payouts.urls")),
    path("rates/", include("machi.web.desk.rates.urls")),
    path("people/", include("machi.web.desk.people.urls")),
    path("disputes/", include("machi.web.desk.disputes.urls")),
    path("appeals/", include("machi.web.desk.appeals.urls")),
    path("posts/", include("machi.web.desk.posts.urls")),
    path("topics/", include("machi.web.desk.topics.urls")),
]
