from django.urls import path

from machi.web.desk.cards import done, views

urlpatterns = [
    path("", views.cards, name="cards"),
    path("debts/over/", done.debts, name="past_debts"),
    path("<int:pk>/", views.odd, name="card_odd"),
    path("held/<int:pk>/", views.held, name="card_held"),
]
