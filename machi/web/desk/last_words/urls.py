from django.urls import path

from machi.web.desk.last_words import views

urlpatterns = [
    path("", views.read, name="last_words"),
]
