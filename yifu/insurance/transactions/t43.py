"""Transactions 43xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4301Rgstinfo(TypedDict):
    """4301 门急诊诊疗记录: rgstinfo."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    rgst_type_code: NotRequired[str]  # 挂号类别代码
    rgst_way_code: NotRequired[str]  # 挂号方式代码
    rgst_serv_fee: NotRequired[Number]  # 挂号费/医事服务费
    ordr_way_code: NotRequired[str]  # 预约途径代码
    retnr_flag: NotRequired[str]  # 退号标志
    fstdiag_flag: NotRequired[str]  # 初诊标志
    mdtrt_flag: NotRequired[str]  # 就诊标志
    rgst_retnr_time: NotRequired[str]  # 挂号/退号时间
    medfee_paymtd_code: NotRequired[str]  # 医疗费用支付方式代码
    vali_flag: str  # 有效标志


class Input4301Caseinfo(TypedDict):
    """4301 门急诊诊疗记录: caseinfo."""

    mdtrt_date: NotRequired[str]  # 就诊日期
    chfcomp: NotRequired[str]  # 主诉
    attk_date_time: NotRequired[str]  # 发病日期时间
    mdtrt_rea: NotRequired[str]  # 就诊原因
    illhis: NotRequired[str]  # 病史
    algs: NotRequired[str]  # 过敏史
    aise_code: NotRequired[str]  # 过敏源代码
    phex: NotRequired[str]  # 查体
    disa_info_code: NotRequired[str]  # 残疾情况代码
    symp_name: NotRequired[str]  # 症状名称
    symp_code: NotRequired[str]  # 症状代码
    dspo_opnn: NotRequired[str]  # 处置意见
    dept_code: NotRequired[str]  # 科室代码
    dept_name: NotRequired[str]  # 科室名称
    vali_flag: str  # 有效标志


class Input4301Diseinfo(TypedDict):
    """4301 门急诊诊疗记录: diseinfo."""

    tcm_diag_flag: NotRequired[str]  # 中医诊断标志
    maindiag_flag: NotRequired[str]  # 主诊断标志
    diag_code: NotRequired[str]  # 诊断代码
    diag_name: NotRequired[str]  # 诊断名称
    tcm_dise_code: NotRequired[str]  # 中医病名代码
    tcm_dise_name: NotRequired[str]  # 中医病名名称
    tcmsymp_code: NotRequired[str]  # 中医证候代码
    tcmsymp: NotRequired[str]  # 中医证候
    vali_flag: str  # 有效标志


class Input4301Rxinfo(TypedDict):
    """4301 门急诊诊疗记录: rxinfo."""

    rxno: NotRequired[str]  # 处方号
    rx_prsc_time: NotRequired[str]  # 处方开方时间
    rx_type_code: NotRequired[str]  # 处方类别代码
    rx_item_type_code: NotRequired[str]  # 处方项目分类代码
    rx_item_type_name: NotRequired[str]  # 处方项目分类名称
    rx_detl_id: NotRequired[str]  # 处方明细代码
    rx_detl_name: NotRequired[str]  # 处方明细名称
    tcmdrug_type_name: NotRequired[str]  # 中药类别名称
    tcmdrug_type_code: NotRequired[str]  # 中药类别代码
    tcmherb_foote: NotRequired[str]  # 草药脚注
    medn_type_code: NotRequired[str]  # 药物类型代码
    medn_type_name: NotRequired[str]  # 药物类型
    drug_dosform: NotRequired[str]  # 药品剂型
    drug_dosform_name: NotRequired[str]  # 药品剂型名称
    drug_spec: NotRequired[str]  # 药品规格
    drug_used_frqu: NotRequired[str]  # 药物使用-频率
    drug_used_sdose: NotRequired[Number]  # 药物使用-次剂量
    drug_used_dosunt: NotRequired[str]  # 药物使用-剂量单位
    drug_used_way_code: NotRequired[str]  # 药物使用-途径代码
    drug_medc_way: NotRequired[str]  # 药物使用-途径
    skintst_dicm: NotRequired[str]  # 皮试判别
    medc_begntime: NotRequired[str]  # 用药开始时间
    medc_endtime: NotRequired[str]  # 用药停止日期时间
    medc_days: NotRequired[Number]  # 用药天数
    main_medc_flag: NotRequired[str]  # 主要用药标志
    urgt_flag: NotRequired[str]  # 加急标志
    unif_purc_drug: NotRequired[str]  # 统一采购药品
    drug_purc_code: NotRequired[str]  # 药品采购代码
    drug_mgt_plaf_code: NotRequired[str]  # 药品管理平台代码
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    vali_flag: str  # 有效标志


class Input4301(TypedDict):
    """4301 门急诊诊疗记录: Input4301."""

    rgstinfo: Input4301Rgstinfo
    caseinfo: Input4301Caseinfo
    diseinfo: list[Input4301Diseinfo]
    rxinfo: NotRequired[list[Input4301Rxinfo]]


class Output4301(TypedDict):
    """4301 门急诊诊疗记录: nothing."""


T4301: Pair[Input4301, Output4301] = Pair("4301")
"""4301 门急诊诊疗记录."""


class Input4302Oprninfo(TypedDict):
    """4302 急诊留观手术及抢救信息: oprninfo."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    medrcdno: NotRequired[str]  # 病历号
    oprn_oprt_sn: Number  # 手术操作序号
    oprn_oprt_code: str  # 手术操作代码
    oprn_oprt_name: str  # 手术操作名称
    itvt_name: str  # 介入物名称
    oprn_oprt_cnt: Number  # 手术及操作次数
    oprn_oprt_time: str  # 手术及操作时间
    vali_flag: str  # 有效标志


class Input4302Rescinfo(TypedDict):
    """4302 急诊留观手术及抢救信息: rescinfo."""

    resc_begntime: str  # 抢救开始时间
    resc_endtime: str  # 抢救结束时间
    er_resc_rec: str  # 急诊抢救记录
    resc_psn_list: str  # 参加抢救人员名单
    vali_flag: str  # 有效标志


class Input4302(TypedDict):
    """4302 急诊留观手术及抢救信息: Input4302."""

    oprninfo: NotRequired[list[Input4302Oprninfo]]
    rescinfo: NotRequired[list[Input4302Rescinfo]]


class Output4302(TypedDict):
    """4302 急诊留观手术及抢救信息: nothing."""


T4302: Pair[Input4302, Output4302] = Pair("4302")
"""4302 急诊留观手术及抢救信息."""
