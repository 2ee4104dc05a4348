"""Transactions 22xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Digits, Number, Pair


class Input2201Data(TypedDict):
    """2201 门诊挂号: data."""

    psn_no: str  # 人员编号
    insutype: str  # 险种类型
    begntime: str  # 开始时间
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    ipt_otp_no: str  # 住院/门诊号
    atddr_no: NotRequired[str]  # 医师编码
    dr_name: NotRequired[str]  # 医师姓名
    dept_code: str  # 科室编码
    dept_name: str  # 科室名称
    caty: str  # 科别
    exp_content: NotRequired[str]  # 字段扩展


class Input2201(TypedDict):
    """2201 门诊挂号: Input2201."""

    data: Input2201Data


class Output2201Data(TypedDict):
    """2201 门诊挂号: data."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    ipt_otp_no: str  # 住院/门诊号
    exp_content: NotRequired[str]  # 字段扩展


class Output2201(TypedDict):
    """2201 门诊挂号: Output2201."""

    data: Output2201Data


T2201: Pair[Input2201, Output2201] = Pair("2201")
"""2201 门诊挂号."""


class Input2202Data(TypedDict):
    """2202 门诊挂号撤销: data."""

    psn_no: str  # 人员编号
    mdtrt_id: str  # 就诊ID
    ipt_otp_no: str  # 住院/门诊号
    exp_content: NotRequired[str]  # 字段扩展


class Input2202(TypedDict):
    """2202 门诊挂号撤销: Input2202."""

    data: Input2202Data


class Output2202(TypedDict):
    """2202 门诊挂号撤销: nothing."""


T2202: Pair[Input2202, Output2202] = Pair("2202")
"""2202 门诊挂号撤销."""


class Input2203Mdtrtinfo(TypedDict):
    """2203 门诊就诊信息上传: mdtrtinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    med_type: str  # 医疗类别
    begntime: str  # 开始时间
    main_cond_dscr: NotRequired[str]  # 主要病情描述
    dise_type_code: NotRequired[str]  # 病种类型代码
    dise_codg: str  # 病种编码
    dise_name: str  # 病种名称
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    birctrl_matn_date: NotRequired[str]  # 计划生育手术或生育日期
    exp_content: NotRequired[str]  # 字段扩展


class Input2203Diseinfo(TypedDict):
    """2203 门诊就诊信息上传: diseinfo."""

    diag_type: str  # 诊断类别
    diag_srt_no: Number  # 诊断排序号
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    diag_dept: str  # 诊断科室
    dise_dor_no: str  # 诊断医生编码
    dise_dor_name: str  # 诊断医生姓名
    diag_time: str  # 诊断时间
    vali_flag: str  # 有效标志


class Input2203(TypedDict):
    """2203 门诊就诊信息上传: Input2203."""

    mdtrtinfo: Input2203Mdtrtinfo
    diseinfo: list[Input2203Diseinfo]


class Output2203(TypedDict):
    """2203 门诊就诊信息上传: nothing."""


T2203: Pair[Input2203, Output2203] = Pair("2203")
"""2203 门诊就诊信息上传."""


class Input2203AMdtrtinfo(TypedDict):
    """2203A 定点零售药店门诊就诊信息上传: mdtrtinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    med_type: str  # 医疗类别
    begntime: str  # 开始时间
    main_cond_dscr: NotRequired[str]  # 主要病情描述
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    birctrl_type: NotRequired[str]  # 计划生育手术类别
    birctrl_matn_date: NotRequired[str]  # 计划生育手术或生育日期
    matn_type: NotRequired[str]  # 生育类别
    geso_val: NotRequired[Number]  # 孕周数
    rxfixmedinsCode: NotRequired[str]  # 处方医药机构编码
    rxfixmedinsName: NotRequired[str]  # 处方医药机构名称
    rxIn: NotRequired[bytes]  # 文件数据
    rxfilename: NotRequired[str]  # 文件名
    rxExpContent: NotRequired[str]  # 处方扩展字段
    exp_content: NotRequired[str]  # 字段扩展


class Input2203ADiseinfo(TypedDict):
    """2203A 定点零售药店门诊就诊信息上传: diseinfo."""

    diag_type: str  # 诊断类别
    diag_srt_no: Number  # 诊断排序号
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    diag_dept: str  # 诊断科室
    dise_dor_no: str  # 诊断医生编码
    dise_dor_name: str  # 诊断医生姓名
    diag_time: str  # 诊断时间
    vali_flag: str  # 有效标志


