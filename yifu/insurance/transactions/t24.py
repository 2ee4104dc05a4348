"""Transactions 24xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input2401Mdtrtinfo(TypedDict):
    """2401 入院办理: mdtrtinfo."""

    psn_no: str  # 人员编号
    insutype: str  # 险种类型
    coner_name: NotRequired[str]  # 联系人姓名
    tel: NotRequired[str]  # 联系电话
    begntime: str  # 开始时间
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: NotRequired[str]  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    cert_type: str  # 证件类型
    certno: str  # 证件号码
    med_type: str  # 医疗类别
    ipt_no: str  # 住院号
    medrcdno: NotRequired[str]  # 病历号
    atddr_no: str  # 主治医生编码
    chfpdr_name: str  # 主诊医师姓名
    adm_diag_dscr: str  # 入院诊断描述
    adm_dept_codg: str  # 入院科室编码
    adm_dept_name: str  # 入院科室名称
    adm_bed: str  # 入院床位
    dscg_maindiag_code: str  # 住院主诊断代码
    dscg_maindiag_name: str  # 住院主诊断名称
    main_cond_dscr: NotRequired[str]  # 主要病情描述
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    fpsc_no: NotRequired[str]  # 计划生育服务证号
    matn_type: NotRequired[str]  # 生育类别
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    latechb_flag: NotRequired[str]  # 晚育标志
    geso_val: NotRequired[Number]  # 孕周数
    fetts: NotRequired[Number]  # 胎次
    fetus_cnt: NotRequired[Number]  # 胎儿数
    pret_flag: NotRequired[str]  # 早产标志
    birctrl_matn_date: NotRequired[str]  # 计划生育手术或生育日期
    dise_type_code: NotRequired[str]  # 病种类型
    exp_content: NotRequired[str]  # 字段扩展
    insuplc_admdvs: str  # 参保地医保区划
    mdtrtarea_admvs: str  # 就医地医保区划


class Input2401Diseinfo(TypedDict):
    """2401 入院办理: diseinfo."""

    psn_no: str  # 人员编号
    diag_type: str  # 诊断类别
    maindiag_flag: str  # 主诊断标志
    diag_srt_no: Number  # 诊断排序号
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    adm_cond: NotRequired[str]  # 入院病情
    diag_dept: str  # 诊断科室
    dise_dor_no: str  # 诊断医生编码
    dise_dor_name: str  # 诊断医生姓名
    diag_time: str  # 诊断时间


class Input2401(TypedDict):
    """2401 入院办理: Input2401."""

    mdtrtinfo: Input2401Mdtrtinfo
    diseinfo: list[Input2401Diseinfo]


class Output2401Result(TypedDict):
    """2401 入院办理: result."""

    mdtrt_id: str  # 就诊ID
    exp_content: NotRequired[str]  # 字段扩展


class Output2401(TypedDict):
    """2401 入院办理: Output2401."""

    result: Output2401Result


T2401: Pair[Input2401, Output2401] = Pair("2401")
"""2401 入院办理."""


class Input2402Dscginfo(TypedDict):
    """2402 出院办理: dscginfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    insutype: str  # 险种类型
    endtime: str  # 结束时间
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    fpsc_no: NotRequired[str]  # 计划生育服务证号
    matn_type: NotRequired[str]  # 生育类别
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    latechb_flag: NotRequired[str]  # 晚育标志
    geso_val: NotRequired[Number]  # 孕周数
    fetts: NotRequired[Number]  # 胎次
    fetus_cnt: NotRequired[Number]  # 胎儿数
    pret_flag: NotRequired[str]  # 早产标志
    birctrl_matn_date: NotRequired[str]  # 计划生育手术或生育日期
    cop_flag: NotRequired[str]  # 伴有并发症标志
    dscg_dept_codg: str  # 出院科室编码
    dscg_dept_name: str  # 出院科室名称
    dscg_bed: NotRequired[str]  # 出院床位
    dscg_way: str  # 离院方式
    die_date: NotRequired[str]  # 死亡日期
    exp_content: NotRequired[str]  # 字段扩展


