from django.urls import path

from machi.web.pages.organisations.views import coming_in, members

app_name = "organisations"
urlpatterns = [
    path("", members.index, name="list"),
    path("new/", members.new, name="new"),
    path("acting/", members.acting, name="acting"),
    path("<int:pk>/", members.one, name="one"),
    path("<int:pk>/describe/", members.describe, name="describe"),
    path("<int:pk>/invite/", coming_in.invite, name="invite"),
    path("members/<int:pk>/", members.powers, name="powers"),
    path("members/<int:pk>/end/", members.end, name="end"),
    path("invitations/<int:pk>/withdraw/", coming_in.withdraw, name="withdraw"),
    path("invitations/<int:pk>/accept/", coming_in.accept, name="accept"),
    path("invitation/<slug:token>/", coming_in.letter, name="letter"),
]
