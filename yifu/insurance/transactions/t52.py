"""Transactions 52xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input5201Data(TypedDict):
    """5201 就诊信息查询: data."""

    psn_no: str  # 人员编号
    begntime: str  # 开始时间
    endtime: str  # 结束时间
    med_type: str  # 医疗类别
    mdtrt_id: NotRequired[str]  # 就诊ID


class Input5201(TypedDict):
    """5201 就诊信息查询: Input5201."""

    data: Input5201Data


class Output5201Mdtrtinfo(TypedDict):
    """5201 就诊信息查询: mdtrtinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    gend: str  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    coner_name: NotRequired[str]  # 联系人姓名
    tel: NotRequired[str]  # 联系电话
    insutype: str  # 险种类型
    psn_type: str  # 人员类别
    maf_psn_flag: NotRequired[str]  # 医疗救助对象标志
    cvlserv_flag: str  # 公务员标志
    flxempe_flag: NotRequired[str]  # 灵活就业标志
    nwb_flag: NotRequired[str]  # 新生儿标志
    insu_optins: NotRequired[str]  # 参保机构医保区划
    emp_name: NotRequired[str]  # 单位名称
    begntime: str  # 开始时间
    endtime: str  # 结束时间
    mdtrt_cert_type: NotRequired[str]  # 就诊凭证类型
    med_type: str  # 医疗类别
    ars_year_ipt_flag: NotRequired[str]  # 跨年度住院标志
    pre_pay_flag: NotRequired[str]  # 先行支付标志
    ipt_otp_no: NotRequired[str]  # 住院/门诊号
    medrcdno: NotRequired[str]  # 病历号
    atddr_no: NotRequired[str]  # 主治医生编码
    chfpdr_name: NotRequired[str]  # 主诊医师姓名
    adm_dept_codg: NotRequired[str]  # 入院科室编码
    adm_dept_name: NotRequired[str]  # 入院科室名称
    adm_bed: NotRequired[str]  # 入院床位
    dscg_maindiag_code: NotRequired[str]  # 住院主诊断代码
    dscg_maindiag_name: NotRequired[str]  # 住院主诊断名称
    dscg_dept_codg: NotRequired[str]  # 出院科室编码
    dscg_dept_name: NotRequired[str]  # 出院科室名称
    dscg_bed: NotRequired[str]  # 出院床位
    dscg_way: NotRequired[str]  # 离院方式
    main_cond_dscr: NotRequired[str]  # 主要病情描述
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    otp_diag_info: NotRequired[str]  # 门诊诊断信息
    inhosp_stas: NotRequired[str]  # 在院状态
    die_date: NotRequired[str]  # 死亡日期
    ipt_days: NotRequired[Number]  # 住院天数
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
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    memo: NotRequired[str]  # 备注


class Output5201(TypedDict):
    """5201 就诊信息查询: Output5201."""

    mdtrtinfo: list[Output5201Mdtrtinfo]


T5201: Pair[Input5201, Output5201] = Pair("5201")
"""5201 就诊信息查询."""