class Input2203A(TypedDict):
    """2203A 定点零售药店门诊就诊信息上传: Input2203A."""

    mdtrtinfo: Input2203AMdtrtinfo
    diseinfo: list[Input2203ADiseinfo]


class Output2203A(TypedDict):
    """2203A 定点零售药店门诊就诊信息上传: nothing."""


T2203A: Pair[Input2203A, Output2203A] = Pair("2203A")
"""2203A 定点零售药店门诊就诊信息上传."""


class Input2204Feedetail(TypedDict):
    """2204 门诊费用明细信息上传: feedetail."""

    feedetl_sn: Digits  # 费用明细流水号
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    chrg_bchno: str  # 收费批次号
    dise_codg: NotRequired[str]  # 病种编码
    rxno: NotRequired[str]  # 处方号
    rx_circ_flag: str  # 外购处方标志
    fee_ocur_time: str  # 费用发生时间
    med_list_codg: str  # 医疗目录编码
    medins_list_codg: str  # 医药机构目录编码
    det_item_fee_sumamt: Number  # 明细项目费用总额
    cnt: Number  # 数量
    pric: Number  # 单价
    sin_dos_dscr: NotRequired[str]  # 单次剂量描述
    used_frqu_dscr: NotRequired[str]  # 使用频次描述
    prd_days: NotRequired[Number]  # 周期天数
    medc_way_dscr: NotRequired[str]  # 用药途径描述
    bilg_dept_codg: str  # 开单科室编码
    bilg_dept_name: str  # 开单科室名称
    bilg_dr_codg: str  # 开单医生编码
    bilg_dr_name: str  # 开单医师姓名
    acord_dept_codg: NotRequired[str]  # 受单科室编码
    acord_dept_name: NotRequired[str]  # 受单科室名称
    orders_dr_code: NotRequired[str]  # 受单医生编码
    orders_dr_name: NotRequired[str]  # 受单医生姓名
    hosp_appr_flag: str  # 医院审批标志
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    etip_flag: NotRequired[str]  # 外检标志
    etip_hosp_code: NotRequired[str]  # 外检医院编码
    dscg_tkdrug_flag: NotRequired[str]  # 出院带药标志
    matn_fee_flag: NotRequired[str]  # 生育费用标志
    memo: NotRequired[str]  # 备注
    comb_no: NotRequired[str]  # 组套编码
    exp_content: NotRequired[str]  # 字段扩展


class Input2204(TypedDict):
    """2204 门诊费用明细信息上传: Input2204."""

    feedetail: list[Input2204Feedetail]


class Output2204Result(TypedDict):
    """2204 门诊费用明细信息上传: result."""

    feedetl_sn: str  # 费用明细流水号
    det_item_fee_sumamt: Number  # 明细项目费用总额
    cnt: Number  # 数量
    pric: Number  # 单价
    pric_uplmt_amt: Number  # 定价上限金额
    selfpay_prop: NotRequired[Number]  # 自付比例
    fulamt_ownpay_amt: NotRequired[Number]  # 全自费金额
    overlmt_amt: NotRequired[Number]  # 超限价金额
    preselfpay_amt: NotRequired[Number]  # 先行自付金额
    inscp_scp_amt: NotRequired[Number]  # 符合政策范围金额
    chrgitm_lv: str  # 收费项目等级
    med_chrgitm_type: str  # 医疗收费项目类别
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    hi_nego_drug_flag: NotRequired[str]  # 医保谈判药品标志
    chld_medc_flag: NotRequired[str]  # 儿童用药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    lmt_used_flag: str  # 限制使用标志
    drt_reim_flag: NotRequired[str]  # 直报标志
    memo: NotRequired[str]  # 备注
    exp_content: NotRequired[str]  # 字段扩展


class Output2204(TypedDict):
    """2204 门诊费用明细信息上传: Output2204."""

    result: list[Output2204Result]


T2204: Pair[Input2204, Output2204] = Pair("2204")
"""2204 门诊费用明细信息上传."""


