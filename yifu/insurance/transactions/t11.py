"""Transactions 11xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input1101Data(TypedDict):
    """1101 人员信息获取: data."""

    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    begntime: NotRequired[str]  # 开始时间
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名


class Input1101(TypedDict):
    """1101 人员信息获取: Input1101."""

    data: Input1101Data


class Output1101Baseinfo(TypedDict):
    """1101 人员信息获取: baseinfo."""

    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    gend: str  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: Number  # 年龄
    exp_content: NotRequired[str]  # 字段扩展


class Output1101Insuinfo(TypedDict):
    """1101 人员信息获取: insuinfo."""

    balc: Number  # 余额
    insutype: str  # 险种类型
    psn_type: str  # 人员类别
    psn_insu_stas: NotRequired[str]  # 人员参保状态
    psn_insu_date: NotRequired[str]  # 个人参保日期
    paus_insu_date: NotRequired[str]  # 暂停参保日期
    cvlserv_flag: str  # 公务员标志
    insuplc_admdvs: str  # 参保地医保区划
    emp_name: NotRequired[str]  # 单位名称


class Output1101Idetinfo(TypedDict):
    """1101 人员信息获取: idetinfo."""

    psn_idet_type: str  # 人员身份类别
    psn_type_lv: NotRequired[str]  # 人员类别等级
    memo: NotRequired[str]  # 备注
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间


class Output1101(TypedDict):
    """1101 人员信息获取: Output1101."""

    baseinfo: Output1101Baseinfo
    insuinfo: list[Output1101Insuinfo]
    idetinfo: list[Output1101Idetinfo]


T1101: Pair[Input1101, Output1101] = Pair("1101")
"""1101 人员信息获取."""
