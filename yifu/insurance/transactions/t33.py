"""Transactions 33xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input3301Data(TypedDict):
    """3301 目录对照上传: data."""

    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    list_type: str  # 目录类别
    med_list_codg: str  # 医疗目录编码
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    aprvno: NotRequired[str]  # 批准文号
    dosform: NotRequired[str]  # 剂型
    exct_cont: NotRequired[str]  # 除外内容
    item_cont: NotRequired[str]  # 项目内涵
    prcunt: NotRequired[str]  # 计价单位
    spec: NotRequired[str]  # 规格
    pacspec: NotRequired[str]  # 包装规格
    memo: NotRequired[str]  # 备注


class Input3301(TypedDict):
    """3301 目录对照上传: Input3301."""

    data: list[Input3301Data]


class Output3301(TypedDict):
    """3301 目录对照上传: nothing."""


T3301: Pair[Input3301, Output3301] = Pair("3301")
"""3301 目录对照上传."""


class Input3302Data(TypedDict):
    """3302 目录对照撤销: data."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    list_type: str  # 目录类别
    med_list_codg: str  # 医疗目录编码


class Input3302(TypedDict):
    """3302 目录对照撤销: Input3302."""

    data: Input3302Data


class Output3302(TypedDict):
    """3302 目录对照撤销: nothing."""


T3302: Pair[Input3302, Output3302] = Pair("3302")
"""3302 目录对照撤销."""
