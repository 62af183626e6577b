from django.urls import path

from machi.web.pages.record import views

app_name = "record"
urlpatterns = [
    path("record/", views.mine, name="mine"),
    path("record/<int:pk>/", views.paper, name="paper"),
    path("record/<int:pk>/record.jwt", views.token, name="token"),
    path("record/<int:pk>/record.json", views.envelope, name="envelope"),
    path("record/<int:pk>/record.pdf", views.pdf, name="pdf"),
    path("record/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("verify/", views.verify, name="verify"),
    path("verify/lists/<int:number>/", views.status, name="status"),
    path(".well-known/jwks.json", views.keys, name="keys"),
    path(".well-known/keys/<slug:kid>.json", views.key, name="key"),
]
