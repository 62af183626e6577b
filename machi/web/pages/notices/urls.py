from django.urls import path

from machi.web.pages.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("mail/", views.mail, name="mail"),
    path("<int:pk>/", views.open_notice, name="open"),
]
