"""The peer's addresses before the town's own, so that every name leads to the same place."""
from django.urls import path

from bench.peer import views
from config import urls

urlpatterns = [path("home/", views.home), path("me/", views.me), path("contracts/<int:pk>/", views.room), *urls.urlpatterns]
