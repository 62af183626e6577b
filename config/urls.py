from django.urls import include, path  # noqa: TID251  Django asks here which addresses there are

urlpatterns = [path("", include("machi.web.urls"))]
handler429 = "machi.web.frame.problems.too_many"     # allauth asks for it by this name
handler500 = "machi.web.frame.problems.server_error"
