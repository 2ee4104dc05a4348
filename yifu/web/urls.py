"""Addresses of the pages."""

from django.urls import path
from django.views.i18n import set_language

from yifu.web.views import audit, common, doctor, exchanges, filings, finance, insurance, patient

urlpatterns = [
    path("", common.landing, name="landing"),
    path("language/", set_language, name="language"),
    path("elder/", common.elder, name="elder"),
    path("me/", patient.home, name="home"),
    path("me/code/", patient.code, name="code"),
    path("me/family/", patient.family, name="family"),
    path("me/insurance/", patient.insurance, name="insurance"),
    path("me/bills/", patient.bills, name="bills"),
    path("me/bills/<int:bill_id>/", patient.bill, name="bill"),
    path("me/bills/<int:bill_id>/pay/", patient.pay, name="pay"),
    path("me/bills/<int:bill_id>/result/", patient.result, name="result"),
    path("me/settlements/<int:settlement_id>/", patient.settlement, name="settlement"),
    path("doctor/", doctor.visits, name="visits"),
    path("doctor/visits/<int:visit_id>/", doctor.visit, name="visit"),
    path("doctor/visits/<int:visit_id>/preview/", doctor.preview, name="preview"),
    path("doctor/visits/<int:visit_id>/finish/", doctor.finish, name="finish"),
    path("doctor/visits/<int:visit_id>/outcome/", doctor.outcome, name="outcome"),
    path("insurance/filings/", filings.listed, name="filings"),
    path("insurance/filings/new/<str:kind>/", filings.new, name="new_filing"),
    path("insurance/filings/<int:filing_id>/withdraw/", filings.withdraw, name="withdraw_filing"),
    path("doctor/visits/<int:visit_id>/audit/", audit.ask, name="audit"),
    path("doctor/visits/<int:visit_id>/audit/decision/", audit.decide, name="audit_decision"),
    path("insurance/", insurance.uploads, name="uploads"),
    path("insurance/uploads.csv", insurance.uploads_csv, name="uploads_csv"),
    path("insurance/policy/", insurance.policy, name="uploads_policy"),
    path("insurance/run/", insurance.run, name="uploads_run"),
    path("insurance/<str:kind>/<int:upload_id>/retry/", insurance.retry, name="upload_retry"),
    path("insurance/lists/<int:upload_id>/", insurance.settlement_list, name="settlement_list"),
    path("insurance/lists/<int:upload_id>/submit/", insurance.submit, name="submit_list"),
    path("finance/", finance.today, name="finance"),
    path("finance/settlements.csv", finance.settlements_csv, name="settlements_csv"),
    path("finance/differences.csv", finance.differences_csv, name="differences_csv"),
    path("finance/settlements/<int:settlement_id>/", finance.settlement, name="under_way"),
    path("finance/exchanges/", exchanges.exchanges, name="exchanges"),
    path("finance/exchanges/<int:exchange_id>/", exchanges.exchange, name="exchange"),
    path("finance/differences/<int:difference_id>/", finance.decide, name="decide"),
]
