"""A Shanghai insurer, the real process in its dialect: all that settlement does, unchanged."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.counterparts.conftest import running_counterpart
from tests.settlement.conftest import CODE, NOW, World
from yifu.institutions.models import Area, Institution
from yifu.insurance import exchanges, registering
from yifu.insurance import services as insurance
from yifu.insurance.errors import InsurerNonsense, InsurerRefused, InsurerUnavailable
from yifu.insurance.messages import Credential
from yifu.insurance.models import Connection, DialectMessage, Encounter, Exchange
from yifu.ledger import services as ledger
from yifu.payments.models import Channel
from yifu.reconciliation import services as reconciliation
from yifu.reconciliation.models import Difference
from yifu.secrets import encrypt
from yifu.settlement import previewing, recovery, reversing
from yifu.settlement.models import Settlement, SettlementLine

DRUG = ("YP0001", "XA01ABD075A002010100483", "示例药", 6000)
CARE = ("FW0001", "001102000010000", "普通门诊诊查费", 1500)
CATALOGUE = [
    {"national_code": DRUG[1], "class": "02", "selfpay_prop": "0.10", "chrgitm_type": "09"},
    {"national_code": CARE[1], "class": "01", "chrgitm_type": "02"},
]


@pytest.fixture(scope="module")
def shanghai(tmp_path_factory):
    data = tmp_path_factory.mktemp("shanghai")
    with running_counterpart("insurer", data, "--city", "shanghai") as counterpart:
        institution = {
            "fixmedins_code": CODE,
            "fixmedins_name": "示范市第一人民医院",
            "access_key": "ak",
            "secret_key": "sk",
            "scheme": "shanghai",
        }
        counterpart.control("institutions", [institution])
        counterpart.control("catalogue", CATALOGUE)
        yield counterpart


@pytest.fixture
def world(shanghai, transactional_db):  # noqa: ARG001 - the database must be there
    area = Area.objects.create(code="990100", name="示范市", scheme="hangzhou")
    hospital = Institution.objects.create(
        area=area, code=CODE, name="示范市第一人民医院", level="2", district="示范区"
    )
    Connection.objects.create(
        institution=hospital,
        region="shanghai",
        base_url=shanghai.url,
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=5,
    )
    exchanges._endpoints.clear()
    insurance._sign_numbers.clear()
    Channel.objects.create(code="cash", area=area)
    yield World(shanghai, hospital)
    shanghai.control("faults", method="DELETE")
    shanghai.control("tamper", method="DELETE")
    exchanges._endpoints.clear()
    insurance._sign_numbers.clear()
    connection.close()


def said():
    return list(DialectMessage.objects.order_by("pk").values_list("kind", "state"))


def kinds():
    return [kind for kind, _ in said()]


def books_agree(world):
    """L6: what stands on the insurer's books is what stands on ours, fen by fen."""
    known = set(DialectMessage.objects.values_list("msgid", flat=True))
    theirs: dict[str, int] = {}
    for row in world.their_books()["settlements"]:
        if row["medins_setl_id"] in known:
            fen = row["fund_pay_sumamt_fen"] + row["acct_pay_fen"]
            theirs[row["setl_id"]] = theirs.get(row["setl_id"], 0) + fen
    ours = {
        row.setl_id: row.fund_fen + row.account_fen
        for row in Settlement.objects.filter(state__in=["completed", "awaiting_payment"])
    }
    return {key: fen for key, fen in theirs.items() if fen or key in ours} == ours


def test_a_visit_is_settled_in_shanghais_words_and_booked_in_ours(world):
    # 500.00 of the year's deductible are used up: 75.00 in all, 60.00 of class B (10 % first).
    # Scope 75 - 6 = 69; this year's account pays its 3.00 first; of the 66.00 left the fund pays
    # 70 % (third level) = 46.20; of the 19.80 past years' account pays 6.00, cash 13.80.
    # With the 6.00 borne first the patient pays 19.80.
    person = world.person(balance_fen=600, current_fen=300, used_fen=50000)
    body = world.settle(world.visit(person, CARE, DRUG)).body
    assert body["total_fen"] == 7500
    assert (body["fund_fen"], body["account_fen"], body["personal_fen"]) == (4620, 900, 1980)
    assert kinds() == ["SM01", "SH01", "SH02", "SN01", "SI11", "SI12"]
    line = SettlementLine.objects.get(charge__local_code="YP0001")
    assert (line.own_fen, line.over_fen, line.preself_fen, line.eligible_fen) == (0, 0, 600, 5400)
    assert ledger.verify().balanced
    assert books_agree(world)


