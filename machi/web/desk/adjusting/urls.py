from django.urls import path

from machi.web.desk.adjusting import done, views

urlpatterns = [
    path("", views.adjustments, name="adjustments"),
    path("answered/", done.answered, name="past_adjustments"),
    path("<int:pk>/", views.adjustment, name="adjustment"),
    path("<int:pk>/answer/", views.answer, name="answer_adjustment"),
]
