from django.urls import path

from machi.web.desk.payouts import views

urlpatterns = [
    path("", views.payouts, name="payouts"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/move/", views.move, name="move_batch"),
    path("<int:pk>/file/", views.file, name="batch_file"),
]
