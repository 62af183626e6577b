from django.urls import path

from machi.web.pages.front import views

urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("reward/", views.reward, name="reward"),
]
