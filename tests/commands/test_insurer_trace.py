"""What was said, read back: by number, visit, settlement, person; and what is let go."""

import json
from datetime import timedelta

import pytest

from tests import builders
from tests.web import rows
from yifu.insurance import registering
from yifu.insurance.models import Exchange


@pytest.fixture
def visit(console):
    made = builders.visit(console.insured(), at=console.hospital, charges=[1500])
    registering.register_visit(made, credential=None, now=builders.NOW)
    return made


def test_a_message_is_shown_whole_by_our_number_and_by_the_insurers(console, visit):
    row = Exchange.objects.get(infno="2201", subject=f"visit:{visit.pk}")
    for number in (row.msgid, row.inf_refmsgid):
        text = console.run("trace", number)
        for words in (
            "2201 门诊挂号",
            row.msgid,
            row.inf_refmsgid,
            "ipt_otp_no",
            "mdtrt_id",
            "> sent",
        ):
            assert words in text
        assert f"sign_no {row.sign_no}" in text
    (shown,) = console.json("trace", row.msgid)["exchanges"]
    assert shown["request"] == row.request
    assert shown["answer"] == row.answer
    assert shown["insuplc_admdvs"] == "990100"


def test_all_about_a_visit_a_person_and_a_settlement_oldest_first(console, visit):
    settlement = rows.settlement(visit, setl_id="S77")
    about = {"institution": console.hospital, "state": "unknown", "request": {}}
    at = builders.NOW + timedelta(minutes=1)
    lost = Exchange.objects.create(
        msgid="M1", infno="2207", subject=f"settlement:{settlement.pk}", sent_at=at, **about
    )
    asked = Exchange.objects.create(
        msgid="M2", infno="5203", subject=f"query:{settlement.pk}", sent_at=at, **about
    )
    by_settlement = console.json("trace", "--settlement", "S77")["exchanges"]
    assert [one["msgid"] for one in by_settlement] == [lost.msgid, asked.msgid]
    assert by_settlement[0]["later"][0]["msgid"] == asked.msgid
    assert console.json("trace", "--settlement", str(settlement.pk))["exchanges"] == by_settlement
    of_visit = console.json("trace", "--visit", visit.visit_no)["exchanges"]
    assert [one["infno"] for one in of_visit] == ["1101", "2201", "2207", "5203"]
    assert console.json("trace", "--person", visit.person.name)["exchanges"] == of_visit
    latest = console.json("trace", "--visit", visit.visit_no, "--last", "1")["exchanges"]
    assert [one["infno"] for one in latest] == ["5203"]
    assert "later: 5203 M2" in console.run("trace", "M1")


def test_nothing_found_is_said(console):
    assert "Nothing was said" in console.run("trace", "M0", code=1)
    assert "say one of" in console.run("trace", code=2)
    assert "say one of" in console.run("trace", "M0", "--visit", "V0", code=2)


def test_content_past_its_time_is_let_go_and_the_trace_says_so(console, visit):
    row = Exchange.objects.get(infno="1101")
    later = (builders.NOW + timedelta(days=400)).date().isoformat()
    counted = console.json("retain", "--now", later, "--dry-run")
    assert counted["emptied"]["query"] == 1
    row.refresh_from_db()
    assert row.emptied_at is None
    done = console.json("retain", "--now", later)
    assert done["emptied"] == counted["emptied"]
    assert done["emptied"]["record"] == 2
    assert f"let go on {later}" in console.run("trace", row.msgid)
    assert "0 emptied" in console.run("retain", "--now", later)
    assert json.dumps(visit.person.name) not in console.run("trace", row.msgid)


def test_a_date_that_is_none_is_refused(console):
    assert "2026-03-01" in console.run("retain", "--now", "tomorrow", code=2)
