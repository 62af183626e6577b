from django.urls import path

from machi.web.desk.money import done, views

urlpatterns = [
    path("", views.bank, name="bank"),
    path("statement/", views.take_in, name="take_in"),
    path("suspense/", views.suspense, name="suspense"),
    path("placed/", done.placed, name="placed_lines"),
    path("suspense/<int:pk>/", views.line, name="bank_line"),
]
