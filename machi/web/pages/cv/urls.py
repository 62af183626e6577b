from django.urls import path

from machi.web.pages.cv import views

app_name = "cv"
urlpatterns = [
    path("me/cv/", views.cv, name="sheet"),
    path("me/cv/sheet.pdf", views.pdf, name="pdf"),
    path("me/cv/resume.json", views.resume, name="resume"),
]
