"""Bad debt on pages: two people of a hospital's finance, and what each treasury bears."""

import pytest
from django.conf import settings

from tests.web import city_rows, rows
from tests.web.rows import NOW
from tests.web.test_city import table
from yifu.collection import baddebt
from yifu.collection.baddebt import BY_RULE
from yifu.collection.models import WriteOff
from yifu.institutions.models import Area, Institution

PAGE = "/finance/writeoffs/"
PROPOSE = "/finance/writeoffs/propose/"


@pytest.fixture
def hospital(db):  # noqa: ARG001 - opens the database
    return city_rows.hospital()


@pytest.fixture
def finance(hospital, seat):
    return seat(hospital, "finance", name="finance")


@pytest.fixture
def finance2(hospital, seat):
    return seat(hospital, "finance", name="finance2")


@pytest.fixture
def city(hospital, seat):
    return seat(hospital, "city")


@pytest.fixture
def bill(hospital):
    return city_rows.debtor(hospital, "淳于旧", 45_600, days=400, standing="defaulted")


def proposed(bill, by="finance"):
    return baddebt.propose(bill_id=bill.pk, by=by, note="多次联系不上", now=NOW)


def test_finance_finds_its_pages_in_the_navigation(finance):
    text = finance.text("/finance/")
    assert 'href="/finance/defaults/"' in text
    assert f'href="{PAGE}"' in text


def test_one_proposes_another_approves_and_the_treasury_bears_it(finance, finance2, bill):
    assert "淳*旧" in finance.text(PAGE)
    finance.post(PROPOSE, {"bill": bill.pk, "note": "多次联系不上"})
    made = WriteOff.objects.get()
    assert (made.state, made.proposed_by, made.bearer) == ("proposed", "finance", "treasury.shifan")
    page = f"{PAGE}{made.pk}/"
    own = finance.text(PAGE)
    assert 'value="approve"' not in own
    assert "须由另一人批准" in own
    assert "由 示范区财政 承担" in finance2.text(PAGE)
    told = finance2.post(page, {"verb": "approve"}, follow=True).content.decode()
    assert "已核销，由财政承担" in told
    assert "再付 ¥456.00 即了结这张账单" in told
    bill.refresh_from_db()
    assert bill.state == "written_off"


def test_who_proposed_is_refused_as_second_person(finance, bill):
    made = proposed(bill)
    told = finance.post(f"{PAGE}{made.pk}/", {"verb": "approve"}, follow=True).content.decode()
    assert "提出人不能批准自己的核销申请" in told
    bill.refresh_from_db()
    assert bill.state == "defaulted"


def test_what_the_rule_proposed_needs_two_people_too(finance, finance2, bill):
    made = proposed(bill, by=BY_RULE)
    assert "同意（第一人）" in finance.text(PAGE)
    told = finance.post(f"{PAGE}{made.pk}/", {"verb": "approve"}, follow=True).content.decode()
    assert "还需另一人批准" in told
    finance2.post(f"{PAGE}{made.pk}/", {"verb": "approve"})
    made.refresh_from_db()
    assert (made.state, made.proposed_by, made.decided_by) == ("approved", "finance", "finance2")


def test_a_refusal_is_kept_with_its_reason_and_can_be_proposed_again(finance, finance2, bill):
    made = proposed(bill)
    assert (
        "请写明原因"
        in finance2.post(f"{PAGE}{made.pk}/", {"verb": "refuse"}, follow=True).content.decode()
    )
    finance2.post(f"{PAGE}{made.pk}/", {"verb": "refuse", "note": "家属已答应付款"})
    made.refresh_from_db()
    assert (made.state, made.note) == ("refused", "家属已答应付款")
    assert "上次未核销：家属已答应付款" in finance.text(PAGE)


@pytest.mark.parametrize("note", ["", "x", " ", "字" * 201, "a\x00b"])
def test_a_proposal_needs_a_reason(finance, bill, note):
    told = finance.post(PROPOSE, {"bill": bill.pk, "note": note}, follow=True).content.decode()
    assert "请写明原因" in told
    assert not WriteOff.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "１"])