class Input2205Data(TypedDict):
    """2205 门诊费用明细信息撤销: data."""

    mdtrt_id: str  # 就诊ID
    chrg_bchno: str  # 收费批次号
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2205(TypedDict):
    """2205 门诊费用明细信息撤销: Input2205."""

    data: Input2205Data


class Output2205(TypedDict):
    """2205 门诊费用明细信息撤销: nothing."""


T2205: Pair[Input2205, Output2205] = Pair("2205")
"""2205 门诊费用明细信息撤销."""


class Input2206Data(TypedDict):
    """2206 门诊预结算: data."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    med_type: str  # 医疗类别
    medfee_sumamt: Number  # 医疗费总额
    psn_setlway: str  # 个人结算方式
    mdtrt_id: str  # 就诊ID
    chrg_bchno: str  # 收费批次号
    acct_used_flag: str  # 个人账户使用标志
    insutype: str  # 险种类型
    exp_content: NotRequired[str]  # 字段扩展
    pub_hosp_rfom_flag: NotRequired[str]  # 公立医院改革标志


class Input2206(TypedDict):
    """2206 门诊预结算: Input2206."""

    data: Input2206Data


class Output2206Setlinfo(TypedDict):
    """2206 门诊预结算: setlinfo."""

    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    gend: NotRequired[str]  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    insutype: NotRequired[str]  # 险种类型
    psn_type: str  # 人员类别
    cvlserv_flag: str  # 公务员标志
    setl_time: str  # 结算时间
    mdtrt_cert_type: NotRequired[str]  # 就诊凭证类型
    med_type: str  # 医疗类别
    medfee_sumamt: Number  # 医疗费总额
    fulamt_ownpay_amt: Number  # 全自费金额
    overlmt_selfpay: Number  # 超限价自费费用
    preselfpay_amt: Number  # 先行自付金额
    inscp_scp_amt: Number  # 符合政策范围金额
    act_pay_dedc: NotRequired[Number]  # 实际支付起付线
    hifp_pay: Number  # 基本医疗保险统筹基金支出
    pool_prop_selfpay: Number  # 基本医疗保险统筹基金支付比例
    cvlserv_pay: Number  # 公务员医疗补助资金支出
    hifes_pay: Number  # 企业补充医疗保险基金支出
    hifmi_pay: Number  # 居民大病保险资金支出
    hifob_pay: Number  # 职工大额医疗费用补助基金支出
    maf_pay: Number  # 医疗救助基金支出
    oth_pay: Number  # 其他支出
    fund_pay_sumamt: Number  # 基金支付总额
    psn_part_amt: Number  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    psn_cash_pay: Number  # 个人现金支出
    hosp_part_amt: Number  # 医院负担金额
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    hifdm_pay: Number  # 伤残人员医疗保障基金支出
    exp_content: NotRequired[str]  # 字段扩展


class Output2206Setldetail(TypedDict):
    """2206 门诊预结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2206(TypedDict):
    """2206 门诊预结算: Output2206."""

    setlinfo: Output2206Setlinfo
    setldetail: list[Output2206Setldetail]


T2206: Pair[Input2206, Output2206] = Pair("2206")
"""2206 门诊预结算."""


