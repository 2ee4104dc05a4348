"""Finance's pages of what was said to the insurer: found by any number, read with labels."""

import pytest
from django.urls import reverse

from tests.web import rows
from tests.web.test_markup import faults_of
from yifu.insurance.models import Exchange

PAGE = "/finance/exchanges/"


@pytest.fixture
def said(hospital):
    """Write an exchange down, as the platform does."""

    def write(infno="2207", *, at=hospital, **changes):
        number = Exchange.objects.count()
        columns = {
            "msgid": f"{at.code}20260302093000{number:04d}",
            "infno": infno,
            "subject": "settlement:0",
            "state": "answered",
            "request": {"data": {"mdtrt_cert_type": "02", "psn_no": "P1"}},
            "answer": {"setlinfo": {"setl_id": "S1", "medfee_sumamt": "12.30"}},
            "took_ms": 41,
            "sent_at": rows.NOW,
            "answered_at": rows.NOW,
        }
        return Exchange.objects.create(institution=at, **columns | changes)

    return write


def test_nothing_said_is_said_to_be_nothing(finance):
    assert "没有找到往来" in finance.text(PAGE)


def test_an_exchange_is_found_by_any_of_its_numbers(finance, hospital, mother, said):
    settlement = rows.settlement(rows.visit(hospital, mother), setl_id="S9")
    found = said(subject=f"settlement:{settlement.pk}", inf_refmsgid="R77")
    asked = said("5203", subject=f"query:{settlement.pk}")
    other = said("1101", subject="visit:0")
    for number in (found.msgid, "R77"):
        text = finance.text(f"{PAGE}?q={number}")
        assert found.msgid in text
        assert other.msgid not in text
    for number in ("S9", settlement.visit.visit_no):
        text = finance.text(f"{PAGE}?q={number}")
        assert found.msgid in text
        assert asked.msgid in text
        assert other.msgid not in text
    assert "人员信息获取" in finance.text(f"{PAGE}?q=1101")
    assert "没有找到往来" in finance.text(f"{PAGE}?q=S8")


def test_a_state_narrows_the_list(finance, said):
    lost, answered = said(state="unknown"), said()
    text = finance.text(f"{PAGE}?state=unknown")
    assert lost.msgid in text
    assert answered.msgid not in text
    assert answered.msgid in finance.text(f"{PAGE}?state=nonsense")


def test_many_are_paged_the_latest_first(finance, said):
    first = said()
    for _ in range(50):
        said()
    assert first.msgid not in finance.text(PAGE)
    assert first.msgid in finance.text(f"{PAGE}?page=2")


def test_an_exchange_is_shown_with_labels_and_what_codes_mean(finance, said):
    one = said()
    text = finance.text(reverse("exchange", args=[one.pk]))
    for words in ("门诊结算", "就诊凭证类型", "居民身份证", "医疗费总额", "12.30", "41"):
        assert words in text
    assert faults_of(text) == []


def test_what_was_asked_about_it_later_leads_there(finance, said):
    one = said(state="resolved", subject="settlement:7")
    asked = said("5203", subject="query:7")
    undone = said("2601", subject="settlement:7", request={"data": {"omsgid": one.msgid}})
    other = said("2601", subject="settlement:7", request={"data": {"omsgid": "another"}})
    text = finance.text(reverse("exchange", args=[one.pk]))
    for later in (asked, undone):
        assert reverse("exchange", args=[later.pk]) in text
    assert reverse("exchange", args=[other.pk]) not in text


def test_emptied_content_is_said_to_be_gone(finance, said):
    one = said(request={}, answer=None, emptied_at=rows.NOW)
    assert "已过留存期限" in finance.text(reverse("exchange", args=[one.pk]))


def test_another_institutions_exchanges_do_not_exist(finance, elsewhere, said):
    theirs = said(at=elsewhere)
    assert "没有找到往来" in finance.text(PAGE)
    assert "没有找到往来" in finance.text(f"{PAGE}?q={theirs.msgid}")
    finance.text(reverse("exchange", args=[theirs.pk]), status=404)


def test_only_finance_sees_them(doctor, said):
    doctor.text(PAGE, status=403)
    doctor.text(reverse("exchange", args=[said().pk]), status=403)
