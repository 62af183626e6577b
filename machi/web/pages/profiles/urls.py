from django.urls import path

from machi.web.pages.profiles import views

app_name = "profiles"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/write/<slug:line>/", views.line, name="line"),
    path("me/topics/", views.topics, name="topics"),
    path("me/<slug:kind>/add/", views.add, name="add"),
    path("me/<slug:kind>/<int:pk>/", views.change, name="change"),
    path("me/<slug:kind>/<int:pk>/remove/", views.remove, name="remove"),
    path("people/<int:pk>/", views.public, name="public"),
]
