"""Micro-tasks (タスク): finding them, doing them, and what a client does with them."""
from django.urls import include, path

from machi.web.pages.tasks import client_urls

app_name = "tasks"
urlpatterns = [
    path("", include(client_urls.urlpatterns)),
]
