from django.urls import path

from machi.web.pages.cards import views

app_name = "cards"
urlpatterns = [
    path("earnings/deposit/<int:pk>/card/", views.go, name="go"),
    path("earnings/deposit/<int:pk>/card/back/", views.back, name="back"),
    path("cards/messages/", views.messages_of_the_service, name="messages"),
]
