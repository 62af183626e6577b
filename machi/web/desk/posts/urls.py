from django.urls import path

from machi.web.desk.posts import views

urlpatterns = [
    path("", views.posts, name="posts"),
    path("<int:pk>/", views.post, name="post"),
    path("<int:pk>/pass/", views.pass_post, name="pass_post"),
]
