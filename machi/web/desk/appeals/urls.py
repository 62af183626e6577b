from django.urls import path

from machi.web.desk.appeals import views

urlpatterns = [
    path("", views.appeals, name="appeals"),
    path("<int:pk>/", views.appeal, name="appeal"),
    path("<int:pk>/files/<int:file_pk>/", views.appeal_file, name="appeal_file"),
]
