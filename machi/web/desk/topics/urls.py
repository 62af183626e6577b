from django.urls import path

from machi.web.desk.topics import views

urlpatterns = [
    path("", views.topics, name="topics"),
    path("<int:pk>/", views.topic, name="topic"),
    path("<int:pk>/leave/", views.leave, name="leave_topic"),
    path("<int:pk>/merge/", views.merge, name="merge_topic"),
    path("<int:pk>/part/", views.part, name="part_topic"),
]
