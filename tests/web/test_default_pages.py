"""The default list at a hospital: recognising, refusing, deciding about who contests it."""

import pytest
from django.conf import settings

from tests.web import city_rows, rows
from yifu.collection.models import DefaultEntry, Telling

PAGE = "/finance/defaults/"
DECIDE = "/finance/defaults/decide/"


@pytest.fixture
def finance(hospital, seat):
    return seat(hospital, "finance", name="finance")


@pytest.fixture
def finance2(hospital, seat):
    return seat(hospital, "finance", name="finance2")


def waiting(at, name, **changes):
    bill = city_rows.debtor(at, name, 5_600, days=33, standing="defaulted")
    return city_rows.entry(bill, **changes)


def test_what_waits_is_shown_masked_with_what_it_means(finance, hospital):
    waiting(hospital, "司徒静")
    text = finance.text(PAGE)
    for words in ("司*静", "¥56.00", "P4.4", "医保实时结算同日暂停", "不拒诊", "待认定 1"):
        assert words in text
    assert "司徒静" not in text


def test_many_are_recognised_at_once_and_told(finance, hospital):
    entries = [waiting(hospital, name) for name in ("司徒静", "上官远")]
    told = finance.post(
        DECIDE,
        {"verb": "confirm", "checked": "yes", "entry": [one.pk for one in entries]},
        follow=True,
    )
    assert "已认定 2 条" in told.content.decode()
    assert set(DefaultEntry.objects.values_list("state", "decided_by")) == {
        ("confirmed", "finance")
    }
    assert Telling.objects.filter(listed=True).count() == 4


def test_recognising_needs_that_somebody_has_checked(finance, hospital):
    entry = waiting(hospital, "司徒静")
    told = finance.post(DECIDE, {"verb": "confirm", "entry": [entry.pk]}, follow=True)
    assert "请先核对" in told.content.decode()
    entry.refresh_from_db()
    assert entry.state == "proposed"


def test_a_refusal_needs_a_reason_and_nobody_is_told(finance, hospital):
    entry = waiting(hospital, "司徒静")
    told = finance.post(DECIDE, {"verb": "refuse", "entry": [entry.pk]}, follow=True)
    assert "请写明不予认定的原因" in told.content.decode()
    told = finance.post(
        DECIDE, {"verb": "refuse", "entry": [entry.pk], "reason": "短信未送达"}, follow=True
    )
    assert "不予认定 1 条" in told.content.decode()
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("refused", "短信未送达")
    assert not Telling.objects.filter(listed=True).exists()


def test_what_was_decided_meanwhile_is_named_and_the_rest_is_not_recognised(finance, hospital):
    entry, gone = waiting(hospital, "司徒静"), waiting(hospital, "上官远", state="refused")
    told = finance.post(
        DECIDE, {"verb": "confirm", "checked": "yes", "entry": [entry.pk, gone.pk]}, follow=True
    )
    assert "已处理" in told.content.decode()
    entry.refresh_from_db()
    assert entry.state == "proposed"


def test_what_is_contested_cannot_be_chosen(finance, hospital):
    entry = waiting(hospital, "慕容和")
    city_rows.dispute(entry)
    assert f'value="{entry.pk}"' not in finance.text(PAGE)
    told = finance.post(
        DECIDE, {"verb": "confirm", "checked": "yes", "entry": [entry.pk]}, follow=True
    )
    assert "有未处理的异议" in told.content.decode()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verb": "x", "entry": ["1"]}, 422),
        ({"verb": "confirm", "entry": ["x"]}, 422),
        ({"verb": "confirm", "entry": ["9" * 30]}, 422),
        ({"verb": "confirm", "entry": ["1"] * 501}, 422),
        ({"verb": "confirm", "checked": "yes"}, 302),
    ],
)
def test_what_cannot_be_decided_is_refused(finance, hospital, form, status):
    entry = waiting(hospital, "司徒静")
    assert finance.post(DECIDE, form).status_code == status
    entry.refresh_from_db()
    assert entry.state == "proposed"


def test_a_dispute_tells_beforehand_what_each_outcome_does(finance, hospital):
    city_rows.dispute(waiting(hospital, "慕容和"), "当时住院，没有收到短信")
    text = finance.text(f"{PAGE}?state=contested")
    for words in ("当时住院，没有收到短信", "成立：认定解除", "不成立：已认定的重新推送"):
        assert words in text


@pytest.mark.parametrize(("verb", "state"), [("uphold", "upheld"), ("reject", "rejected")])
def test_a_dispute_is_decided_with_a_reason(finance, hospital, verb, state):
    dispute = city_rows.dispute(waiting(hospital, "慕容和"))
    page = f"/finance/disputes/{dispute.pk}/"
    assert "请写明处理的理由" in finance.post(page, {"verb": verb}, follow=True).content.decode()
    finance.post(page, {"verb": verb, "note": "住院属实"})
    dispute.refresh_from_db()
    assert (dispute.state, dispute.decided_by, dispute.note) == (state, "finance", "住院属实")
    assert dispute.entry.state == ("lifted" if verb == "uphold" else "proposed")


def test_who_recognised_an_entry_does_not_decide_its_dispute(finance, finance2, hospital):
    entry = waiting(hospital, "慕容和", state="confirmed")
    dispute = city_rows.dispute(entry)
    own = finance.text(f"{PAGE}?state=contested")
    assert "异议须由另一人处理" in own
    assert 'value="uphold"' not in own
    page = f"/finance/disputes/{dispute.pk}/"
    told = finance.post(page, {"verb": "uphold", "note": "属实"}, follow=True).content.decode()
    assert "认定人不能处理" in told
    assert 'value="uphold"' in finance2.text(f"{PAGE}?state=contested")
    finance2.post(page, {"verb": "uphold", "note": "属实"})
    entry.refresh_from_db()
    assert entry.state == "lifted"


@pytest.mark.parametrize("state", ["confirmed", "refused", "lifted"])
def test_what_was_decided_can_be_looked_at(finance, hospital, state):
    lifted = {"lifted_at": rows.NOW} if state == "lifted" else {}
    waiting(hospital, "司徒静", state=state, **lifted)
    assert "司*静" in finance.text(f"{PAGE}?state={state}")


def test_an_unknown_state_is_refused(finance):
    finance.text(f"{PAGE}?state=x", 422)


def test_another_hospitals_entries_do_not_exist(finance, elsewhere):
    entry = waiting(elsewhere, "上官远")
    dispute = city_rows.dispute(entry)
    assert "上*远" not in finance.text(f"{PAGE}?state=contested")
    finance.post(DECIDE, {"verb": "confirm", "checked": "yes", "entry": [entry.pk]})
    finance.post(f"/finance/disputes/{dispute.pk}/", {"verb": "uphold", "note": "属实"})
    entry.refresh_from_db()
    dispute.refresh_from_db()
    assert (entry.state, dispute.state) == ("proposed", "open")


def test_an_unknown_decision_of_a_dispute_is_refused_and_nothing_is_a_get(finance, hospital):
    dispute = city_rows.dispute(waiting(hospital, "慕容和"))
    page = f"/finance/disputes/{dispute.pk}/"
    assert finance.post(page, {"verb": "x", "note": "属实"}).status_code == 422
    assert finance.get(page).status_code == 405
    assert finance.get(DECIDE).status_code == 405


def test_the_list_speaks_english_too(finance, hospital):
    waiting(hospital, "司徒静")
    finance.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = finance.text(PAGE)
    assert "nobody is turned away" in text
    assert "To be recognised 1" in text
