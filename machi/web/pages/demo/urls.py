from django.urls import path

from machi.web.pages.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.people, name="people"),
    path("demo/become/<int:pk>/", views.become, name="become"),
    path("demo/mail/", views.mail, name="mail"),
    path("demo/clock/", views.move_clock, name="clock"),
]
