from django.urls import include, path

urlpatterns = [path("", include("machi.web.urls"))]
handler500 = "machi.web.frame.problems.server_error"
