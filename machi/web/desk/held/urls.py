from django.urls import path

from machi.web.desk.held import views

urlpatterns = [path("", views.held, name="held")]
