"""Transactions 20xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input2001Data(TypedDict):
    """2001 人员待遇享受检查: data."""

    psn_no: str  # 人员编号
    insutype: str  # 险种类型
    fixmedins_code: str  # 定点医药机构编号
    med_type: str  # 医疗类别
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    matn_type: NotRequired[str]  # 生育类别
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    exp_content: NotRequired[str]  # 字段扩展


class Input2001(TypedDict):
    """2001 人员待遇享受检查: Input2001."""

    data: Input2001Data


class Output2001Trtinfo(TypedDict):
    """2001 人员待遇享受检查: trtinfo."""

    psn_no: str  # 人员编号
    trt_chk_type: str  # 待遇检查类型
    fund_pay_type: str  # 基金支付类型
    trt_enjymnt_flag: str  # 基金款项待遇享受标志
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    trt_chk_rslt: NotRequired[str]  # 待遇检查结果
    exp_content: NotRequired[str]  # 字段扩展


class Output2001(TypedDict):
    """2001 人员待遇享受检查: Output2001."""

    trtinfo: list[Output2001Trtinfo]


T2001: Pair[Input2001, Output2001] = Pair("2001")
"""2001 人员待遇享受检查."""
