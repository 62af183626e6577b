from django.urls import path

from machi.web.desk.sealed import views

urlpatterns = [
    path("", views.sealed, name="sealed"),
    path("<int:pk>/open/", views.open_sealed, name="open_sealed"),
]
