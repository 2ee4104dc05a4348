"""Transactions 25xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input2501Refmedin(TypedDict):
    """2501 转院备案: refmedin."""

    psn_no: str  # 人员编号
    insutype: NotRequired[str]  # 险种类型
    tel: NotRequired[str]  # 联系电话
    addr: NotRequired[str]  # 联系地址
    insu_optins: NotRequired[str]  # 参保机构医保区划
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    dise_cond_dscr: NotRequired[str]  # 疾病病情描述
    reflin_medins_no: str  # 转往定点医药机构编号
    reflin_medins_name: str  # 转往医院名称
    mdtrtarea_admdvs: str  # 就医地行政区划
    hosp_agre_refl_flag: NotRequired[str]  # 医院同意转院标志
    refl_type: str  # 转院类型
    refl_date: str  # 转院日期
    refl_rea: str  # 转院原因
    refl_opnn: str  # 转院意见
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    refl_old_mdtrt_id: NotRequired[str]  # 转院前就诊id
    refl_used_flag: NotRequired[str]  # 转诊使用标志


class Input2501(TypedDict):
    """2501 转院备案: Input2501."""

    refmedin: Input2501Refmedin


class Output2501Result(TypedDict):
    """2501 转院备案: result."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号


class Output2501(TypedDict):
    """2501 转院备案: Output2501."""

    result: Output2501Result


T2501: Pair[Input2501, Output2501] = Pair("2501")
"""2501 转院备案."""


class Input2502Data(TypedDict):
    """2502 转院备案撤销: data."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号
    psn_no: str  # 人员编号
    memo: NotRequired[str]  # 备注


class Input2502(TypedDict):
    """2502 转院备案撤销: Input2502."""

    data: Input2502Data


class Output2502(TypedDict):
    """2502 转院备案撤销: nothing."""


T2502: Pair[Input2502, Output2502] = Pair("2502")
"""2502 转院备案撤销."""


class Input2503Data(TypedDict):
    """2503 人员慢特病备案: data."""

    psn_no: str  # 人员编号
    insutype: str  # 险种类型
    opsp_dise_code: str  # 门慢门特病种目录代码
    opsp_dise_name: str  # 门慢门特病种名称
    tel: NotRequired[str]  # 联系电话
    addr: NotRequired[str]  # 联系地址
    insu_optins: str  # 参保机构医保区划
    ide_fixmedins_no: str  # 鉴定定点医药机构编号
    ide_fixmedins_name: str  # 鉴定定点医药机构名称
    hosp_ide_date: str  # 医院鉴定日期
    diag_dr_codg: str  # 诊断医师编码
    diag_dr_name: str  # 诊断医师姓名
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    exp_content: NotRequired[str]  # 手术时间
    trt_dcla_detl_sn: NotRequired[str]  # 待遇申报明细流水号
    selfdef_splm_flag: NotRequired[str]  # 自定义补充标志
    memo: NotRequired[str]  # 备注


class Input2503(TypedDict):
    """2503 人员慢特病备案: Input2503."""

    data: Input2503Data


class Output2503Result(TypedDict):
    """2503 人员慢特病备案: result."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号
    exp_content: NotRequired[str]  # 扩展字段


class Output2503(TypedDict):
    """2503 人员慢特病备案: Output2503."""

    result: Output2503Result


T2503: Pair[Input2503, Output2503] = Pair("2503")
"""2503 人员慢特病备案."""


class Input2504Data(TypedDict):
    """2504 人员慢特病备案撤销: data."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号
    psn_no: str  # 人员编号
    memo: str  # 备注


class Input2504(TypedDict):
    """2504 人员慢特病备案撤销: Input2504."""

    data: Input2504Data


class Output2504(TypedDict):
    """2504 人员慢特病备案撤销: nothing."""


T2504: Pair[Input2504, Output2504] = Pair("2504")
"""2504 人员慢特病备案撤销."""


class Input2505Data(TypedDict):
    """2505 人员定点备案: data."""

    psn_no: str  # 人员编号
    tel: NotRequired[str]  # 联系电话
    addr: NotRequired[str]  # 联系地址
    biz_appy_type: str  # 业务申请类型
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    agnter_name: NotRequired[str]  # 代办人姓名
    agnter_cert_type: NotRequired[str]  # 代办人证件类型
    agnter_certno: NotRequired[str]  # 代办人证件号码
    agnter_tel: NotRequired[str]  # 代办人联系方式
    agnter_addr: NotRequired[str]  # 代办人联系地址
    agnter_rlts: NotRequired[str]  # 代办人关系
    fix_srt_no: str  # 定点排序号
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    memo: NotRequired[str]  # 备注
    exp_content: NotRequired[str]  # 手术时间


class Input2505(TypedDict):
    """2505 人员定点备案: Input2505."""

    data: Input2505Data


class Output2505Result(TypedDict):
    """2505 人员定点备案: result."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号
    exp_content: NotRequired[str]  # 手术时间


class Output2505(TypedDict):
    """2505 人员定点备案: Output2505."""

    result: Output2505Result


T2505: Pair[Input2505, Output2505] = Pair("2505")
"""2505 人员定点备案."""


class Input2506Data(TypedDict):
    """2506 人员定点备案撤销: data."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号
    psn_no: str  # 人员编号
    memo: str  # 备注


class Input2506(TypedDict):
    """2506 人员定点备案撤销: Input2506."""

    data: Input2506Data


class Output2506(TypedDict):
    """2506 人员定点备案撤销: nothing."""


T2506: Pair[Input2506, Output2506] = Pair("2506")
"""2506 人员定点备案撤销."""


class Input2507Data(TypedDict):
    """2507 人员意外伤害备案: data."""

    dcla_souc: str  # 申报来源
    insutype: NotRequired[str]  # 险种类型
    psn_no: str  # 人员编号
    psn_insu_rlts_id: NotRequired[str]  # 人员参保关系ID
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    gend: NotRequired[str]  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    tel: NotRequired[str]  # 联系电话
    addr: NotRequired[str]  # 联系地址
    insu_admdvs: str  # 参保所属医保区划
    emp_no: NotRequired[str]  # 单位编号
    emp_name: NotRequired[str]  # 单位名称
    mdtrtarea_admdvs: NotRequired[str]  # 就医地医保区划
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    hosp_lv: NotRequired[str]  # 医院等级
    adm_time: NotRequired[str]  # 入院时间
    trum_time: NotRequired[str]  # 受伤时间
    trum_site: NotRequired[str]  # 受伤地点
    trum_rea: NotRequired[str]  # 致伤原因
    chk_pay_flag: str  # 审核支付标志
    agnter_name: NotRequired[str]  # 代办人姓名
    agnter_cert_type: NotRequired[str]  # 代办人证件类型
    agnter_certno: NotRequired[str]  # 代办人证件号码
    agnter_tel: NotRequired[str]  # 代办人联系方式
    agnter_addr: NotRequired[str]  # 代办人联系地址
    agnter_rlts: NotRequired[str]  # 代办人关系
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    memo: NotRequired[str]  # 备注


class Input2507(TypedDict):
    """2507 人员意外伤害备案: Input2507."""

    data: Input2507Data


class Output2507Result(TypedDict):
    """2507 人员意外伤害备案: result."""

    trt_dcla_detl_sn: str  # 待遇申报明细流水号


class Output2507(TypedDict):
    """2507 人员意外伤害备案: Output2507."""

    result: Output2507Result


T2507: Pair[Input2507, Output2507] = Pair("2507")
"""2507 人员意外伤害备案."""
