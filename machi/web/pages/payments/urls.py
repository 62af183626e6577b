from django.urls import path

from machi.web.pages.payments import account, deposits, early, exports, paid, tax, views

app_name = "payments"
urlpatterns = [
    path("earnings/", views.earnings, name="earnings"),
    path("earnings/list.csv", exports.export, name="export"),
    path("earnings/early/", early.early, name="early"),
    path("earnings/account/", account.account, name="account"),
    path("earnings/account/names/", account.names, name="names"),
    path("earnings/tax/", tax.tax, name="tax"),
    path("earnings/paid/", paid.paid, name="paid"),
    path("earnings/deposit/<int:pk>/", deposits.deposit, name="deposit"),
    path("earnings/debt/<int:pk>/", deposits.debt, name="debt"),
    path("earnings/refunds-to/", deposits.refund_accounts, name="refund_account"),
    path("earnings/refunds-to/<int:pk>/", deposits.refund_account, name="refund_account_of"),
    path("earnings/<int:pk>/", views.statement, name="statement"),
]
