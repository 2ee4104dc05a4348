"""Settlement lists: nothing is invented, what is missing is named, what is whole is sent once."""

import pytest

from tests.uploads.conftest import LATER, PROCESSED
from yifu.errors import Conflict, InvalidRequest, NotFound
from yifu.insurance.models import Exchange
from yifu.uploads import lists
from yifu.uploads.models import ListUpload, UploadPolicy, UploadState
from yifu.visits.models import Stay

FILLED_IN = {"ntly": "CHN", "prfs": "24"}


def whole(day, **changes):
    """A settlement whose list lacks nothing, and its upload."""
    settlement = day.settled(**changes)
    day.receipt(settlement)
    day.run()
    upload = ListUpload.objects.get(settlement=settlement)
    lists.supplement(upload.pk, FILLED_IN, institution_id=day.hospital_id, now=LATER)
    return settlement, upload


def test_a_list_names_what_it_lacks_instead_of_inventing_it(day):
    settlement = day.settled()
    day.run()
    upload = ListUpload.objects.get()
    assert upload.state == UploadState.INCOMPLETE
    assert set(upload.missing) == {"ntly", "prfs", "bill_code", "bill_no"}
    assert not Exchange.objects.filter(infno="4101").exists()
    day.receipt(settlement)
    day.run()
    upload.refresh_from_db()
    assert set(upload.missing) == {"ntly", "prfs"}
    assert lists.where("prfs") == lists.Source.REGISTRATION


def test_a_whole_list_is_uploaded_and_passes_quality_control(day):
    settlement, upload = whole(day)
    day.run(now=LATER)
    upload.refresh_from_db()
    assert (upload.state, upload.missing) == (UploadState.ACCEPTED, [])
    (theirs,) = [row for row in day.theirs()["lists"] if row["setl_id"] == settlement.setl_id]
    assert theirs["setl_list_id"] == upload.number
    head = theirs["content"]["setlinfo"]
    assert (head["prfs"], head["biz_sn"]) == ("24", settlement.msgid)
    counted = lists.counts(day.hospital_id, day=settlement.business_date, now=LATER)
    assert counted.uploaded >= 1
    assert counted.needed >= counted.uploaded


def test_an_accepted_list_is_submitted_once_and_then_not_changed(day):
    _, upload = whole(day)
    with pytest.raises(Conflict):
        lists.submit(upload.pk, institution_id=day.hospital_id, now=LATER)
    day.run()
    assert lists.submit(upload.pk, institution_id=day.hospital_id, now=LATER).submitted
    with pytest.raises(Conflict):
        lists.submit(upload.pk, institution_id=day.hospital_id, now=LATER)
    with pytest.raises(Conflict):
        lists.supplement(upload.pk, {"prfs": "11"}, institution_id=day.hospital_id, now=LATER)


@pytest.mark.parametrize(
    ("name", "value"),
    [("prfs", "no such code"), ("setl_id", "1"), ("nonsense", "1"), ("lv1_nurscare_days", "many")],
)
def test_a_wrong_supplement_is_refused_by_the_fields_name(day, name, value):
    day.settled()
    day.run()
    upload = ListUpload.objects.get()
    with pytest.raises(InvalidRequest) as refused:
        lists.supplement(upload.pk, {name: value}, institution_id=day.hospital_id, now=LATER)
    assert refused.value.facts["field"] == name
    upload.refresh_from_db()
    assert upload.supplement == {}
    with pytest.raises(NotFound):
        lists.supplement(upload.pk, FILLED_IN, institution_id=day.hospital_id + 1, now=LATER)


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_a_lost_answer_leaves_the_list_waiting_and_one_list_there(day, fault):
    settlement, upload = whole(day)
    day.world.insurer.fault(fault, infno="4101", times=1)
    assert day.run().stopped == ["lists"]
    upload.refresh_from_db()
    assert upload.state == UploadState.WAITING
    day.run()
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    theirs = [row for row in day.theirs()["lists"] if row["setl_id"] == settlement.setl_id]
    assert len(theirs) == 1
    assert Exchange.objects.filter(infno="4101").count() == 1


def test_a_refused_list_says_why_and_can_be_sent_again(day):
    _, upload = whole(day)
    day.world.insurer.fault("refuse", infno="4101", times=1)
    day.run()
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert "模拟拒绝" in upload.reason
    lists.retry(upload.pk, institution_id=day.hospital_id, now=PROCESSED)
    day.run(now=PROCESSED)
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED


def test_a_settlement_reversed_before_the_upload_has_no_list(day):
    settlement = day.settled()
    blue = day.receipt(settlement)
    day.run()
    day.reversed(settlement, blue)
    day.run()
    assert day.states(ListUpload) == [(UploadState.OBSOLETE, "")]


def test_by_policy_only_stays_and_chronic_diseases_need_a_list(day):
    UploadPolicy.objects.update(lists="required")
    day.settled()
    chronic = day.settled(med_type="14")
    day.run()
    upload = ListUpload.objects.get()
    assert upload.settlement_id == chronic.pk
    message, _ = lists.build(upload, UploadPolicy.objects.get())
    assert message["setlinfo"]["opsp_mdtrt_date"] == "2026-03-02"


def test_a_stays_list_wants_what_stays_have(day):
    settlement = day.settled(kind="inpatient")
    Stay.objects.create(visit=settlement.visit, bed="1", admission_note="咳嗽", discharge_way="1")
    day.receipt(settlement)
    day.run()
    upload = ListUpload.objects.get()
    assert set(upload.missing) == {"ntly", "prfs", "medcasno", "adm_cond_type"}
    given = FILLED_IN | {"medcasno": "B0001", "adm_cond_type": "1"}
    lists.supplement(upload.pk, given, institution_id=day.hospital_id, now=LATER)
    message, faults = lists.build(ListUpload.objects.get(), UploadPolicy.objects.get())
    assert faults == ()
    assert message["setlinfo"]["dscg_way"] == "1"
    assert [row["adm_cond_type"] for row in message["diseinfo"]] == ["1"]
