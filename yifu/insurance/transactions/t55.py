"""Transactions 55xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input5501(TypedDict):
    """5501 查询电子结算凭证状态: Input."""

    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    elecSetlCertCode: NotRequired[str]  # 电子结算凭证代码
    elecSetlCertNo: str  # 电子结算凭证号码
    elecSetlCertChkcode: NotRequired[str]  # 电子结算凭证校验码
    elecSetlCertType: str  # 电子结算凭证类型


class Output5501(TypedDict):
    """5501 查询电子结算凭证状态: Output."""

    elecSetlCertCode: NotRequired[str]  # 电子结算凭证代码
    elecSetlCertNo: NotRequired[str]  # 电子结算凭证号码
    elecSetlCertChkcode: NotRequired[str]  # 电子结算凭证校验码
    elecSetlCertType: NotRequired[str]  # 电子结算凭证类型
    certSetlType: NotRequired[str]  # 凭证结算类型
    rhredFlag: NotRequired[str]  # 冲红标志
    reimFlag: NotRequired[str]  # 报销标志


T5501: Pair[Input5501, Output5501] = Pair("5501")
"""5501 查询电子结算凭证状态."""
