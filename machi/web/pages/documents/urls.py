from django.urls import path

from machi.web.pages.documents import views, years

app_name = "documents"
urlpatterns = [
    path("", views.papers, name="list"),
    path("list.csv", views.index, name="index"),
    path("papers.zip", views.archive, name="archive"),
    path("years/<int:year>/", years.year, name="year"),
    path("years/<int:year>/income.csv", years.earned, name="earned"),
    path("years/<int:year>/withheld.csv", years.withheld, name="withheld"),
    path("<int:pk>/", views.paper, name="paper"),
    path("<int:pk>/paper.pdf", views.pdf, name="pdf"),
    path("<int:pk>/paper.csv", views.sheet, name="sheet"),
]