def test_a_preview_says_the_same_and_leaves_nothing_behind(world):
    person = world.person(balance_fen=600, current_fen=300, used_fen=50000)
    visit = world.visit(person, CARE, DRUG)
    told = previewing.preview(institution_id=world.hospital.pk, visit_id=visit.pk, now=NOW)
    assert kinds()[-3:] == ["SN01", "SI11", "SN02"]
    body = world.settle(visit).body
    for name in ("total_fen", "fund_fen", "account_fen", "personal_fen"):
        assert told[name] == body[name], name


def test_a_reversal_gives_both_accounts_back(world):
    person = world.person(balance_fen=600, current_fen=300, used_fen=50000)
    before = account_of(world, person)
    body = world.settle(world.visit(person, CARE, DRUG)).body
    assert account_of(world, person)["balc_fen"] == 0
    undone = reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=body["id"], reason="", now=NOW
    )
    assert undone.body["state"] == "reversed"
    assert account_of(world, person) == before
    assert kinds()[-1] == "SK01"
    assert books_agree(world)
    again = world.settle(world.visit(person, CARE, DRUG)).body
    assert again["account_fen"] == 900


def account_of(world, person):
    return world.insurer.control(f"persons/99{person.pk:013d}?year=2026", method="GET")


def test_a_refund_of_one_charge_settles_the_rest_anew(world):
    person = world.person(used_fen=50000)
    visit = world.visit(person, CARE, DRUG)
    body = world.settle(visit).body
    outcome = reversing.refund(
        institution_id=world.hospital.pk,
        settlement_id=body["id"],
        charge_ids=[visit.charges.get(local_code="YP0001").pk],
        reason="",
        now=NOW,
    )
    assert (outcome.body["state"], outcome.body["total_fen"]) == ("awaiting_payment", 1500)
    assert books_agree(world)


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense"])
@pytest.mark.parametrize("kind", ["SN01", "SI12"])
def test_a_lost_answer_is_recovered_and_settles_once(world, kind, fault):
    person = world.person(balance_fen=600, current_fen=300)
    visit = world.visit(person, CARE, DRUG)
    world.insurer.fault(fault, xxlxm=kind)
    outcome = world.settle(visit)
    assert (outcome.status, outcome.body["state"]) == (202, "unknown")
    assert recovery.recover(now=NOW).finished == 1
    settlement = Settlement.objects.get()
    assert settlement.state == "awaiting_payment"
    assert books_agree(world)
    assert len([row for row in world.their_books()["settlements"] if stands(row, settlement)]) == 1
    assert not DialectMessage.objects.filter(state__in=["sending", "unknown"]).exists()
    assert not Exchange.objects.filter(state__in=["sending", "unknown"]).exists()


def stands(row, settlement):
    return row["setl_id"] == settlement.setl_id


def test_after_a_lost_confirmation_the_insurer_is_asked_first(world):
    world.insurer.fault("drop_answer", xxlxm="SI12")
    world.settle(world.visit(world.person()))
    recovery.recover(now=NOW)
    assert kinds()[-2:] == ["SI12", "SI91"]
    confirmed = DialectMessage.objects.get(kind="SI12")
    assert (confirmed.state, confirmed.serial) == ("resolved", Settlement.objects.get().setl_id)


def test_a_confirmation_nobody_heard_is_sent_again_for_the_same_calculation(world):
    world.insurer.fault("drop_request", xxlxm="SI12")
    world.settle(world.visit(world.person()))
    recovery.recover(now=NOW)
    assert kinds()[-3:] == ["SI12", "SI91", "SI12"] or kinds()[-2:] == ["SI12", "SI91"]
    applications = DialectMessage.objects.filter(kind__in=["SI11", "SI12"])
    assert len(set(applications.values_list("application", flat=True))) == 1
    assert books_agree(world)


@pytest.mark.parametrize("kind", ["SH01", "SI11"])
def test_a_calculation_that_is_lost_is_asked_for_again(world, kind):
    world.insurer.fault("drop_answer", xxlxm=kind)
    assert world.settle(world.visit(world.person())).status == 201
    assert said().count((kind, "answered")) == 1
    assert books_agree(world)


def test_a_calculation_that_is_lost_has_settled_nothing(world):
    person = world.person()
    visit = world.visit(person)
    world.insurer.fault("drop_answer", xxlxm="SI11", times=2)
    with pytest.raises(InsurerUnavailable):
        world.settle(visit)
    assert Settlement.objects.get().state == "rejected"
    assert world.settle(visit).status == 201, "the charges were free again"
    assert books_agree(world)


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "twice"])
def test_a_lost_refund_is_recovered_and_gives_back_once(world, fault):
    person = world.person(balance_fen=600, current_fen=300)
    before = account_of(world, person)
    body = world.settle(world.visit(person)).body
    world.insurer.fault(fault, xxlxm="SK01")
    outcome = reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=body["id"], reason="", now=NOW
    )
    if fault != "twice":
        assert outcome.body["state"] == "reversing"
        recovery.recover(now=NOW)
    assert Settlement.objects.get().state == "reversed"
    assert account_of(world, person) == before
    assert books_agree(world)
    assert not DialectMessage.objects.filter(state__in=["sending", "unknown"]).exists()


