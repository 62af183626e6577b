from django.urls import path

from machi.web.pages.packages import orders, views

app_name = "packages"
urlpatterns = [
    path("", views.index, name="list"),
    path("mine/", views.mine, name="mine"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/open/", views.open_, name="open"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/order/", orders.order, name="order"),
]
