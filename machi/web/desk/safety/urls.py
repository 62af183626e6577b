from django.urls import path

from machi.web.desk.safety import views

urlpatterns = [
    path("", views.safety, name="safety"),
    path("<int:pk>/", views.money_stop, name="money_stop"),
    path("<int:pk>/lift/", views.lift, name="lift_stop"),
    path("<int:pk>/answer/", views.answer, name="answer_lift"),
]
