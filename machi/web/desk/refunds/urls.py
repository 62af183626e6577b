from django.urls import path

from machi.web.desk.refunds import views

urlpatterns = [
    path("", views.refunds, name="refunds"),
    path("<int:pk>/", views.refund, name="refund"),
]
