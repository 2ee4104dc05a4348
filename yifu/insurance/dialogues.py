"""What is said to an insurer that speaks a dialect, on behalf of one exchange.

A region's module translates (`regions/dialect.py` says how the two meet); here its messages are
written down before they are sent and after they are answered, each in a transaction of its own,
and nothing waits on the outside with a connection in hand.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import orjson

from yifu import rows
from yifu.insurance import gateway
from yifu.insurance.fields import CHINA, Violation, check
from yifu.insurance.models import DialectMessage, Encounter, Exchange, ExchangeState
from yifu.insurance.regions.dialect import Asked, Content, Dialect, Known, Numbers, Said, Told
from yifu.insurance.regions.loading import Region, region
from yifu.outside import without_connection
from yifu.patients import services as patients

_JSON_TYPE: Final = {"Content-Type": "application/json;charset=utf-8"}
_OK: Final = 200
_DETAIL: Final = 300
_REASON: Final = 2000
_UNDECIDED: Final = (ExchangeState.SENDING, ExchangeState.UNKNOWN)
_NUMBERS: Final = ("visit", "batch", "bill", "application", "serial")

# The message's number: institution, real date of sending, sequence.
_OPEN = """
INSERT INTO insurance_dialectmessage (exchange_id, kind, msgid, state, visit, batch, bill,
                                      application, serial, request, detail, sent_at)
SELECT %(exchange)s, %(kind)s,
       %(code)s || to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD')
       || lpad((nextval('insurance_msgid') %% 1000000000)::text, 9, '0'),
       'sending', %(visit)s, %(batch)s, %(bill)s, %(application)s, %(serial)s,
       %(request)s::jsonb, '', %(now)s
RETURNING id, msgid
"""
_CLOSE = """
UPDATE insurance_dialectmessage
SET state = %(state)s, detail = %(detail)s, answer = %(answer)s::jsonb, answered_at = %(now)s,
    visit = coalesce(nullif(%(visit)s, ''), visit), batch = coalesce(nullif(%(batch)s, ''), batch),
    bill = coalesce(nullif(%(bill)s, ''), bill),
    application = coalesce(nullif(%(application)s, ''), application),
    serial = coalesce(nullif(%(serial)s, ''), serial)
