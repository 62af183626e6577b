from django.urls import path

from machi.web.pages.privacy import copies, views

app_name = "privacy"
urlpatterns = [
    path("account/data/", views.export, name="export"),
    path("account/data/file/", views.take, name="take"),
    path("account/seen/", views.seen, name="seen"),
    path("account/leave/", views.leave, name="leave"),
    path("account/leave/keep/", views.keep, name="keep"),
    path("account/leave/erase/", views.erase, name="erase"),
    path("account/left/", views.left, name="left"),
    path("contracts/<int:pk>/copy/", copies.copy, name="copy"),
    path("contracts/<int:pk>/copy/<int:file_pk>/", copies.copied_file, name="copied_file"),
    path("entries/<int:pk>/copy/", copies.entry_copy, name="entry_copy"),
    path("entries/<int:pk>/copy/<int:file_pk>/", copies.entry_file, name="entry_file"),
]