def test_a_bill_that_is_no_number_is_refused(finance, number):
    assert finance.post(PROPOSE, {"bill": number, "note": "原因"}).status_code == 422


def test_an_unknown_verb_is_refused_and_nothing_is_a_get(finance, bill):
    made = proposed(bill)
    assert finance.post(f"{PAGE}{made.pk}/", {"verb": "x"}).status_code == 422
    assert finance.get(f"{PAGE}{made.pk}/").status_code == 405
    assert finance.get(PROPOSE).status_code == 405


def test_another_hospitals_bills_do_not_exist(seat, bill):
    elsewhere = rows.hospital(code="H99010000002")
    stranger = seat(elsewhere, "finance")
    assert "淳*旧" not in stranger.text(PAGE)
    stranger.post(PROPOSE, {"bill": bill.pk, "note": "原因"})
    assert not WriteOff.objects.exists()
    made = proposed(bill)
    told = stranger.post(f"{PAGE}{made.pk}/", {"verb": "approve"}, follow=True).content.decode()
    assert "不存在或已处理" in told
    made.refresh_from_db()
    assert made.state == "proposed"


@pytest.mark.parametrize("page", [PAGE, "/finance/defaults/"])
def test_other_roles_get_403(city, doctor, page):
    city.text(page, 403)
    doctor.text(page, 403)


def test_the_city_sees_each_treasurys_month_and_the_provisions(city, hospital, bill):
    baddebt.approve(proposed(bill).pk, by="finance2", now=NOW)
    city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    baddebt.provide(area=hospital.area_id, as_of=NOW.date())
    text = city.text("/city/baddebt/?month=2026-03")
    for words in ("示范区财政", "本月核销", "¥456.00", "期末", "截至 2026-03-02", "¥2.35"):
        assert words in text
    found = table(city.get("/city/baddebt/statement.csv?month=2026-03&bearer=treasury.shifan"))
    assert [row[1] for row in found[1:]] == ["期初", "核销", "期末"]
    assert found[-1][-1] == "456.00"
    found = table(city.get("/city/baddebt/provisions.csv?month=2026-03"))
    assert found[1][1:] == ["treasury.shifan", "0", "1", "234.50", "10", "2.35"]


def test_the_next_month_opens_with_what_was_borne(city, bill):
    baddebt.approve(proposed(bill).pk, by="finance2", now=NOW)
    found = table(city.get("/city/baddebt/statement.csv?month=2026-04"))
    assert [row[1] for row in found[1:]] == ["期初", "期末"]
    assert found[1][-1] == "456.00"


def test_another_areas_bad_debt_does_not_exist(seat, bill):
    baddebt.approve(proposed(bill).pk, by="finance2", now=NOW)
    area = Area.objects.create(code="990200", name="邻市", scheme="hangzhou")
    at = Institution.objects.create(area=area, code="H99020000001", name="邻市医院", level="2")
    other = seat(at, "city")
    assert "还没有提出或办理过核销" in other.text("/city/baddebt/?month=2026-03")
    other.text("/city/baddebt/?bearer=treasury.shifan", 404)
    for file in ("statement", "provisions"):
        assert other.get(f"/city/baddebt/{file}.csv?month=2026-03").status_code == 404
    own = baddebt.statement(bearer="treasury.shifan", month=NOW.date(), area="990200")
    assert (own.opening_fen, own.closing_fen, own.rows) == (0, 0, ())


@pytest.mark.parametrize("query", ["month=x", "month=2026-13", "month=0001-01", "month=2026-03-02"])
def test_a_month_that_cannot_be_is_refused(city, query):
    city.text(f"/city/baddebt/?{query}", 422)


def test_the_treasuries_are_named_in_english_too(city, bill):
    baddebt.approve(proposed(bill).pk, by="finance2", now=NOW)
    city.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Treasury of 示范区" in city.text("/city/baddebt/?month=2026-03")
