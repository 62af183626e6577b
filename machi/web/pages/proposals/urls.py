from django.urls import path

from machi.web.pages.proposals.views import answering, applying

app_name = "proposals"
urlpatterns = [
    path("jobs/<int:pk>/apply/", applying.apply, name="apply"),
    path("proposals/", applying.index, name="list"),
    path("proposals/<int:pk>/", applying.detail, name="detail"),
    path("proposals/<int:pk>/withdraw/", applying.withdraw, name="withdraw"),
    path("proposals/<int:pk>/decline/", answering.decline, name="decline"),
    path("proposals/<int:pk>/choose/", answering.choose, name="choose"),
]
