"""Transactions 46xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4601Data(TypedDict):
    """4601 输血信息: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    abo_code: NotRequired[str]  # ABO血型代码
    rh_code: NotRequired[str]  # Rh血型代码
    bld_natu_code: NotRequired[str]  # 输血性质代码
    bld_abo_code: NotRequired[str]  # 输血 ABO血型代码
    bld_rh_code: NotRequired[str]  # 输血Rh血型代码
    bld_cat_code: NotRequired[str]  # 输血品种代码
    bld_amt: NotRequired[Number]  # 输血量
    bld_amt_unt: NotRequired[str]  # 输血量计量单位
    bld_defs_type_code: NotRequired[str]  # 输血反应类型代码
    bld_cnt: NotRequired[Number]  # 输血次数
    bld_time: NotRequired[str]  # 输血时间
    bld_rea: NotRequired[str]  # 输血原因
    vali_flag: str  # 有效标志


class Input4601(TypedDict):
    """4601 输血信息: Input4601."""

    data: Input4601Data


class Output4601(TypedDict):
    """4601 输血信息: nothing."""


T4601: Pair[Input4601, Output4601] = Pair("4601")
"""4601 输血信息."""


class Input4602Data(TypedDict):
    """4602 护理操作生命体征测量记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    dept_code: str  # 科室代码
    dept_name: str  # 科室名称
    wardarea_name: str  # 病区名称
    bedno: str  # 病床号
    diag_code: str  # 诊断代码
    adm_time: str  # 入院时间
    act_ipt_days: Number  # 实际住院天数
    afpn_days: Number  # 手术后天数
    rcd_time: str  # 记录日期时间
    vent_frqu: Number  # 呼吸频率（次/min）
    use_vent_flag: str  # 使用呼吸机标志
    pule: Number  # 脉率（次/min）
    pat_heart_rate: Number  # 起搏器心率（次/min）
    tprt: Number  # 体温（℃）
    systolic_pre: str  # 收缩压（mmHg）
    dstl_pre: str  # 舒张压（mmHg）
    wt: Number  # 体重（kg）
    abde: Number  # 腹围（cm）
    nurscare_obsv_item_name: str  # 护理观察项目名称
    nurscare_obsv_rslt: str  # 护理观察结果
    nurs_name: str  # 护士姓名
    sign_time: str  # 签字时间
    vali_flag: str  # 有效标志


class Input4602(TypedDict):
    """4602 护理操作生命体征测量记录: Input4602."""

    data: Input4602Data


class Output4602(TypedDict):
    """4602 护理操作生命体征测量记录: nothing."""


T4602: Pair[Input4602, Output4602] = Pair("4602")
"""4602 护理操作生命体征测量记录."""
