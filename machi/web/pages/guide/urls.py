from django.urls import path

from machi.web.pages.guide import views

app_name = "guide"
urlpatterns = [
    path("", views.index, name="index"),
    path("tips/<slug:slug>/", views.tip, name="tip"),
    path("money/", views.money, name="money"),
    path("badges/", views.badge_rules, name="badges"),
    path("open-door/", views.paper, {"name": "open_door"}, name="open_door"),
    path("terms/", views.paper, {"name": "terms"}, name="terms"),
    path("privacy/", views.paper, {"name": "privacy"}, name="privacy"),
    path("rules/", views.paper, {"name": "rules"}, name="rules"),
    path("roles/", views.paper, {"name": "roles"}, name="roles"),
    path("accessibility/", views.paper, {"name": "accessibility"}, name="accessibility"),
]
