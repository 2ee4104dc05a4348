"""Transactions 51xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input5101(TypedDict):
    """5101 科室信息查询: nothing."""


class Output5101Feedetail(TypedDict):
    """5101 科室信息查询: feedetail."""

    hosp_dept_codg: str  # 医院科室编码
    hosp_dept_name: str  # 医院科室名称
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    itro: NotRequired[str]  # 简介
    dept_resper_name: str  # 科室负责人姓名
    dept_resper_tel: str  # 科室负责人电话
    dept_med_serv_scp: NotRequired[str]  # 科室医疗服务范围
    caty: str  # 科别
    dept_estbdat: NotRequired[str]  # 科室成立日期
    aprv_bed_cnt: NotRequired[Number]  # 批准床位数量
    hi_crtf_bed_cnt: NotRequired[Number]  # 医保认可床位数
    poolarea_no: NotRequired[str]  # 统筹区编号
    dr_psncnt: NotRequired[Number]  # 医师人数
    phar_psncnt: NotRequired[Number]  # 药师人数
    nurs_psncnt: NotRequired[Number]  # 护士人数
    tecn_psncnt: NotRequired[Number]  # 技师人数
    memo: NotRequired[str]  # 备注


class Output5101(TypedDict):
    """5101 科室信息查询: Output5101."""

    feedetail: list[Output5101Feedetail]


T5101: Pair[Input5101, Output5101] = Pair("5101")
"""5101 科室信息查询."""


class Input5102Data(TypedDict):
    """5102 医执人员信息查询: data."""

    prac_psn_type: str  # 执业人员分类
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    prac_psn_name: NotRequired[str]  # 执业人员姓名
    prac_psn_code: NotRequired[str]  # 执业人员代码


class Input5102(TypedDict):
    """5102 医执人员信息查询: Input5102."""

    data: Input5102Data


class Output5102Feedetail(TypedDict):
    """5102 医执人员信息查询: feedetail."""

    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    prac_psn_no: NotRequired[str]  # 执业人员自编号
    prac_psn_code: str  # 执业人员代码
    prac_psn_name: str  # 执业人员姓名
    prac_psn_type: str  # 执业人员分类
    prac_psn_cert: NotRequired[str]  # 执业人员资格证书编码
    prac_cert_no: NotRequired[str]  # 执业证书编号
    hi_dr_flag: str  # 医保医师标志
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    chg_rea: NotRequired[str]  # 变更原因


class Output5102(TypedDict):
    """5102 医执人员信息查询: Output5102."""

    feedetail: list[Output5102Feedetail]


T5102: Pair[Input5102, Output5102] = Pair("5102")
"""5102 医执人员信息查询."""
