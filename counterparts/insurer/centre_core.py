"""What the payment centre does at the insurer's own desk, message by message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterparts.insurer import charging, registration
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import Message, check_identity

if TYPE_CHECKING:
    from datetime import datetime

    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Institution, Person

E_CREDENTIAL = "01"
_OPERATOR = "centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that is the hospital's: which application, which institution, when, what."""

    app_id: str
    institution: Institution
    now: datetime
    data: dict[str, Any]

    @property
    def at(self) -> str:
        """Return the centre's time as the interface writes it."""
        return f"{self.now:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Core:
    """Speaks to the insurer as the hospital would have."""

    office: Office

    def registered(self, asked: Asked, person: Person) -> str:
        """Return the visit that the hospital's number names, registered now if it was not."""
        data, code = asked.data, asked.institution.fixmedins_code
        known = self.office.books.visit_of(code, data["iptOtpNo"])
        if known is not None:
            return known.mdtrt_id
        content = {
            "psn_no": person.psn_no,
            "insutype": data["insutype"],
            "begntime": data["begntime"],
            "mdtrt_cert_type": E_CREDENTIAL,
            "mdtrt_cert_no": "",
            "psn_cert_type": person.psn_cert_type,
            "certno": person.certno,
            "psn_type": person.psn_type,
            "psn_name": person.psn_name,
            "ipt_otp_no": data["iptOtpNo"],
            "dept_code": data.get("deptCode") or "",
            "dept_name": data["deptName"],
            "caty": data["caty"],
        }
        check_identity(person, content)
        message = self.message(asked, "2201", person, {"data": content})
        return str(registration.register(self.office, message)["data"]["mdtrt_id"])

    def describe(self, asked: Asked, person: Person, mdtrt_id: str) -> None:
        """Describe the visit as 2203 does."""
        data = asked.data
        about = {
            "mdtrt_id": mdtrt_id,
            "psn_no": person.psn_no,
            "med_type": data["medType"],
            "dise_codg": data["diseCodg"],
            "dise_name": data.get("diseName") or "",
        }
        names = ("diagSrtNo", "diagType", "diagCode", "diagName", "valiFlag")
        known = ("diag_srt_no", "diag_type", "diag_code", "diag_name", "vali_flag")
        rows = [
            dict(zip(known, (row[name] for name in names), strict=True))
            for row in data["diseinfoList"]
        ]
        message = self.message(asked, "2203", person, {"mdtrtinfo": about, "diseinfo": rows})
        registration.describe_visit(self.office, message)

    def upload_lines(self, asked: Asked, person: Person, mdtrt_id: str) -> dict[str, Any]:
        """Upload the charges as 2204 does; return its answer."""
        rows = [
            {
                "feedetl_sn": row["feedetlSn"],
                "mdtrt_id": mdtrt_id,
                "psn_no": person.psn_no,
                "chrg_bchno": row["chrgBchno"],
                "fee_ocur_time": row["feeOcurTime"],
                "med_list_codg": row["medListCodg"],
                "medins_list_codg": row["medinsListCodg"],
                "det_item_fee_sumamt": float(row["detItemFeeSumamt"]),
                "cnt": float(row["cnt"]),
                "pric": float(row["pric"]),
                "hosp_appr_flag": row["hospApprFlag"],
            }
            for row in asked.data["feedetailList"]
        ]
        if not all(row["feedetl_sn"].isascii() and row["feedetl_sn"].isdigit() for row in rows):
            raise RefusedError("feedetlSn 只能为数字")
        if any(row["chrg_bchno"] != asked.data["chrgBchno"] for row in rows):
            raise RefusedError("chrgBchno 同一批次的明细应一致")
        return charging.upload(
            self.office, self.message(asked, "2204", person, {"feedetail": rows})
        )

    def message(
        self,
        asked: Asked,
        infno: str,
        person: Person,
        content: dict[str, Any],
        *,
        msgid: str = "",
    ) -> Message:
        """Return a message of the centre to the insurer."""
        number = self.office.books.counted("centre_messages")
        own = f"{asked.institution.fixmedins_code}{asked.now:%Y%m%d%H%M%S}C{number % 1000:03d}"
        return Message(
            infno=infno,
            msgid=msgid or own,
            inf_time=asked.at,
            insuplc_admdvs=person.insuplc_admdvs,
            opter=_OPERATOR,
            opter_name="移动支付中心",
            institution=asked.institution,
            input=content,
        )