WHERE id = %(id)s RETURNING id
"""


def call(endpoint: gateway.Endpoint, exchange_id: int, asked: Asked) -> gateway.Answer:
    """Have one inner call translated and answered in the national shape.

    Must be called outside any transaction. Raises as `gateway.call` does.
    """
    place = region(endpoint.region)
    if place.dialect is None:
        raise gateway.NotSent(f"{endpoint.region}: no dialect")
    told = place.dialect.speak(Conversation(endpoint, place, exchange_id, asked))
    return gateway.Answer(
        output=told.output,
        infcode="0",
        inf_refmsgid=told.reference,
        err_msg="",
        raw_bytes_len=0,
        warn_msg="; ".join(map(str, told.remarks))[:_REASON],
        remarks=_checked(asked.infno, told),
    )


def _checked(infno: str, told: Told) -> tuple[Violation, ...]:
    """Check the translated answer as a national one; what the dialect cannot tell is a remark."""
    untold = {remark.place for remark in told.remarks}
    found = check(infno, "out", told.output)
    grave = [one for one in found if one.rule != "code" and _anywhere(one.place) not in untold]
    if grave:
        raise gateway.Nonsense("; ".join(map(str, grave))[:_REASON], grave)
    return (*told.remarks, *(one for one in found if one.rule == "code"))


def _anywhere(place: str) -> str:
    """Give a place without the numbers of rows: `result[3].pric` is `result.pric`."""
    return re.sub(r"\[\d+\]", "", place)


class Conversation:
    """What a dialect may do while it translates; see `regions.dialect.Talk`."""

    def __init__(
        self, endpoint: gateway.Endpoint, place: Region, exchange_id: int, asked: Asked
    ) -> None:
        self.endpoint = endpoint
        self.asked = asked
        self._dialect = cast("Dialect", place.dialect)
        self._encoding = place.encoding
        self._exchange_id = exchange_id

    def say(self, kind: str, content: Content, numbers: Numbers) -> Content:
        """Say one message: write it down, send it, write down what came of it.

        A message of this exchange that nobody answered is sent again under its own number. Raises
        `Refused`, `NotSent` (`Malformed`), `Unanswered` (`Nonsense`).
        """
        row_id, msgid = self._open(kind, content, numbers)
        state, answer, got, detail = ExchangeState.UNSENT, None, Numbers(), ""
        try:
            body = self._dialect.write(self, kind, content, msgid=msgid)
            state = ExchangeState.UNKNOWN
            answer, got = self._dialect.read(kind, self._post(body), encoding=self._encoding)
            state = ExchangeState.ANSWERED
        except gateway.CallError as error:
            state, detail = _state_of(error), str(error)
            raise
        finally:
            self._close(row_id, state, got, self._masked(kind, answer), detail)
        return answer

    def _post(self, body: bytes) -> bytes:
        with without_connection():
            reply = gateway.post(self.endpoint, body, _JSON_TYPE)
        if reply.status != _OK:
            raise gateway.Unanswered(f"HTTP {reply.status}")
        return reply.body

    def _open(self, kind: str, content: Content, numbers: Numbers) -> tuple[int, str]:
        known = DialectMessage.objects.filter(
            exchange=self._exchange_id, kind=kind, state__in=_UNDECIDED, **_given(numbers)
        ).first()
        if known is not None:
            return known.pk, known.msgid
        parameters = _as_texts(numbers) | {
            "exchange": self._exchange_id,
            "kind": kind,
            "code": self.endpoint.fixmedins_code,
            "request": _json(self._dialect.mask(kind, content, answer=False)),
            "now": self.asked.now,
        }
        ((row_id, msgid),) = rows.run(_OPEN, parameters)
        return int(row_id), str(msgid)

    def _masked(self, kind: str, answer: Content | None) -> str | None:
        return None if answer is None else _json(self._dialect.mask(kind, answer, answer=True))

    def _close(
        self, row_id: int, state: ExchangeState, got: Numbers, answer: str | None, detail: str
    ) -> None:
        parameters = _as_texts(got) | {
            "id": row_id,
            "state": state,
            "detail": detail[:_DETAIL],
            "answer": answer,
            "now": self.asked.now,
        }
        rows.run(_CLOSE, parameters)

    def earlier(self, kind: str, *, visit: str = "", msgid: str = "") -> list[Said]:
        """Give what was said before, oldest first: of a visit, or for one inner call."""
        found = self._own().filter(kind=kind)
        if visit:
            found = found.filter(visit=visit)
        if msgid:
            found = found.filter(exchange__msgid=msgid)
        return [_said(row) for row in found]

    def of_day(self, kind: str, day: date) -> list[Said]:
        """Give what was sent on a day or the day before: an answer may have come later."""
        end = datetime.combine(day, datetime.min.time(), tzinfo=CHINA) + timedelta(days=1)
        begin = end - timedelta(days=2)
        found = self._own().filter(kind=kind, sent_at__gte=begin, sent_at__lt=end)
        return [_said(row) for row in found]

    def resolve(self, kind: str, numbers: Numbers) -> None:
        """Write down what is known now of a message that nobody had answered."""
        by = "application" if numbers.application else "serial"
        unknown = self._own().filter(kind=kind, state__in=_UNDECIDED, **{by: getattr(numbers, by)})
        unknown.order_by().update(
            state=ExchangeState.RESOLVED, serial=numbers.serial, answered_at=self.asked.now
        )

    def _own(self) -> Any:  # noqa: ANN401 - a query set, whose type is the plugin's
        code = self.endpoint.fixmedins_code
        own = DialectMessage.objects.filter(exchange__institution__code=code)
        return own.select_related("exchange").order_by("pk")

    def known(self, visit: str) -> Known:
        """Give what we know of a visit by the insurer's number. Raises `LookupError`."""
        encounter = (
            Encounter.objects.select_related("visit__person", "visit__institution")
            .filter(mdtrt_id=visit, visit__institution__code=self.endpoint.fixmedins_code)
            .order_by("-pk")
            .first()
        )
        if encounter is None:
            raise LookupError(visit)
        ours = encounter.visit
        return Known(
            certno=patients.certificate_no(ours.person),
            name=ours.person.name,
            insutype=encounter.insutype,
            psn_type=encounter.psn_type,
            psn_no=encounter.psn_no,
            kind=ours.kind,
            department_code=ours.department_code,
            department_name=ours.department_name,
            doctor_code=ours.doctor_code,
            doctor_name=ours.doctor_name,
            visit_no=ours.visit_no,
            diagnoses=tuple((row["code"], row["name"]) for row in ours.diagnoses),
            began_at=ours.began_at,
        )


def _state_of(error: gateway.CallError) -> ExchangeState:
    if isinstance(error, gateway.Refused):
        return ExchangeState.REFUSED
    return ExchangeState.UNSENT if isinstance(error, gateway.NotSent) else ExchangeState.UNKNOWN


def _said(row: DialectMessage) -> Said:
    numbers = Numbers(**{name: getattr(row, name) for name in _NUMBERS})
    exchange: Exchange = row.exchange
    return Said(row.kind, exchange.msgid, row.state, numbers, row.answer, row.sent_at)


def _given(numbers: Numbers) -> dict[str, str]:
    """Give the numbers that are there, to look for."""
    return {name: text for name, text in _as_texts(numbers).items() if text}


def _as_texts(numbers: Numbers) -> dict[str, str]:
    return {name: getattr(numbers, name) for name in _NUMBERS}


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value).decode()
