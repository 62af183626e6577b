from django.urls import path

from machi.web.desk.adjusting import views

urlpatterns = [
    path("", views.adjustments, name="adjustments"),
    path("<int:pk>/", views.adjustment, name="adjustment"),
    path("<int:pk>/answer/", views.answer, name="answer_adjustment"),
]