class Input5202Data(TypedDict):
    """5202 诊断信息查询: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号


class Input5202(TypedDict):
    """5202 诊断信息查询: Input5202."""

    data: Input5202Data


class Output5202Diseinfo(TypedDict):
    """5202 诊断信息查询: diseinfo."""

    diag_info_id: str  # 诊断信息ID
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    inout_diag_type: str  # 出入院诊断类别
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
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间


class Output5202(TypedDict):
    """5202 诊断信息查询: Output5202."""

    diseinfo: list[Output5202Diseinfo]


T5202: Pair[Input5202, Output5202] = Pair("5202")
"""5202 诊断信息查询."""


class Input5203Data(TypedDict):
    """5203 结算信息查询: data."""

    psn_no: str  # 人员编号
    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID


class Input5203(TypedDict):
    """5203 结算信息查询: Input5203."""

    data: Input5203Data


class Output5203Setlinfo(TypedDict):
    """5203 结算信息查询: setlinfo."""

    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    gend: str  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    insutype: str  # 险种类型
    psn_type: str  # 人员类别
    cvlserv_flag: str  # 公务员标志
    flxempe_flag: NotRequired[str]  # 灵活就业标志
    nwb_flag: NotRequired[str]  # 新生儿标志
    insu_optins: NotRequired[str]  # 参保机构医保区划
    emp_name: NotRequired[str]  # 单位名称
    pay_loc: str  # 支付地点类别
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    hosp_lv: NotRequired[str]  # 医院等级
    fixmedins_poolarea: NotRequired[str]  # 定点归属机构
    lmtpric_hosp_lv: NotRequired[str]  # 限价医院等级
    dedc_hosp_lv: NotRequired[str]  # 起付线医院等级
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    setl_time: str  # 结算时间
    mdtrt_cert_type: NotRequired[str]  # 就诊凭证类型
    med_type: str  # 医疗类别
    clr_type: str  # 清算类别
    clr_way: NotRequired[str]  # 清算方式
    clr_optins: NotRequired[str]  # 清算经办机构
    medfee_sumamt: Number  # 医疗费总额
    fulamt_ownpay_amt: Number  # 全自费金额
    overlmt_selfpay: Number  # 超限价自费费用
    preselfpay_amt: Number  # 先行自付金额
    inscp_scp_amt: Number  # 符合政策范围金额
    act_pay_dedc: Number  # 实际支付起付线
    hifp_pay: Number  # 基本医疗保险统筹基金支出
    pool_prop_selfpay: Number  # 基本医疗保险统筹基金支付比例
    cvlserv_pay: Number  # 公务员医疗补助资金支出
    hifes_pay: Number  # 企业补充医疗保险基金支出
    hifmi_pay: Number  # 居民大病保险资金支出
    hifob_pay: Number  # 职工大额医疗费用补助基金支出
    maf_pay: Number  # 医疗救助基金支出
    oth_pay: Number  # 其他支出
    fund_pay_sumamt: Number  # 基金支付总额
    psn_pay: Number  # 个人支付金额
    acct_pay: Number  # 个人账户支出
    cash_payamt: Number  # 现金支付金额
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    refd_setl_flag: str  # 退费结算标志
    year: str  # 年度
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    invono: NotRequired[str]  # 发票号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    pref_fund_pay: NotRequired[Number]  # 优抚对象基金支出


class Output5203Setldetail(TypedDict):
    """5203 结算信息查询: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output5203(TypedDict):
    """5203 结算信息查询: Output5203."""

    setlinfo: Output5203Setlinfo
    setldetail: list[Output5203Setldetail]


T5203: Pair[Input5203, Output5203] = Pair("5203")
"""5203 结算信息查询."""


class Input5204Data(TypedDict):
    """5204 费用明细查询: data."""

    psn_no: str  # 人员编号
    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID


class Input5204(TypedDict):
    """5204 费用明细查询: Input5204."""

    data: Input5204Data


class Output5204Data(TypedDict):
    """5204 费用明细查询: data."""

    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    feedetl_sn: str  # 费用明细流水号
    rx_drord_no: NotRequired[str]  # 处方/医嘱号
    med_type: str  # 医疗类别
    fee_ocur_time: str  # 费用发生时间
    cnt: Number  # 数量
    pric: Number  # 单价
    sin_dos_dscr: NotRequired[str]  # 单次剂量描述
    used_frqu_dscr: NotRequired[str]  # 使用频次描述
    prd_days: NotRequired[Number]  # 周期天数
    medc_way_dscr: NotRequired[str]  # 用药途径描述
    det_item_fee_sumamt: Number  # 明细项目费用总额
    pric_uplmt_amt: Number  # 定价上限金额
    selfpay_prop: NotRequired[Number]  # 自付比例
    fulamt_ownpay_amt: NotRequired[Number]  # 全自费金额
    overlmt_amt: NotRequired[Number]  # 超限价金额
    preselfpay_amt: NotRequired[Number]  # 先行自付金额
    inscp_scp_amt: NotRequired[Number]  # 符合政策范围金额
    chrgitm_lv: str  # 收费项目等级
    hilist_code: str  # 医保目录编码
    hilist_name: str  # 医保目录名称
    list_type: str  # 目录类别
    med_list_codg: str  # 医疗目录编码
    medins_list_codg: str  # 医药机构目录编码
    medins_list_name: str  # 医药机构目录名称
    med_chrgitm_type: str  # 医疗收费项目类别
    prodname: NotRequired[str]  # 商品名
    spec: NotRequired[str]  # 规格
    dosform_name: str  # 剂型名称
    bilg_dept_codg: NotRequired[str]  # 开单科室编码
    bilg_dept_name: NotRequired[str]  # 开单科室名称
    bilg_dr_codg: NotRequired[str]  # 开单医生编码
    bilg_dr_name: NotRequired[str]  # 开单医师姓名
    acord_dept_codg: NotRequired[str]  # 受单科室编码
    acord_dept_name: NotRequired[str]  # 受单科室名称
    orders_dr_code: NotRequired[str]  # 受单医生编码
    orders_dr_name: NotRequired[str]  # 受单医生姓名
    lmt_used_flag: NotRequired[str]  # 限制使用标志
    hosp_prep_flag: NotRequired[str]  # 医院制剂标志
    hosp_appr_flag: NotRequired[str]  # 医院审批标志
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    prodplac_type: NotRequired[str]  # 生产地类别
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    hi_nego_drug_flag: NotRequired[str]  # 医保谈判药品标志
    chld_medc_flag: NotRequired[str]  # 儿童用药标志
    etip_flag: NotRequired[str]  # 外检标志
    etip_hosp_code: NotRequired[str]  # 外检医院编码
    dscg_tkdrug_flag: NotRequired[str]  # 出院带药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    matn_fee_flag: NotRequired[str]  # 生育费用标志
    drt_reim_flag: NotRequired[str]  # 直报标志
    memo: NotRequired[str]  # 备注
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间


