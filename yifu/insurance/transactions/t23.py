"""Transactions 23xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Digits, Number, Pair


class Input2301Feedetail(TypedDict):
    """2301 住院费用明细上传: feedetail."""

    feedetl_sn: Digits  # 费用明细流水号
    init_feedetl_sn: NotRequired[str]  # 原费用流水号
    mdtrt_id: str  # 就诊ID
    drord_no: NotRequired[str]  # 医嘱号
    psn_no: str  # 人员编号
    med_type: str  # 医疗类别
    fee_ocur_time: str  # 费用发生时间
    med_list_codg: str  # 医疗目录编码
    medins_list_codg: str  # 医药机构目录编码
    det_item_fee_sumamt: Number  # 明细项目费用总额
    cnt: Number  # 数量
    pric: Number  # 单价
    bilg_dept_codg: str  # 开单科室编码
    bilg_dept_name: str  # 开单科室名称
    bilg_dr_codg: str  # 开单医生编码
    bilg_dr_name: str  # 开单医师姓名
    acord_dept_codg: NotRequired[str]  # 受单科室编码
    acord_dept_name: NotRequired[str]  # 受单科室名称
    orders_dr_code: NotRequired[str]  # 受单医生编码
    orders_dr_name: NotRequired[str]  # 受单医生姓名
    hosp_appr_flag: NotRequired[str]  # 医院审批标志
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    etip_flag: NotRequired[str]  # 外检标志
    etip_hosp_code: NotRequired[str]  # 外检医院编码
    dscg_tkdrug_flag: NotRequired[str]  # 出院带药标志
    matn_fee_flag: NotRequired[str]  # 生育费用标志
    memo: NotRequired[str]  # 备注
    comb_no: NotRequired[str]  # 组套编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2301(TypedDict):
    """2301 住院费用明细上传: Input2301."""

    feedetail: list[Input2301Feedetail]


class Output2301Result(TypedDict):
    """2301 住院费用明细上传: result."""

    feedetl_sn: NotRequired[str]  # 费用明细流水号
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


class Output2301(TypedDict):
    """2301 住院费用明细上传: Output2301."""

    result: list[Output2301Result]


T2301: Pair[Input2301, Output2301] = Pair("2301")
"""2301 住院费用明细上传."""


class Input2302Data(TypedDict):
    """2302 住院费用明细撤销: data."""

    feedetl_sn: str  # 费用明细流水号
    mdtrt_id: str  # 就诊ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2302(TypedDict):
    """2302 住院费用明细撤销: Input2302."""

    data: Input2302Data


class Output2302(TypedDict):
    """2302 住院费用明细撤销: nothing."""


T2302: Pair[Input2302, Output2302] = Pair("2302")
"""2302 住院费用明细撤销."""


class Input2303Data(TypedDict):
    """2303 住院预结算: data."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: NotRequired[str]  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    medfee_sumamt: Number  # 医疗费总额
    psn_setlway: str  # 个人结算方式
    mdtrt_id: str  # 就诊ID
    acct_used_flag: NotRequired[str]  # 个人账户使用标志
    insutype: str  # 险种类型
    mid_setl_flag: str  # 中途结算标志
    fulamt_ownpay_amt: NotRequired[Number]  # 全自费金额
    overlmt_selfpay: NotRequired[Number]  # 超限价金额
    preselfpay_amt: NotRequired[Number]  # 先行自付金额
    inscp_scp_amt: NotRequired[Number]  # 符合政策范围金额
    dscgTime: NotRequired[str]  # 出院时间
    insuplc_admdvs: str  # 参保地医保区划
    mdtrtarea_admvs: str  # 就医地医保区划
    exp_content: NotRequired[str]  # 字段扩展


class Input2303(TypedDict):
    """2303 住院预结算: Input2303."""

    data: Input2303Data


class Output2303Setlinfo(TypedDict):
    """2303 住院预结算: setlinfo."""

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
    setl_time: NotRequired[str]  # 结算时间
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
    psn_part_amt: NotRequired[Number]  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    psn_cash_pay: Number  # 个人现金支出
    hosp_part_amt: NotRequired[Number]  # 医院负担金额
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    hifdm_pay: NotRequired[Number]  # 伤残人员医疗保障基金支出
    exp_content: NotRequired[str]  # 字段扩展


