from django.urls import include, path

from machi.web.pages.contests import entering, judging, keeping, seeing

app_name = "contests"
entry = [
    path("", seeing.entry, name="entry"),
    path("write/", entering.write, name="write"),
    path("take-back/", entering.take_back, name="take_back"),
    path("mark/", judging.mark, name="mark"),
    path("show/", keeping.show, name="show"),
    path("win/", keeping.win, name="win"),
    path("receipt/", seeing.receipt, name="receipt"),
    path("files/<int:file_pk>/", seeing.file, name="file"),
    path("files/<int:file_pk>/remove/", entering.remove, name="remove"),
    path("files/<int:file_pk>/<slug:view>/", seeing.preview, name="preview"),
]
urlpatterns = [
    path("jobs/<int:pk>/entries/", entering.mine, name="mine"),
    path("jobs/<int:pk>/pot/", judging.open_pot, name="open"),
    path("jobs/<int:pk>/gallery/", judging.gallery, name="gallery"),
    path("jobs/<int:pk>/prizes/", judging.award, name="award"),
    path("jobs/<int:pk>/call-off/", judging.call_off, name="call_off"),
    path("entries/<int:pk>/", include(entry)),
]
