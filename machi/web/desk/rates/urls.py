from django.urls import path

from machi.web.desk.rates import views

urlpatterns = [path("", views.rates, name="rates")]
