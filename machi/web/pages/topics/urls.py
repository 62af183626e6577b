from django.urls import path

from machi.web.pages.topics import views

app_name = "topics"
urlpatterns = [path("", views.index, name="list")]
