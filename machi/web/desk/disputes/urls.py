from django.urls import path

from machi.web.desk.disputes import views

urlpatterns = [
    path("", views.disputes, name="disputes"),
    path("<int:pk>/", views.dispute, name="dispute"),
    path("<int:pk>/take/", views.take, name="take_dispute"),
    path("<int:pk>/sign/", views.sign, name="sign_ruling"),
    path("<int:pk>/files/<int:file_pk>/", views.file, name="dispute_file"),
]
