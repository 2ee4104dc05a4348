"""What a region's module offers when its insurer does not speak the national messages at all.

The inner calls stay national: `exchanges.send` hands a dialect the transaction and its input, and
is given an answer in the national shape. Between the two the dialect says as many messages of its
own as it needs; the `Talk` it is given writes each down before it is sent and after it is answered,
and remembers the numbers that later messages have to repeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from yifu.insurance.fields import Violation

if TYPE_CHECKING:
    from yifu.insurance.gateway import Endpoint

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One inner call: a national transaction and its input."""

    infno: str
    msgid: str
    input_: Content
    now: datetime
    insuplc_admdvs: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What ties dialect messages together; each dialect fills what it has.

    `visit` is the insurer's number of the visit, `batch` ours of the charges, `bill` the insurer's
    of them, `application` that of a calculation, `serial` that of a transaction that stands.
    """

    visit: str = ""
    batch: str = ""
    bill: str = ""
    application: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A dialect message that was written down: what it was, its numbers, what came of it.

    `msgid` is the inner call's. `answer` is as it was stored, personal data masked; None where
    none came, and then `state` says whether it was refused, not sent, or nobody knows.
    """

    kind: str
    msgid: str
    state: str
    numbers: Numbers
    answer: Content | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of the visit a message is about, which the national input does not repeat."""

    certno: str = field(repr=False)
    name: str
    insutype: str
    psn_type: str
    psn_no: str
    kind: str
    department_code: str
    department_name: str
    doctor_code: str
    doctor_name: str
    visit_no: str
    diagnoses: tuple[tuple[str, str], ...]
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the national shape. `remarks` name what the dialect does not tell."""

    output: dict[str, Any]
    remarks: tuple[Violation, ...] = ()
    reference: str = ""


class Talk(Protocol):
    """What a dialect may do while it translates one inner call."""

    asked: Asked
    endpoint: "Endpoint"

    def say(self, kind: str, content: Content, numbers: Numbers) -> Content:
        """Say one message and give its answer's content. Raises as `gateway.call` does."""

    def earlier(self, kind: str, *, visit: str = "", msgid: str = "") -> list[Said]:
        """Give what was said before, oldest first: of a visit, or for one inner call."""

    def of_day(self, kind: str, day: date) -> list[Said]:
        """Give what was sent on a day or the day before, oldest first."""

    def resolve(self, kind: str, numbers: Numbers) -> None:
        """Write down what is known now of a message that nobody had answered.

        It is found by its application, or by its serial; the serial is kept with it.
        """

    def known(self, visit: str) -> Known:
        """Give what we know of a visit by the insurer's number; raises `LookupError`."""


class Dialect(Protocol):
    """A region's own language: `dialect` in `region.toml` names the module that has one."""

    def speak(self, talk: Talk) -> Told:
        """Translate one inner call. Raises `Refused`, `NotSent`, `Unanswered`, `Nonsense`."""

    def write(self, talk: Talk, kind: str, content: Content, *, msgid: str) -> bytes:
        """Frame a message for the wire. Raises `Malformed`."""

    def read(self, kind: str, body: bytes, *, encoding: str) -> tuple[Content, Numbers]:
        """Take an answer apart: content and numbers. Raises as `speak` does."""

    def mask(self, kind: str, content: Content, *, answer: bool) -> dict[str, Any]:
        """Give a message as it may be stored: credentials gone, personal data masked (P1.7)."""
