"""Transactions 12xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input1201Medinsinfo(TypedDict):
    """1201 医药机构信息获取: medinsinfo."""

    fixmedins_type: str  # 定点医疗服务机构类型
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Input1201(TypedDict):
    """1201 医药机构信息获取: Input1201."""

    medinsinfo: Input1201Medinsinfo


class Output1201Medinsinfo(TypedDict):
    """1201 医药机构信息获取: medinsinfo."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    uscc: str  # 统一社会信用代码
    fixmedins_type: str  # 定点医疗服务机构类型
    hosp_lv: NotRequired[str]  # 医院等级
    exp_content: NotRequired[str]  # 扩展字段


class Output1201(TypedDict):
    """1201 医药机构信息获取: Output1201."""

    medinsinfo: Output1201Medinsinfo


T1201: Pair[Input1201, Output1201] = Pair("1201")
"""1201 医药机构信息获取."""
