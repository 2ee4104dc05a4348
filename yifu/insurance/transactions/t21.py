"""Transactions 21xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Digits, Number, Pair


class Input2101Druginfo(TypedDict):
    """2101 药店预结算: druginfo."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    begntime: str  # 开始时间
    medfee_sumamt: Number  # 医疗费总额
    insutype: str  # 险种类型
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    acct_used_flag: str  # 个人账户使用标志
    med_type: str  # 医疗类别
    exp_content: NotRequired[str]  # 字段扩展


class Input2101Drugdetail(TypedDict):
    """2101 药店预结算: drugdetail."""

    feedetl_sn: Digits  # 费用明细流水号
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
    bilg_dr_codg: NotRequired[str]  # 开单医生编码
    bilg_dr_name: NotRequired[str]  # 开单医师姓名
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    exp_content: NotRequired[str]  # 字段扩展


class Input2101(TypedDict):
    """2101 药店预结算: Input2101."""

    druginfo: Input2101Druginfo
    drugdetail: list[Input2101Drugdetail]


class Output2101Setlinfo(TypedDict):
    """2101 药店预结算: setlinfo."""

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
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    exp_content: NotRequired[str]  # 字段扩展
    hosp_part_amt: NotRequired[Number]  # 医院负担金额
    hifdm_pay: Number  # 伤残人员医疗保障基金支出


class Output2101Setldetail(TypedDict):
    """2101 药店预结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2101Detlcutinfo(TypedDict):
    """2101 药店预结算: detlcutinfo."""

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
    drt_reim_flag: NotRequired[str]  # 直报标志
    memo: NotRequired[str]  # 备注
    hosp_part_amt: NotRequired[Number]  # 医院负担金额


class Output2101(TypedDict):
    """2101 药店预结算: Output2101."""

    setlinfo: Output2101Setlinfo
    setldetail: list[Output2101Setldetail]
    detlcutinfo: list[Output2101Detlcutinfo]


T2101: Pair[Input2101, Output2101] = Pair("2101")
"""2101 药店预结算."""


class Input2102DurgTracInfo(TypedDict):
    """2102 药店结算: durg_trac_info."""

    feedetl_sn: str  # 费用明细流水号
    drug_trac_codg: str  # 药品追溯码
    trdn_flag: str  # 拆零标志


class Input2102Druginfo(TypedDict):
    """2102 药店结算: druginfo."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: str  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    begntime: str  # 开始时间
    medfee_sumamt: Number  # 医疗费总额
    invono: NotRequired[str]  # 发票号
    insutype: str  # 险种类型
    dise_codg: NotRequired[str]  # 病种编码
    dise_name: NotRequired[str]  # 病种名称
    acct_used_flag: str  # 个人账户使用标志
    med_type: str  # 医疗类别
    exp_content: NotRequired[str]  # 字段扩展


class Input2102Drugdetail(TypedDict):
    """2102 药店结算: drugdetail."""

    feedetl_sn: Digits  # 费用明细流水号
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
    bilg_dr_codg: NotRequired[str]  # 开单医生编码
    bilg_dr_name: NotRequired[str]  # 开单医师姓名
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    exp_content: NotRequired[str]  # 字段扩展
    durg_trac_info: NotRequired[list[Input2102DurgTracInfo]]  # 追溯码节点信息


class Input2102(TypedDict):
    """2102 药店结算: Input2102."""

    druginfo: Input2102Druginfo
    drugdetail: list[Input2102Drugdetail]


class Output2102Setlinfo(TypedDict):
    """2102 药店结算: setlinfo."""

    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    gend: NotRequired[str]  # 性别
    naty: NotRequired[str]  # 民族
    brdy: NotRequired[str]  # 出生日期
    age: Number  # 年龄
    insutype: str  # 险种类型
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
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    exp_content: NotRequired[str]  # 字段扩展
    hosp_part_amt: NotRequired[Number]  # 医院负担金额
    hifdm_pay: Number  # 伤残人员医疗保障基金支出


class Output2102Setldetail(TypedDict):
    """2102 药店结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2102Detlcutinfo(TypedDict):
    """2102 药店结算: detlcutinfo."""

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
    drt_reim_flag: NotRequired[str]  # 直报标志
    memo: NotRequired[str]  # 备注


class Output2102(TypedDict):
    """2102 药店结算: Output2102."""

    setlinfo: Output2102Setlinfo
    setldetail: list[Output2102Setldetail]
    detlcutinfo: list[Output2102Detlcutinfo]


T2102: Pair[Input2102, Output2102] = Pair("2102")
"""2102 药店结算."""


class Input2103Data(TypedDict):
    """2103 药店结算撤销: data."""

    setl_id: str  # 结算ID
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2103(TypedDict):
    """2103 药店结算撤销: Input2103."""

    data: Input2103Data


class Output2103Setlinfo(TypedDict):
    """2103 药店结算撤销: setlinfo."""

    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    medfee_sumamt: Number  # 医疗费总额
    setl_time: str  # 结算时间
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
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    hifdm_pay: Number  # 伤残人员医疗保障基金支出


class Output2103Setldetail(TypedDict):
    """2103 药店结算撤销: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2103(TypedDict):
    """2103 药店结算撤销: Output2103."""

    setlinfo: Output2103Setlinfo
    setldetail: list[Output2103Setldetail]


T2103: Pair[Input2103, Output2103] = Pair("2103")
"""2103 药店结算撤销."""