class Output5204(TypedDict):
    """5204 费用明细查询: Output5204."""

    data: list[Output5204Data]


T5204: Pair[Input5204, Output5204] = Pair("5204")
"""5204 费用明细查询."""


class Input5205Data(TypedDict):
    """5205 人员慢特病用药记录查询: data."""

    psn_no: str  # 人员编号
    begntime: str  # 开始时间
    endtime: NotRequired[str]  # 结束时间


class Input5205(TypedDict):
    """5205 人员慢特病用药记录查询: Input5205."""

    data: Input5205Data


class Output5205Feedetail(TypedDict):
    """5205 人员慢特病用药记录查询: feedetail."""

    feedetl_sn: str  # 费用明细流水号
    rx_drord_no: NotRequired[str]  # 处方/医嘱号
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    psn_no: str  # 人员编号
    med_type: str  # 医疗类别
    fee_ocur_time: str  # 费用发生时间
    cnt: Number  # 数量
    pric: Number  # 单价
    chrgitm_lv: NotRequired[str]  # 收费项目等级
    hilist_code: str  # 医保目录编码
    hilist_name: str  # 医保目录名称
    list_type: str  # 目录类别
    med_list_codg: str  # 医疗目录编码
    medins_list_codg: str  # 医药机构目录编码
    medins_list_name: str  # 医药机构目录名称
    med_chrgitm_type: str  # 医疗收费项目类别
    prodname: NotRequired[str]  # 商品名
    spec: str  # 规格
    dosform_name: NotRequired[str]  # 剂型名称
    lmt_used_flag: NotRequired[str]  # 限制使用标志
    hosp_prep_flag: NotRequired[str]  # 医院制剂标志
    hosp_appr_flag: NotRequired[str]  # 医院审批标志
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    prodplac_type: NotRequired[str]  # 生产地类别
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    hi_nego_drug_flag: NotRequired[str]  # 医保谈判药品标志
    chld_medc_flag: NotRequired[str]  # 儿童用药标志
    etip_flag: NotRequired[str]  # 外检标志
    etip_hosp_code: NotRequired[str]  # 外检医院编码
    dscg_tkdrug_flag: NotRequired[str]  # 出院带药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    matn_fee_flag: NotRequired[str]  # 生育费用标志


class Output5205(TypedDict):
    """5205 人员慢特病用药记录查询: Output5205."""

    feedetail: list[Output5205Feedetail]


T5205: Pair[Input5205, Output5205] = Pair("5205")
"""5205 人员慢特病用药记录查询."""


class Input5206Data(TypedDict):
    """5206 人员累计信息查询: data."""

    psn_no: str  # 人员编号
    cum_ym: NotRequired[str]  # 累计年月


class Input5206(TypedDict):
    """5206 人员累计信息查询: Input5206."""

    data: Input5206Data


class Output5206Cuminfo(TypedDict):
    """5206 人员累计信息查询: cuminfo."""

    insutype: str  # 险种类型
    year: str  # 年度
    cum_ym: str  # 累计年月
    cum_type_code: str  # 累计类别代码
    cum: Number  # 累计值


class Output5206(TypedDict):
    """5206 人员累计信息查询: Output5206."""

    cuminfo: list[Output5206Cuminfo]


T5206: Pair[Input5206, Output5206] = Pair("5206")
"""5206 人员累计信息查询."""
