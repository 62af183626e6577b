from django.urls import path

from machi.web.desk.refunds import done, views

urlpatterns = [
    path("", views.refunds, name="refunds"),
    path("gone/", done.gone, name="past_refunds"),
    path("<int:pk>/", views.refund, name="refund"),
]
