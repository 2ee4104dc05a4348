"""Charges nobody insures are told to the insurer once, in parts that fit a message."""

import pytest

from tests.settlement.conftest import CONSULTATION
from tests.uploads.conftest import LATER
from yifu.insurance.models import Exchange
from yifu.uploads import self_paid
from yifu.uploads.models import SelfPaidUpload, UploadState


def charges(number):
    code, national, name, _ = CONSULTATION
    return [(f"{code}{place}", national, name, 100 + place) for place in range(number)]


def gained(day, before):
    now = day.theirs()["self_paid"]
    return {name: now[name] - before[name] for name in now}


def test_self_payers_charges_are_told_and_insured_ones_are_not(day):
    before = day.theirs()["self_paid"]
    day.settled(insured=True)
    own = day.settled(insured=False, charges=charges(3))
    day.run()
    assert gained(day, before) == {"visits": 1, "lines": 3, "amount_fen": own.total_fen}
    assert day.states(SelfPaidUpload) == [(UploadState.ACCEPTED, "")]
    day.run()
    assert gained(day, before)["lines"] == 3


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_a_lost_answer_between_two_parts_doubles_nothing(day, fault):
    before = day.theirs()["self_paid"]
    own = day.settled(insured=False, charges=charges(45))
    day.world.insurer.fault(fault, infno="4201", times=1)
    assert day.run().stopped == ["self_paid"]
    assert day.run().stopped == []
    assert gained(day, before) == {"visits": 1, "lines": 45, "amount_fen": own.total_fen}
    assert Exchange.objects.filter(infno="4201").count() == 2


def test_refused_charges_say_why_and_are_sent_again_where_they_stopped(day):
    day.settled(insured=False, charges=charges(2))
    day.world.insurer.fault("refuse", infno="4201", times=1)
    day.run()
    upload = SelfPaidUpload.objects.get()
    assert upload.state == UploadState.REFUSED
    assert upload.reason
    self_paid.retry(upload.pk, institution_id=day.hospital_id, now=LATER)
    day.run()
    assert day.states(SelfPaidUpload) == [(UploadState.ACCEPTED, "")]
