"""Offers of a catalogue's file that cannot be taken: late, incomplete, short of rows, no file."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest

from tests import builders
from yifu.catalogue.errors import CatalogueUnreadable
from yifu.catalogue.models import Cursor, NationalItem
from yifu.clock import CHINA
from yifu.insurance import catalogues
from yifu.insurance.errors import InsurerNonsense, InsurerRefused
from yifu.insurance.models import Connection
from yifu.secrets import encrypt

NOW = datetime(2026, 3, 3, 10, tzinfo=CHINA)
SIGNED = {"signinoutb": {"sign_time": "2026-03-03 10:00:00", "sign_no": "1"}}
OFFER = {
    "file_qury_no": "F1",
    "filename": "1309.txt.zip",
    "dld_end_time": "2026-03-03",
    "data_cnt": 1,
}
ROW = "M1\t示例病种\tnull\tnull\t1\t{}\n"


def packed(*versions):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("c.txt", "".join(ROW.format(version) for version in versions))
    return archive.getvalue()


@pytest.fixture
def fetch(insurer, transactional_db):  # noqa: ARG001 - gives the database
    """Fetch 1309 from an insurer that makes these offers and gives these files, in order."""
    institution = builders.institution()
    Connection.objects.create(
        institution=institution,
        base_url=f"http://127.0.0.1:{insurer.server_port}",
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=5,
    )

    def make(*steps):
        left = [one for step in steps for one in step]

        def reply(handler, _):
            infno = handler.headers["_api_name"]
            said = SIGNED if infno == "9001" else left.pop(0)
            if isinstance(said, bytes):
                kind = "text/html" if said.startswith(b"<") else "application/octet-stream"
                handler.answer(said, kind=kind)
                return
            refused = isinstance(said, str)
            body: dict[str, Any] = {"infcode": -1 if refused else 0, "inf_refmsgid": "1"}
            body |= {"err_msg": said} if refused else {"output": said}
            handler.answer(json.dumps(body).encode())

        insurer.reply = reply
        (fetched,) = catalogues.fetch(institution.pk, now=NOW, infnos=["1309"])
        return fetched.rows, fetched.version

    return make


def nothing_new(version):
    return (OFFER | {"data_cnt": 0, "filename": f"{version}.txt.zip"},)


def test_a_good_offer_is_taken(fetch):
    assert fetch((OFFER, packed("v0001")), nothing_new("v0001")) == (1, "v0001")


def test_an_insurer_that_gives_its_last_file_again_has_nothing_new(fetch):
    assert fetch((OFFER, packed("v0001")), (OFFER, packed("v0001"))) == (2, "v0001")
    assert NationalItem.objects.count() == 1


UNFIT = {
    "expired": ((OFFER | {"dld_end_time": "2026-03-02"},), "F1 expired 2026-03-02"),
    "too few rows": ((OFFER | {"data_cnt": 2}, packed("v0002")), "1 rows, announced were 2"),
    "too many rows": ((OFFER, packed("v0002", "v0003")), "2 rows, announced were 1"),
    "going backwards": ((OFFER, packed("v0000")), "version v0000 after v0001"),
    "cut off": ((OFFER, packed("v0002")[:-30]), "no zip"),
}


def test_an_unfit_offer_changes_nothing(fetch):
    fetch((OFFER, packed("v0001")), nothing_new("v0001"))
    before = NationalItem.objects.values().get(), Cursor.objects.values().get()
    for what, (step, reason) in UNFIT.items():
        with pytest.raises(CatalogueUnreadable, match=reason):
            pytest.fail(f"taken: {what} {fetch(step)}")
    for step, error in (
        ((OFFER, b"<html>502</html>"), InsurerNonsense),
        ((OFFER, "文件查询号已过期"), InsurerRefused),
        (("系统维护",), InsurerRefused),
        (({"filename": "x"},), InsurerNonsense),
    ):
        with pytest.raises(error):
            fetch(step)
    after = NationalItem.objects.values().get(), Cursor.objects.values().get()
    assert after == before
