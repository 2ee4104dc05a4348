"""Transactions 34xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input3401Deptinfo(TypedDict):
    """3401 科室信息上传: deptinfo."""

    hosp_dept_codg: str  # 医院科室编码
    caty: str  # 科别
    hosp_dept_name: str  # 医院科室名称
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    itro: str  # 简介
    dept_resper_name: str  # 科室负责人姓名
    dept_resper_tel: str  # 科室负责人电话
    dept_med_serv_scp: NotRequired[str]  # 科室医疗服务范围
    dept_estbdat: str  # 科室成立日期
    aprv_bed_cnt: Number  # 批准床位数量
    hi_crtf_bed_cnt: NotRequired[Number]  # 医保认可床位数
    poolarea_no: str  # 统筹区编号
    dr_psncnt: Number  # 医师人数
    phar_psncnt: Number  # 药师人数
    nurs_psncnt: Number  # 护士人数
    tecn_psncnt: Number  # 技师人数
    memo: NotRequired[str]  # 备注


class Input3401(TypedDict):
    """3401 科室信息上传: Input3401."""

    deptinfo: Input3401Deptinfo


class Output3401(TypedDict):
    """3401 科室信息上传: nothing."""


T3401: Pair[Input3401, Output3401] = Pair("3401")
"""3401 科室信息上传."""


class Input3401ADeptinfo(TypedDict):
    """3401A 批量科室信息上传: deptinfo."""

    hosp_dept_codg: str  # 医院科室编码
    caty: str  # 科别
    hosp_dept_name: str  # 医院科室名称
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    itro: str  # 简介
    dept_resper_name: str  # 科室负责人姓名
    dept_resper_tel: str  # 科室负责人电话
    dept_med_serv_scp: NotRequired[str]  # 科室医疗服务范围
    dept_estbdat: str  # 科室成立日期
    aprv_bed_cnt: Number  # 批准床位数量
    hi_crtf_bed_cnt: NotRequired[Number]  # 医保认可床位数
    poolarea_no: str  # 统筹区编号
    dr_psncnt: Number  # 医师人数
    phar_psncnt: Number  # 药师人数
    nurs_psncnt: Number  # 护士人数
    tecn_psncnt: Number  # 技师人数
    memo: NotRequired[str]  # 备注


class Input3401A(TypedDict):
    """3401A 批量科室信息上传: Input3401A."""

    deptinfo: list[Input3401ADeptinfo]


class Output3401A(TypedDict):
    """3401A 批量科室信息上传: nothing."""


T3401A: Pair[Input3401A, Output3401A] = Pair("3401A")
"""3401A 批量科室信息上传."""


class Input3402Deptinfo(TypedDict):
    """3402 科室信息变更: deptinfo."""

    hosp_dept_codg: str  # 医院科室编码
    hosp_dept_name: str  # 医院科室名称
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    itro: str  # 简介
    dept_resper_name: str  # 科室负责人姓名
    dept_resper_tel: str  # 科室负责人电话
    dept_med_serv_scp: NotRequired[str]  # 科室医疗服务范围
    caty: str  # 科别
    dept_estbdat: str  # 科室成立日期
    aprv_bed_cnt: Number  # 批准床位数量
    hi_crtf_bed_cnt: NotRequired[Number]  # 医保认可床位数
    poolarea_no: str  # 统筹区编号
    dr_psncnt: Number  # 医师人数
    phar_psncnt: Number  # 药师人数
    nurs_psncnt: Number  # 护士人数
    tecn_psncnt: Number  # 技师人数
    memo: NotRequired[str]  # 备注


class Input3402(TypedDict):
    """3402 科室信息变更: Input3402."""

    deptinfo: Input3402Deptinfo


class Output3402(TypedDict):
    """3402 科室信息变更: nothing."""


T3402: Pair[Input3402, Output3402] = Pair("3402")
"""3402 科室信息变更."""


class Input3403Data(TypedDict):
    """3403 科室信息撤销: data."""

    hosp_dept_codg: str  # 医院科室编码
    hosp_dept_name: str  # 医院科室名称
    begntime: str  # 开始时间


class Input3403(TypedDict):
    """3403 科室信息撤销: Input3403."""

    data: Input3403Data


class Output3403(TypedDict):
    """3403 科室信息撤销: nothing."""


T3403: Pair[Input3403, Output3403] = Pair("3403")
"""3403 科室信息撤销."""
