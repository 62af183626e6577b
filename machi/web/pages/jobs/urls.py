from django.urls import path

from machi.web.pages.jobs.views import asking, choosing, finding, keeping, planning, writing

app_name = "jobs"
urlpatterns = [
    path("", finding.index, name="list"),
    path("new/", writing.new, name="new"),
    path("mine/", choosing.mine, name="mine"),
    path("<int:pk>/", finding.detail, name="detail"),
    path("<int:pk>/write/<slug:step>/", writing.step, name="step"),
    path("<int:pk>/template/", writing.template, name="template"),
    path("<int:pk>/plan/", planning.plan, name="plan"),
    path("<int:pk>/preview/", writing.preview, name="preview"),
    path("<int:pk>/questions/", asking.questions, name="questions"),
    path("questions/<int:pk>/", asking.answer, name="answer"),
    path("<int:pk>/applicants/", choosing.applicants, name="applicants"),
    path("<int:pk>/close/", choosing.close, name="close"),
    path("<int:pk>/keep/<slug:deed>/", keeping.keep, name="keep"),
    path("<int:pk>/limit/", keeping.limit, name="limit"),
    path("<int:pk>/reopen/", keeping.reopen, name="reopen"),
    path("<int:pk>/end/", choosing.end, name="end"),
]
