"""What a client does with micro-tasks: joined to the namespace `tasks` by urls.py."""
from django.urls import include, path

from machi.web.pages.tasks import exports, filed, judging, making, making_form, media, paying, results, running

batch = [
    path("about/", making.about, name="about"),
    path("items/", making.items, name="items"),
    path("items/leave/", making.leave_file, name="leave_file"),
    path("form/", making_form.form, name="form"),
    path("media/", media.media, name="media"),
    path("media/again/", media.again, name="media_again"),
    path("media/leave/", media.leave, name="leave_media"),
    path("media/<int:piece_pk>/", media.piece, name="piece"),
    path("media/<int:piece_pk>/<slug:view>/", media.piece, name="piece_view"),
    path("trial/", making_form.trial, name="trial"),
    path("price/", making.price, name="price"),
    path("client/", making.client, name="client"),
    path("pay/", paying.pay, name="pay"),
    path("run/", running.run, name="run"),
    path("move/", running.move, name="move"),
    path("stop/", running.stop, name="stop"),
    path("more/", paying.top_up, name="top_up"),
    path("raise/", paying.raise_price, name="raise"),
    path("results/", results.results, name="results"),
    path("results/file/", exports.export, name="export"),
    path("results/files/", filed.all_of_a_batch, name="files"),
    path("results/<int:number>/", results.item, name="item"),
    path("results/<int:number>/decide/", results.decide, name="decide_item"),
    path("results/<int:number>/broken/", results.broken, name="decide_flags"),
    path("judge/", judging.judge, name="judge"),
    path("judge/refuse/", judging.refuse, name="refuse"),
    path("judge/back/", judging.take_back, name="take_back"),
]
urlpatterns: list = [
    path("tasks/new/", making.new, name="new"),
    path("tasks/given/", running.given, name="given"),
    path("tasks/<int:pk>/", include(batch)),
]
