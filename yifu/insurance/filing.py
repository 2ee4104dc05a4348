"""Hand the insurer a file (9101) and fetch one (9102), written down before and after.

The file itself is not written down: what was in it is in our books, or will be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from yifu.insurance import gateway, messages
from yifu.insurance.answers import FileReference
from yifu.insurance.exchanges import (
    OPERATOR,
    OPERATOR_NAME,
    Envelope,
    Heard,
    Pending,
    close_exchange,
    endpoint_of,
    open_exchange,
)
from yifu.insurance.models import ExchangeState
from yifu.outside import without_connection

_DETAIL_CHARACTERS = 300
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Errand:
    """Whose files they are, and what their messages are about (at most 40 characters)."""

    institution_id: int
    subject: str
    sign_no: str
    now: datetime

    def envelope(self, infno: str, input_: messages.Input) -> Envelope:
        """Wrap a message of this errand."""
        return Envelope(infno, self.subject, input_, sign_no=self.sign_no)


def upload(errand: Errand, *, filename: str, content: bytes) -> str:
    """Hand a file over; gives its `file_qury_no` (NHSA 9101).

    Raises `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`, `NotConnected`.
    """
    code = endpoint_of(errand.institution_id).fixmedins_code
    about = {"in": content, "filename": filename, "fixmedins_code": code}

    def speak(endpoint: gateway.Endpoint, pending: Pending) -> str:
        return gateway.upload_file(
            endpoint,
            msgid=pending.msgid,
            filename=filename,
            content=content,
            now=errand.now,
            opter=OPERATOR,
            opter_name=OPERATOR_NAME,
            sign_no=errand.sign_no,
        ).file_qury_no

    return _recorded(errand, errand.envelope("9101", {"fsUploadIn": about}), speak)


def download(errand: Errand, made: FileReference) -> bytes:
    """Fetch a file that the insurer made (NHSA 9102); raises as `upload` does."""
    wanted = {
        "file_qury_no": made.file_qury_no,
        "filename": made.filename,
        "fixmedins_code": gateway.CATALOGUE_OWNER,
    }

    def speak(endpoint: gateway.Endpoint, pending: Pending) -> bytes:
        return gateway.download_file(
            endpoint,
            msgid=pending.msgid,
            file_qury_no=made.file_qury_no,
            filename=made.filename,
            now=errand.now,
            opter=OPERATOR,
            opter_name=OPERATOR_NAME,
            sign_no=errand.sign_no,
        )

    return _recorded(errand, errand.envelope("9102", {"fsDownloadIn": wanted}), speak)


def _recorded(
    errand: Errand, envelope: Envelope, speak: Callable[[gateway.Endpoint, Pending], _T]
) -> _T:
    """Send a message that carries or fetches a file, written down before and after."""
    pending = open_exchange(errand.institution_id, envelope, now=errand.now)
    endpoint = endpoint_of(errand.institution_id)
    brought: list[_T] = []
    try:
        with without_connection():
            brought.append(speak(endpoint, pending))
        heard = Heard(ExchangeState.ANSWERED, {}, "")
    except gateway.Refused as error:
        heard = Heard(ExchangeState.REFUSED, None, error.err_msg[:_DETAIL_CHARACTERS])
    except gateway.CallError as error:
        unsent = isinstance(error, gateway.NotSent)
        state = ExchangeState.UNSENT if unsent else ExchangeState.UNKNOWN
        heard = Heard(state, None, str(error)[:_DETAIL_CHARACTERS])
    close_exchange(pending, heard, now=errand.now)
    heard.output_or_raise()
    return brought[0]
