from django.urls import include, path

from machi.web.pages.portfolio import files, views

app_name = "portfolio"
piece = [
    path("", views.piece, name="piece"),
    path("change/", views.change, name="change"),
    path("move/", views.move, name="move"),
    path("remove/", views.remove, name="remove"),
    path("back/", views.bring_back, name="back"),
    path("files/add/", files.add, name="add_file"),
    path("files/<int:file_pk>/", files.file, name="file"),
    path("files/<int:file_pk>/remove/", files.remove, name="remove_file"),
    path("files/<int:file_pk>/back/", files.bring_back, name="back_file"),
    path("files/<int:file_pk>/<slug:view>.webp", files.picture, name="picture"),
]
urlpatterns = [
    path("portfolio/add/", views.add, name="add"),
    path("portfolio/<int:pk>/", include(piece)),
]
