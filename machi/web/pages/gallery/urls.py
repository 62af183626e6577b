from django.urls import path

from machi.web.pages.gallery import tasks, views

urlpatterns = [path("", views.gallery, name="gallery"), path("tasks/", tasks.answering, name="gallery_answering"),
               path("tasks/builder/", tasks.building, name="gallery_building")]