class Input2207Data(TypedDict):
    """2207 门诊结算: data."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    med_type: str  # 医疗类别
    medfee_sumamt: Number  # 医疗费总额
    psn_setlway: str  # 个人结算方式
    mdtrt_id: str  # 就诊ID
    chrg_bchno: str  # 收费批次号
    insutype: str  # 险种类型
    acct_used_flag: str  # 个人账户使用标志
    invono: NotRequired[str]  # 发票号
    fulamt_ownpay_amt: Number  # 全自费金额
    overlmt_selfpay: Number  # 超限价金额
    preselfpay_amt: Number  # 先行自付金额
    inscp_scp_amt: Number  # 符合政策范围金额
    exp_content: NotRequired[str]  # 字段扩展
    pub_hosp_rfom_flag: NotRequired[str]  # 公立医院改革标志


class Input2207(TypedDict):
    """2207 门诊结算: Input2207."""

    data: Input2207Data


class Output2207Setlinfo(TypedDict):
    """2207 门诊结算: setlinfo."""

    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    gend: NotRequired[str]  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    insutype: NotRequired[str]  # 险种类型
    psn_type: str  # 人员类别
    cvlserv_flag: str  # 公务员标志
    setl_time: str  # 结算时间
    mdtrt_cert_type: NotRequired[str]  # 就诊凭证类型
    med_type: str  # 医疗类别
    medfee_sumamt: Number  # 医疗费总额
    fulamt_ownpay_amt: Number  # 全自费金额
    overlmt_selfpay: Number  # 超限价自费费用
    preselfpay_amt: Number  # 先行自付金额
    inscp_scp_amt: Number  # 符合政策范围金额
    act_pay_dedc: NotRequired[Number]  # 实际支付起付线
    hifp_pay: Number  # 基本医疗保险统筹基金支出
    pool_prop_selfpay: Number  # 基本医疗保险统筹基金支付比例
    cvlserv_pay: Number  # 公务员医疗补助资金支出
    hifes_pay: Number  # 企业补充医疗保险基金支出
    hifmi_pay: Number  # 居民大病保险资金支出
    hifob_pay: Number  # 职工大额医疗费用补助基金支出
    maf_pay: Number  # 医疗救助基金支出
    oth_pay: Number  # 其他支出
    fund_pay_sumamt: Number  # 基金支付总额
    psn_part_amt: Number  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    psn_cash_pay: Number  # 个人现金支出
    hosp_part_amt: Number  # 医院负担金额
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    hifdm_pay: Number  # 伤残人员医疗保障基金支出
    exp_content: NotRequired[str]  # 字段扩展


class Output2207Setldetail(TypedDict):
    """2207 门诊结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2207(TypedDict):
    """2207 门诊结算: Output2207."""

    setlinfo: Output2207Setlinfo
    setldetail: list[Output2207Setldetail]


T2207: Pair[Input2207, Output2207] = Pair("2207")
"""2207 门诊结算."""


class Input2208Data(TypedDict):
    """2208 门诊结算撤销: data."""

    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2208(TypedDict):
    """2208 门诊结算撤销: Input2208."""

    data: Input2208Data


class Output2208Setlinfo(TypedDict):
    """2208 门诊结算撤销: setlinfo."""

    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    setl_time: str  # 结算时间
    medfee_sumamt: Number  # 医疗费总额
    fulamt_ownpay_amt: Number  # 全自费金额
    overlmt_selfpay: Number  # 超限价自费费用
    preselfpay_amt: Number  # 先行自付金额
    inscp_scp_amt: Number  # 符合政策范围金额
    act_pay_dedc: NotRequired[Number]  # 实际支付起付线
    hifp_pay: Number  # 基本医疗保险统筹基金支出
    pool_prop_selfpay: Number  # 基本医疗保险统筹基金支付比例
    cvlserv_pay: Number  # 公务员医疗补助资金支出
    hifes_pay: Number  # 企业补充医疗保险基金支出
    hifmi_pay: Number  # 居民大病保险资金支出
    hifob_pay: Number  # 职工大额医疗费用补助基金支出
    maf_pay: Number  # 医疗救助基金支出
    oth_pay: Number  # 其他支出
    fund_pay_sumamt: Number  # 基金支付总额
    psn_part_amt: Number  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    hosp_part_amt: Number  # 医院负担金额
    medins_setl_id: str  # 医药机构结算ID
    pdn_cash_pay: Number  # 个人现金支出
    hifdm_pay: Number  # 伤残人员医疗保障基金支出
    psn_no: NotRequired[str]  # 人员编号
    psn_name: NotRequired[str]  # 人员姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    gend: NotRequired[str]  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    insutype: NotRequired[str]  # 险种类型
    psn_type: NotRequired[str]  # 人员类别
    cvlserv_flag: NotRequired[str]  # 公务员标志
    mdtrt_cert_type: NotRequired[str]  # 就诊凭证类型
    med_type: NotRequired[str]  # 医疗类别
    exp_content: NotRequired[str]  # 字段扩展
    clr_type: NotRequired[str]  # 清算类别
    clr_way: NotRequired[str]  # 清算方式


class Output2208Setldetail(TypedDict):
    """2208 门诊结算撤销: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2208(TypedDict):
    """2208 门诊结算撤销: Output2208."""

    setlinfo: Output2208Setlinfo
    setldetail: list[Output2208Setldetail]


T2208: Pair[Input2208, Output2208] = Pair("2208")
"""2208 门诊结算撤销."""
