from django.urls import path

from machi.web.pages.journey import finding, planning, views

app_name = "journey"
urlpatterns = [
    path("me/wishes/", views.wishes, name="wishes"),
    path("me/career/<int:pk>/hand-me/", views.hand_me, name="hand_me"),
    path("me/plan/", planning.plan, name="plan"),
    path("me/plan/forget/", planning.forget, name="forget_plan"),
    path("me/strengths/find/", finding.start, name="finder"),
    path("me/strengths/find/sentences/", finding.sentences, name="sentences"),
    path("me/strengths/find/forget/", finding.forget, name="forget"),
    path("me/strengths/find/<slug:question>/", finding.ask, name="question"),
]
