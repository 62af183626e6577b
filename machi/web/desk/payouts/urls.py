from django.urls import path

from machi.web.desk.payouts import done, left, people, views

urlpatterns = [
    path("", views.payouts, name="payouts"),
    path("past/", done.past, name="past_batches"),
    path("people/<int:pk>/", people.payee, name="payee"),
    path("people/<int:pk>/move/", people.move_payee, name="move_payee"),
    path("people/<int:pk>/unsent/", people.unsent, name="unsent"),
    path("left/<int:pk>/", left.left, name="left"),
    path("left/<int:pk>/answer/", left.answer_left, name="answer_left"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/move/", views.move, name="move_batch"),
    path("<int:pk>/file/", views.file, name="batch_file"),
]
