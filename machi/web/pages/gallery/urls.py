from django.urls import path

from machi.web.pages.gallery import views

urlpatterns = [path("", views.gallery, name="gallery")]
