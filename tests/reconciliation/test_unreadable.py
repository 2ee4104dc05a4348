"""A result file that is no statement is refused whole, and what was kept before stays."""

import io
import json
import zipfile

import pytest

from tests import builders
from tests.insurance.conftest import (  # noqa: F401 - fixtures
    _no_connections_left,
    insurer,
)
from tests.reconciliation.conftest import DAY, NOW, Booked, Books
from yifu.insurance.models import Connection, Encounter
from yifu.payments.models import Channel
from yifu.reconciliation import services
from yifu.reconciliation.errors import StatementUnreadable
from yifu.reconciliation.models import Difference, Statement, StatementRow
from yifu.secrets import encrypt

LINE = "P1\tM1\tS1\tN1\t0\t0\tnull\t100.00\t60.00\t10.00\n"
FILE = {"file_qury_no": "F1", "filename": "r.txt.zip", "dld_endtime": "2026-04-01 00:00:00"}
OUTPUTS = {
    "9001": {"signinoutb": {"sign_time": "2026-03-03 10:00:00", "sign_no": "1"}},
    "9101": FILE | {"fixmedins_code": "H99010000001"},
    "3202": {"fileinfo": FILE},
}


def zipped(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("r.txt", text)
    return packed.getvalue()


@pytest.fixture
def says(insurer, transactional_db):  # noqa: ARG001, F811 - gives the database; the fixture
    """Let the insurer answer 9102 with these contents, one a kind of clearing, then with none."""
    institution = builders.institution()
    Connection.objects.create(
        institution=institution,
        base_url=f"http://127.0.0.1:{insurer.server_port}",
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=5,
    )
    visit = builders.visit(builders.person(), at=institution)
    Encounter.objects.create(visit=visit, mdtrt_id="M1", psn_no="P1", insutype="310", psn_type="11")
    books = Books(institution, visit, Channel.objects.get(code="cash"))
    books.settle([Booked("S1", 10000, 6000, 1000)])

    def prepare(*contents):
        left = list(contents)

        def reply(handler, _):
            infno = handler.headers["_api_name"]
            if infno == "9102":
                content = left.pop(0) if left else zipped("")
                handler.answer(content, kind="application/octet-stream")
            else:
                body = {"infcode": 0, "inf_refmsgid": "1", "output": OUTPUTS[infno]}
                handler.answer(json.dumps(body).encode())

        insurer.reply = reply
        (statement,) = services.match_day(institution_id=institution.pk, business_date=DAY, now=NOW)
        return statement

    return prepare


def test_a_good_file_matches(says):
    assert says(zipped(LINE), zipped("")).matched == 1


UNREADABLE = {
    "nothing": b"",
    "a cut zip": zipped(LINE)[:60],
    "a cut row": zipped(LINE[:25]),
    "one column too many": zipped("x\t" + LINE),
    "a row twice": zipped(LINE + LINE),
    "no number": zipped(LINE.replace("100.00", "one hundred")),
    "not whole fen": zipped(LINE.replace("100.00", "100.001")),
    "beyond all reason": zipped(LINE.replace("100.00", "99999999999999")),
    "no setl_id": zipped(LINE.replace("S1", "null")),
    "an unknown result": zipped(LINE.replace("\t0\t0\t", "\t8\t0\t")),
    "not UTF-8": zipped("编号\t".encode("gbk") + LINE.encode()),
}


def test_a_file_that_is_none_changes_nothing(says):
    before = says(zipped(LINE.replace("100.00", "99.00")), zipped(""))
    for what, content in UNREADABLE.items():
        for contents in ((content, zipped("")), (zipped(LINE), content)):
            with pytest.raises(StatementUnreadable) as caught:
                pytest.fail(f"taken for a statement: {what} {says(*contents)}")
            assert caught.value.status == 502
    after = Statement.objects.get()
    assert (after.pk, after.matched, after.their_fen) == (before.pk, 0, 9900)
    assert StatementRow.objects.get().amount_fen == 9900
    assert Difference.objects.get().their_fen == 9900


def test_a_row_shown_with_other_amounts_a_second_time_is_refused(says):
    with pytest.raises(StatementUnreadable, match="stands twice"):
        says(zipped(LINE), zipped(LINE.replace("100.00", "99.00")))