class Input2402Diseinfo(TypedDict):
    """2402 出院办理: diseinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    diag_type: str  # 诊断类别
    maindiag_flag: str  # 主诊断标志
    diag_srt_no: Number  # 诊断排序号
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    diag_dept: str  # 诊断科室
    dise_dor_no: str  # 诊断医生编码
    dise_dor_name: str  # 诊断医生姓名
    diag_time: str  # 诊断时间


class Input2402(TypedDict):
    """2402 出院办理: Input2402."""

    dscginfo: Input2402Dscginfo
    diseinfo: list[Input2402Diseinfo]


class Output2402(TypedDict):
    """2402 出院办理: nothing."""


T2402: Pair[Input2402, Output2402] = Pair("2402")
"""2402 出院办理."""


class Input2403Adminfo(TypedDict):
    """2403 住院信息变更: adminfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    coner_name: NotRequired[str]  # 联系人姓名
    tel: NotRequired[str]  # 联系电话
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    mdtrt_cert_type: str  # 就诊凭证类型
    med_type: str  # 医疗类别
    ipt_otp_no: str  # 住院/门诊号
    medrcdno: NotRequired[str]  # 病历号
    atddr_no: str  # 主治医生编码
    chfpdr_name: str  # 主诊医师姓名
    adm_diag_dscr: str  # 入院诊断描述
    adm_dept_codg: str  # 入院科室编码
    adm_dept_name: str  # 入院科室名称
    adm_bed: str  # 入院床位
    dscg_maindiag_code: str  # 住院主诊断代码
    dscg_maindiag_name: str  # 住院主诊断名称
    main_cond_dscr: NotRequired[str]  # 主要病情描述
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    fpsc_no: NotRequired[str]  # 计划生育服务证号
    matn_type: NotRequired[str]  # 生育类别
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    latechb_flag: NotRequired[str]  # 晚育标志
    geso_val: NotRequired[Number]  # 孕周数
    fetts: NotRequired[Number]  # 胎次
    fetus_cnt: NotRequired[Number]  # 胎儿数
    pret_flag: NotRequired[str]  # 早产标志
    birctrl_matn_date: NotRequired[str]  # 计划生育手术或生育日期
    dise_type_code: NotRequired[str]  # 病种编号
    exp_content: NotRequired[str]  # 字段扩展
    ttp_pay_prop: NotRequired[Number]  # 第三方自付比例


class Input2403Diseinfo(TypedDict):
    """2403 住院信息变更: diseinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    diag_type: str  # 诊断类别
    maindiag_flag: str  # 主诊断标志
    diag_srt_no: Number  # 诊断排序号
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    adm_cond: NotRequired[str]  # 入院病情
    diag_dept: str  # 诊断科室
    dise_dor_no: str  # 诊断医生编码
    dise_dor_name: str  # 诊断医生姓名
    diag_time: str  # 诊断时间


class Input2403(TypedDict):
    """2403 住院信息变更: Input2403."""

    adminfo: Input2403Adminfo
    diseinfo: list[Input2403Diseinfo]


class Output2403(TypedDict):
    """2403 住院信息变更: nothing."""


T2403: Pair[Input2403, Output2403] = Pair("2403")
"""2403 住院信息变更."""


class Input2404Data(TypedDict):
    """2404 入院撤销: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2404(TypedDict):
    """2404 入院撤销: Input2404."""

    data: Input2404Data


class Output2404(TypedDict):
    """2404 入院撤销: nothing."""


T2404: Pair[Input2404, Output2404] = Pair("2404")
"""2404 入院撤销."""


class Input2405Data(TypedDict):
    """2405 出院撤销: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2405(TypedDict):
    """2405 出院撤销: Input2405."""

    data: Input2405Data


class Output2405(TypedDict):
    """2405 出院撤销: nothing."""


T2405: Pair[Input2405, Output2405] = Pair("2405")
"""2405 出院撤销."""


class Input2406Data(TypedDict):
    """2406 就医特殊属性上传: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    ipt_otp_no: str  # 住院/门诊号
    ipt_psn_sp_flag_type: str  # 住院人员特殊标识类型
    ipt_psn_sp_flag: str  # 住院人员特殊标识
    memo: NotRequired[str]  # 备注
    admdvs: NotRequired[str]  # 医保区划


class Input2406(TypedDict):
    """2406 就医特殊属性上传: Input2406."""

    data: Input2406Data


class Output2406IptPsnSpFlagRegOut(TypedDict):
    """2406 就医特殊属性上传: IptPsnSpFlagRegOut."""

    ipt_psn_sp_flag_detl_id: str  # 住院人员特殊标识明细id


class Output2406(TypedDict):
    """2406 就医特殊属性上传: Output2406."""

    IptPsnSpFlagRegOut: Output2406IptPsnSpFlagRegOut


T2406: Pair[Input2406, Output2406] = Pair("2406")
"""2406 就医特殊属性上传."""


class Input2407Data(TypedDict):
    """2407 就医特殊属性查询: data."""

    page_num: Number  # 分页条数
    page_size: Number  # 分页大小
    ipt_psn_sp_flag_detl_id: NotRequired[str]  # 住院人员特殊标识明细id
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    ipt_otp_no: NotRequired[str]  # 住院/门诊号
    ipt_psn_sp_flag_type: NotRequired[str]  # 住院人员特殊标识类型
    ipt_psn_sp_flag: NotRequired[str]  # 住院人员特殊标识
    admdvs: NotRequired[str]  # 医保区划


class Input2407(TypedDict):
    """2407 就医特殊属性查询: Input2407."""

    data: Input2407Data


class Output2407IptPsnSpFlagReg(TypedDict):
    """2407 就医特殊属性查询: IptPsnSpFlagReg."""

    ipt_psn_sp_flag_detl_id: str  # 住院人员特殊标识明细id
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    ipt_otp_no: str  # 住院/门诊号
    ipt_psn_sp_flag_type: str  # 住院人员特殊标识类型
    ipt_psn_sp_flag: str  # 住院人员特殊标识
    admdvs: NotRequired[str]  # 医保区划


class Output2407(TypedDict):
    """2407 就医特殊属性查询: Output2407."""

    IptPsnSpFlagReg: list[Output2407IptPsnSpFlagReg]


T2407: Pair[Input2407, Output2407] = Pair("2407")
"""2407 就医特殊属性查询."""