def test_a_split_that_does_not_add_up_is_refunded_there(world):
    visit = world.visit(world.person())
    world.insurer.fault("wrong_sum", xxlxm="SI12")
    with pytest.raises(InsurerNonsense, match="total"):
        world.settle(visit)
    assert Settlement.objects.get().state == "reversed"
    assert kinds()[-1] == "SK01"
    assert books_agree(world)


def test_a_refused_confirmation_changes_nothing(world):
    visit = world.visit(world.person())
    world.insurer.fault("refuse", xxlxm="SI12")
    with pytest.raises(InsurerRefused):
        world.settle(visit)
    assert books_agree(world)
    assert world.settle(visit).status == 201


def test_somebody_shanghai_does_not_know_is_self_paid(world):
    visit = world.visit(world.person(psn_type=""))
    body = world.settle(visit).body
    assert (body["fund_fen"], body["personal_fen"]) == (0, 1500)
    assert not Encounter.objects.exists()


def test_an_e_credential_is_decoded_once_and_leaves_no_trace(world):
    person = world.person(balance_fen=600, current_fen=300)
    code = "SHOWN-" + "7" * 24
    world.insurer.control("shanghai/codes", [{"code": code, "psn_no": f"99{person.pk:013d}"}])
    visit = world.visit(person)
    registering.register_visit(visit, credential=Credential("01", code), now=NOW)
    assert kinds() == ["SE01", "SM01", "SH01", "SH02"]
    assert world.settle(visit).status == 201
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request::text || coalesce(answer::text, '') FROM "
            "insurance_dialectmessage UNION ALL SELECT request::text || "
            "coalesce(answer::text, '') FROM insurance_exchange"
        )
        kept = "".join(row[0] for row in cursor.fetchall())
    assert code not in kept
    assert '"ecToken": "***"' in kept
    assert f"99{person.pk:013d}" not in kept


def test_a_code_whose_token_got_lost_makes_nobody_a_self_payer(world):
    person = world.person()
    world.insurer.control("shanghai/codes", [{"code": "LOST-1", "psn_no": f"99{person.pk:013d}"}])
    world.insurer.fault("drop_answer", xxlxm="SE01")
    visit = world.visit(person)
    with pytest.raises(InsurerUnavailable):
        registering.register_visit(visit, credential=Credential("01", "LOST-1"), now=NOW)
    visit.refresh_from_db()
    assert not visit.uninsured


DAY = NOW + timedelta(days=9)
"""A day on which no other test has settled anything."""


def test_a_day_is_matched_by_its_sums_and_by_its_rows_when_they_differ(world):
    first = world.settle(world.visit(world.person(balance_fen=600, current_fen=300)), now=DAY).body
    second = world.settle(world.visit(world.person(used_fen=50000), CARE, DRUG), now=DAY).body
    world.insurer.fault("drop_answer", xxlxm="SI12")
    world.settle(world.visit(world.person()), now=DAY)
    recovery.recover(now=DAY)
    reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=first["id"], reason="", now=DAY
    )
    assert differences(world) == []
    marked = Settlement.objects.get(pk=second["id"]).setl_id
    world.insurer.control("tamper", {"setl_id": marked, "action": "amount", "delta_fen": 100})
    extra = {"action": "extra", "fixmedins_code": CODE, "setl_time": f"{DAY.date()} 11:00:00"}
    amounts = {"medfee_fen": 500, "fund_fen": 400, "acct_fen": 0}
    invented = world.insurer.control("tamper", {**extra, **amounts})["setl_id"]
    assert differences(world) == sorted([(invented, "theirs_only"), (marked, "amount")])


def differences(world):
    """Match the day anew and give what differs, by the insurer's numbers."""
    statements = reconciliation.match_day(
        institution_id=world.hospital.pk, business_date=DAY.date(), now=DAY + timedelta(days=1)
    )
    kept = Difference.objects.filter(statement__in=statements, statement__party="insurer")
    return sorted(kept.values_list("key", "kind"))


def test_a_message_shanghai_does_not_have_is_kept_back(world):
    envelope = exchanges.Envelope("3101", "audit:1", {"data": {}})
    row = Exchange.objects.create(
        msgid="x", institution=world.hospital, infno="3101", request={}, sent_at=NOW
    )
    heard = exchanges.send(exchanges.again(row, envelope, now=NOW))
    assert (heard.state, heard.output) == ("unsent", None)
    assert "not spoken in Shanghai" in heard.detail
