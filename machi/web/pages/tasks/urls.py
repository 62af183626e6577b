"""Micro-tasks (タスク): finding them, doing them, and what a client does with them."""
from django.urls import include, path

from machi.web.pages.tasks import answering, bundles, client_urls, filed, finder

app_name = "tasks"
one_bundle = [
    path("", bundles.one, name="bundle"),
    path("answers/<int:number>/", answering.one, name="answer"),
    path("answers/<int:number>/agree/", bundles.agree, name="agree"),
    path("answers/<int:number>/appeal/", bundles.object_to, name="appeal"),
    path("undo/", bundles.undo, name="undo"),
    path("leave/", bundles.leave, name="leave"),
    path("finish/", bundles.finish, name="finish"),
    path("done/", bundles.done, name="done"),
]
urlpatterns = [
    path("tasks/", finder.index, name="finder"),
    path("tasks/<int:pk>/", finder.batch, name="batch"),
    path("tasks/<int:pk>/take/", finder.take, name="take"),
    path("tasks/files/<int:pk>/", filed.file, name="file"),
    path("tasks/files/<int:pk>/small/", filed.small, name="small"),
    path("bundles/", bundles.index, name="bundles"),
    path("bundles/<int:pk>/", include(one_bundle)),
    path("", include(client_urls.urlpatterns)),
]
