"""Transactions 53xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input5301Data(TypedDict):
    """5301 人员慢特病备案查询: data."""

    psn_no: str  # 人员编号


class Input5301(TypedDict):
    """5301 人员慢特病备案查询: Input5301."""

    data: Input5301Data


class Output5301Feedetail(TypedDict):
    """5301 人员慢特病备案查询: feedetail."""

    opsp_dise_code: str  # 门慢门特病种目录代码
    opsp_dise_name: str  # 门慢门特病种名称
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期


class Output5301(TypedDict):
    """5301 人员慢特病备案查询: Output5301."""

    feedetail: list[Output5301Feedetail]


T5301: Pair[Input5301, Output5301] = Pair("5301")
"""5301 人员慢特病备案查询."""


class Input5302Data(TypedDict):
    """5302 人员定点信息查询: data."""

    psn_no: str  # 人员编号
    biz_appy_type: str  # 业务申请类型


class Input5302(TypedDict):
    """5302 人员定点信息查询: Input5302."""

    data: Input5302Data


class Output5302Psnfixmedin(TypedDict):
    """5302 人员定点信息查询: psnfixmedin."""

    psn_no: str  # 人员编号
    insutype: NotRequired[str]  # 险种类型
    fix_srt_no: str  # 定点排序号
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    memo: NotRequired[str]  # 备注


class Output5302(TypedDict):
    """5302 人员定点信息查询: Output5302."""

    psnfixmedin: list[Output5302Psnfixmedin]


T5302: Pair[Input5302, Output5302] = Pair("5302")
"""5302 人员定点信息查询."""


class Input5303Data(TypedDict):
    """5303 在院信息查询: data."""

    psn_no: NotRequired[str]  # 人员编号
    begntime: str  # 开始时间
    endtime: str  # 结束时间


class Input5303(TypedDict):
    """5303 在院信息查询: Input5303."""

    data: Input5303Data


class Output5303Data(TypedDict):
    """5303 在院信息查询: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    gend: str  # 性别
    brdy: NotRequired[str]  # 出生日期
    age: Number  # 年龄
    insutype: str  # 险种类型
    begndate: str  # 开始日期
    med_type: str  # 医疗类别
    ipt_otp_no: NotRequired[str]  # 住院/门诊号
    out_flag: NotRequired[str]  # 异地标志


class Output5303(TypedDict):
    """5303 在院信息查询: Output5303."""

    data: list[Output5303Data]


T5303: Pair[Input5303, Output5303] = Pair("5303")
"""5303 在院信息查询."""


class Input5304Data(TypedDict):
    """5304 转院信息查询: data."""

    psn_no: str  # 人员编号
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间


class Input5304(TypedDict):
    """5304 转院信息查询: Input5304."""

    data: Input5304Data


class Output5304Refmedin(TypedDict):
    """5304 转院信息查询: refmedin."""

    insutype: str  # 险种类型
    dcla_souc: NotRequired[str]  # 申报来源
    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    gend: str  # 性别
    brdy: NotRequired[str]  # 出生日期
    tel: NotRequired[str]  # 联系电话
    addr: NotRequired[str]  # 联系地址
    insu_optins: NotRequired[str]  # 参保机构医保区划
    emp_name: NotRequired[str]  # 单位名称
    diag_code: NotRequired[str]  # 诊断代码
    diag_name: NotRequired[str]  # 诊断名称
    dise_cond_dscr: NotRequired[str]  # 疾病病情描述
    reflin_medins_no: NotRequired[str]  # 转往定点医药机构编号
    reflin_medins_name: str  # 转往医院名称
    out_flag: NotRequired[str]  # 异地标志
    refl_date: str  # 转院日期
    refl_rea: str  # 转院原因
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    hosp_agre_refl_flag: str  # 医院同意转院标志
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间


class Output5304(TypedDict):
    """5304 转院信息查询: Output5304."""

    refmedin: list[Output5304Refmedin]


T5304: Pair[Input5304, Output5304] = Pair("5304")
"""5304 转院信息查询."""
