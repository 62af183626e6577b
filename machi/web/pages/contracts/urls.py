from django.urls import include, path

from machi.web.pages.contracts import calendars, caring, dates, deeds, disputes, law, offers, standins, talks, views, weeks, wishes

app_name = "contracts"
offer = [
    path("", offers.offer, name="offer"),
    path("accept/", offers.accept, name="offer_accept"),
    path("refuse/", offers.refuse, name="offer_refuse"),
    path("change/", offers.change, name="offer_change"),
]
contract = [
    path("", views.room, name="room"),
    path("fund/", deeds.fund, name="fund"),
    path("deliver/", deeds.deliver, name="deliver"),
    path("accept/", deeds.accept, name="accept"),
    path("changes/", deeds.changes, name="changes"),
    path("date/", dates.ask, name="date"),
    path("date/answer/", dates.answer, name="date_answer"),
    path("check-in/", caring.check_in, name="check_in"),
    path("check-ins/", caring.check_ins, name="check_ins"),
    path("ending/", caring.ending, name="ending"),
    path("ending/why/", caring.why, name="ending_why"),
    path("ending/reason/", caring.reason, name="ending_reason"),
    path("change/", wishes.change, name="change"),
    path("go-on/", wishes.go_on, name="go_on"),
    path("part/", wishes.part, name="part"),
    path("end/", wishes.end, name="end"),
    path("wish/", wishes.wish, name="wish"),
    path("dispute/", disputes.dispute, name="dispute"),
    path("dispute/back/", disputes.take_back, name="dispute_back"),
    path("dispute/files/<int:file_pk>/", disputes.file, name="dispute_file"),
    path("stand-in/", standins.stand_in, name="stand_in"),
    path("price/", talks.ask, {"about": "price"}, name="price"),
    path("price/answer/", talks.answer, {"about": "price"}, name="price_answer"),
    path("care/", talks.ask, {"about": "care"}, name="care"),
    path("care/answer/", talks.answer, {"about": "care"}, name="care_answer"),
    path("law/", law.law, name="law"),
    path("law.csv", law.law_file, name="law_file"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("message/", views.message, name="message"),
    path("review/", deeds.review, name="review"),
    path("thanks/", deeds.thanks, name="thanks"),
    path("files/<int:file_pk>/", views.file, name="file"),
]
week = [
    path("", weeks.week, name="week"),
    path("press/", weeks.press, name="week_press"),
    path("add/", weeks.add, name="week_add"),
    path("mend/", weeks.mend, name="week_mend"),
    path("entries/<int:entry_pk>/", weeks.entry, name="week_entry"),
    path("submit/", weeks.submit, name="week_submit"),
    path("ask/", weeks.ask, name="week_ask"),
    path("confirm/", weeks.confirm, name="week_confirm"),
    path("part/", wishes.part, name="week_part"),
    path("dispute/", disputes.dispute, name="week_dispute"),
    path("dispute/back/", disputes.take_back, name="week_dispute_back"),
]
urlpatterns = [
    path("contracts/<int:pk>/weeks/<int:number>/", include(week)),
    path("contracts/<int:pk>/weeks/fund/", weeks.fund, name="week_fund"),
    path("contracts/<int:pk>/hours.csv", weeks.sheet_file, name="hours"),
    path("offers/<int:pk>/", include(offer)),
    path("stand-ins/<int:pk>/", standins.one, name="stand_in_one"),
    path("stand-ins/<int:pk>/call/", standins.call, name="stand_in_call"),
    path("contracts/", views.contracts, name="list"),
    path("contracts/<int:pk>/", include(contract)),
]
