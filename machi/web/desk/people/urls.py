from django.urls import path

from machi.web.desk.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/give/", views.give, name="give_duty"),
    path("duties/<int:pk>/end/", views.end, name="end_duty"),
]