class Output2303Setldetail(TypedDict):
    """2303 住院预结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2303(TypedDict):
    """2303 住院预结算: Output2303."""

    setlinfo: Output2303Setlinfo
    setldetail: list[Output2303Setldetail]


T2303: Pair[Input2303, Output2303] = Pair("2303")
"""2303 住院预结算."""


class Input2304Data(TypedDict):
    """2304 住院结算: data."""

    psn_no: str  # 人员编号
    mdtrt_cert_type: str  # 就诊凭证类型
    mdtrt_cert_no: NotRequired[str]  # 就诊凭证编号
    card_sn: NotRequired[str]  # 卡识别码
    psn_cert_type: str  # 证件类型
    certno: str  # 证件号码
    psn_type: str  # 人员类别
    psn_name: str  # 人员姓名
    medfee_sumamt: Number  # 医疗费总额
    psn_setlway: str  # 个人结算方式
    mdtrt_id: str  # 就诊ID
    insutype: str  # 险种类型
    acct_used_flag: str  # 个人账户使用标志
    insuplc_admdvs: str  # 参保地医保区划
    mdtrtarea_admvs: str  # 就医地医保区划
    invono: NotRequired[str]  # 发票号
    mid_setl_flag: str  # 中途结算标志
    fulamt_ownpay_amt: NotRequired[Number]  # 全自费金额
    overlmt_selfpay: NotRequired[Number]  # 超限价金额
    preselfpay_amt: NotRequired[Number]  # 先行自付金额
    inscp_scp_amt: NotRequired[Number]  # 符合政策范围金额
    dscgTime: NotRequired[str]  # 出院时间
    exp_content: NotRequired[str]  # 字段扩展


class Input2304(TypedDict):
    """2304 住院结算: Input2304."""

    data: Input2304Data


class Output2304Setlinfo(TypedDict):
    """2304 住院结算: setlinfo."""

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
    setl_time: NotRequired[str]  # 结算时间
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
    hosp_part_amt: NotRequired[Number]  # 医院负担金额
    oth_pay: Number  # 其他支出
    fund_pay_sumamt: Number  # 基金支付总额
    psn_part_amt: NotRequired[Number]  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    psn_cash_pay: Number  # 个人现金支出
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    clr_optins: NotRequired[str]  # 清算经办机构
    clr_way: NotRequired[str]  # 清算方式
    clr_type: str  # 清算类别
    exp_content: NotRequired[str]  # 字段扩展
    hifdm_pay: NotRequired[Number]  # 伤残人员医疗保障基金支出


class Output2304Setldetail(TypedDict):
    """2304 住院结算: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2304(TypedDict):
    """2304 住院结算: Output2304."""

    setlinfo: Output2304Setlinfo
    setldetail: list[Output2304Setldetail]


T2304: Pair[Input2304, Output2304] = Pair("2304")
"""2304 住院结算."""


class Input2305Data(TypedDict):
    """2305 住院结算撤销: data."""

    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    psn_no: str  # 人员编号
    exp_content: NotRequired[str]  # 字段扩展


class Input2305(TypedDict):
    """2305 住院结算撤销: Input2305."""

    data: Input2305Data


class Output2305Setlinfo(TypedDict):
    """2305 住院结算撤销: setlinfo."""

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
    psn_part_amt: NotRequired[Number]  # 个人负担总金额
    acct_pay: Number  # 个人账户支出
    psn_cash_pay: Number  # 个人现金支出
    hosp_part_amt: NotRequired[Number]  # 医院负担金额
    balc: Number  # 余额
    acct_mulaid_pay: Number  # 个人账户共济支付金额
    medins_setl_id: str  # 医药机构结算ID
    hifdm_pay: NotRequired[Number]  # 伤残人员医疗保障基金支出
    psn_insu_rlts_id: NotRequired[str]  # 人员参保关系ID
    insu_admdvs: NotRequired[str]  # 参保机构行政区划
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结算日期
    mdtrt_cert_no: NotRequired[str]  # 就诊凭证编号
    setl_type: NotRequired[str]  # 结算类别
    crt_dedc: NotRequired[Number]  # 本次起付线
    invono: NotRequired[str]  # 发票号
    exp_content: NotRequired[str]  # 字段扩展


class Output2305Setldetail(TypedDict):
    """2305 住院结算撤销: setldetail."""

    fund_pay_type: str  # 基金支付类型
    inscp_scp_amt: Number  # 符合政策范围金额
    crt_payb_lmt_amt: Number  # 本次可支付限额金额
    fund_payamt: Number  # 基金支付金额
    fund_pay_type_name: NotRequired[str]  # 基金支付类型名称
    setl_proc_info: NotRequired[str]  # 结算过程信息


class Output2305(TypedDict):
    """2305 住院结算撤销: Output2305."""

    setlinfo: Output2305Setlinfo
    setldetail: list[Output2305Setldetail]


T2305: Pair[Input2305, Output2305] = Pair("2305")
"""2305 住院结算撤销."""


class Input2306Data(TypedDict):
    """2306 费用明细修改备注: data."""

    mdtrt_id: str  # 就诊ID
    bkkp_sn: str  # 记账流水号
    psn_no: str  # 人员编号
    memo: NotRequired[str]  # 备注
    med_list_codg: str  # 医疗目录编码


class Input2306(TypedDict):
    """2306 费用明细修改备注: Input2306."""

    data: Input2306Data


class Output2306(TypedDict):
    """2306 费用明细修改备注: nothing."""


T2306: Pair[Input2306, Output2306] = Pair("2306")
"""2306 费用明细修改备注."""
