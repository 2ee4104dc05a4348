"""Where the insurer's payment centre tells of its orders (NHSA 6204, 6302).

Whoever can sign as the centre is the centre: there is no token here. The answer is the one that
the interface wants, `success` and `message`, in a problem too; a notice that is not taken comes
again.
"""

import time

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from yifu import clock
from yifu.insurance.mobile import notices
from yifu.insurance.mobile.envelope import BadEnvelope
from yifu.insurance.mobile.errors import NoticeMalformed, NoticeRefused, NoticeUnknown
from yifu.insurance.mobile.notices import BadNotice, Taken, UnknownOrder
from yifu.problems import PROBLEMS
from yifu.settlement import jobs
from yifu.settlement.models import Settlement, SettlementState

router = Router()

S = SettlementState
_UNDECIDED = (S.CLAIMED, S.UNKNOWN, S.REVERSING)
_UNDER_WAY_SECONDS = 20
"""A request that still waits for its own answer is not overtaken for so long."""


class Told(Schema):
    """Whether a notice was taken, and why not."""

    success: bool
    message: str


@router.post(
    "/insurer/callbacks/6204",
    auth=None,
    response={200: Told, **PROBLEMS},
    summary="医保订单信息同步",
)
def take_order(request: HttpRequest) -> HttpResponse:
    """Take what the payment centre tells of an order: signed, encrypted, as often as it comes."""
    return _take("6204", request)


@router.post(
    "/insurer/callbacks/6302",
    auth=None,
    response={200: Told, **PROBLEMS},
    summary="医保结算结果通知",
)
def take_result(request: HttpRequest) -> HttpResponse:
    """Take what the payment centre tells of a payment: signed, encrypted, as often as it comes."""
    return _take("6302", request)


def _take(infno: str, request: HttpRequest) -> HttpResponse:
    now = clock.request_now(request)
    try:
        with transaction.atomic():
            taken = notices.take(infno, request.body, now=now, now_s=int(time.time()))
            _look_after(taken)
    except BadEnvelope as error:
        raise NoticeRefused(message=str(error), success=False) from error
    except UnknownOrder as error:
        raise NoticeUnknown(message="payOrdId: no such order", success=False) from error
    except BadNotice as error:
        raise NoticeMalformed(message=str(error), success=False) from error
    body = orjson.dumps({"success": True, "message": "成功" if taken.first else "重复通知"})
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _look_after(taken: Taken) -> None:
    """Have a settlement that waits for its answer asked about, in the notice's transaction."""
    settlement_id = int(taken.subject.partition(":")[2])
    waiting = Settlement.objects.filter(pk=settlement_id, state__in=_UNDECIDED)
    state = waiting.values_list("state", flat=True).first()
    if state is None or not taken.first:
        return
    delay = _UNDER_WAY_SECONDS if state == S.CLAIMED else 0
    later = jobs.recover_one.configure(schedule_in={"seconds": delay})
    later.defer(settlement_id=settlement_id)
