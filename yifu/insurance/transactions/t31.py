"""Transactions 31xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input3101ExtendOrderMap(TypedDict):
    """3101 明细审核事前分析服务: extend_order_map."""

    o_prdDays: NotRequired[str]  # 周期天数
    o_minPacCnt: NotRequired[str]  # 最小包装数量
    o_minPrepunt: NotRequired[str]  # 最小制剂单位
    o_minPacUnt: NotRequired[str]  # 最小包装单位
    o_drugSpec: NotRequired[str]  # 药品目录规格
    o_firstItemFlag: NotRequired[str]  # 半年内使用一线用药标志
    o_sinDosDscr: NotRequired[str]  # 单次剂量描述
    o_used_frqu_dscr: NotRequired[str]  # 使用频次描述


class Input3101FsiDiagnoseDtos(TypedDict):
    """3101 明细审核事前分析服务: fsi_diagnose_dtos."""

    dise_id: str  # 诊断标识
    inout_dise_type: str  # 出入诊断类别
    maindise_flag: str  # 主诊断标志
    dias_srt_no: str  # 诊断排序号
    dise_codg: str  # 诊断(疾病)编码
    dise_name: str  # 诊断(疾病)名称
    dise_date: str  # 诊断日期


class Input3101FsiOrderDtos(TypedDict):
    """3101 明细审核事前分析服务: fsi_order_dtos."""

    rx_id: str  # 处方(医嘱)标识
    rxno: str  # 处方号
    grpno: NotRequired[str]  # 组编号
    long_drord_flag: str  # 是否为长期医嘱
    hilist_type: str  # 目录类别
    chrg_type: str  # 收费类别
    drord_bhvr: str  # 医嘱行为
    hilist_code: str  # 医保目录代码
    hilist_name: str  # 医保目录名称
    hilist_dosform: NotRequired[str]  # 医保目录(药品)剂型
    hilist_lv: str  # 医保目录等级
    hilist_pric: Number  # 医保目录价格
    lv1_hosp_item_pric: NotRequired[Number]  # 一级医院目录价格
    lv2_hosp_item_pric: NotRequired[Number]  # 二级医院目录价格
    lv3_hosp_item_pric: NotRequired[Number]  # 三级医院目录价格
    hilist_memo: NotRequired[str]  # 医保目录备注
    hosplist_code: str  # 医院目录代码
    hosplist_name: str  # 医院目录名称
    hosplist_dosform: NotRequired[str]  # 医院目录(药品)剂型
    cnt: Number  # 数量
    pric: Number  # 单价
    sumamt: Number  # 总费用
    ownpay_amt: Number  # 自费金额
    selfpay_amt: Number  # 自付金额
    spec: str  # 规格
    spec_unt: str  # 数量单位
    drord_begn_date: str  # 医嘱开始日期
    drord_stop_date: NotRequired[str]  # 医嘱停止日期
    drord_dept_codg: str  # 下达医嘱的科室标识
    drord_dept_name: str  # 下达医嘱科室名称
    drord_dr_codg: str  # 开处方(医嘱)医生标识
    drord_dr_name: str  # 开处方(医嘱)医生姓名
    drord_dr_profttl: str  # 开处方(医嘱)医职称
    curr_drord_flag: str  # 是否当前处方(医嘱)
    extend_order_map: NotRequired[Input3101ExtendOrderMap]  # 处方扩展属性


class Input3101FsiOperationDtos(TypedDict):
    """3101 明细审核事前分析服务: fsi_operation_dtos."""

    setl_list_oprn_id: str  # 手术操作ID
    oprn_code: NotRequired[str]  # 手术操作代码
    oprn_name: NotRequired[str]  # 手术操作名称
    main_oprn_flag: str  # 主手术操作标志
    oprn_date: NotRequired[str]  # 手术操作日期
    anst_way: NotRequired[str]  # 麻醉方式
    oper_dr_name: NotRequired[str]  # 术者医师姓名
    oper_dr_code: NotRequired[str]  # 术者医师代码
    anst_dr_name: NotRequired[str]  # 麻醉医师姓名
    anst_dr_code: NotRequired[str]  # 麻醉医师代码


class Input3101FsiEncounterDtos(TypedDict):
    """3101 明细审核事前分析服务: fsi_encounter_dtos."""

    mdtrt_id: str  # 就诊标识
    medins_id: str  # 医疗服务机构标识
    medins_name: str  # 医疗机构名称
    medins_admdvs: str  # 医疗机构行政区划编码
    medins_type: str  # 医疗服务机构类型
    medins_lv: str  # 医疗机构等级
    wardarea_codg: NotRequired[str]  # 病区标识
    wardno: NotRequired[str]  # 病房号
    bedno: NotRequired[str]  # 病床号
    adm_date: str  # 入院日期
    dscg_date: str  # 出院日期
    dscg_main_dise_codg: str  # 主诊断编码
    dscg_main_dise_name: str  # 主诊断名称
    fsi_diagnose_dtos: list[Input3101FsiDiagnoseDtos]  # 诊断信息DTO
    dr_codg: str  # 医师标识
    adm_dept_codg: str  # 入院科室标识
    adm_dept_name: str  # 入院科室名称
    dscg_dept_codg: str  # 出院科室标识
    dscg_dept_name: str  # 出院科室名称
    med_mdtrt_type: str  # 就诊类型
    med_type: str  # 医疗类别
    fsi_order_dtos: list[Input3101FsiOrderDtos]  # 处方(医嘱)信息
    matn_stas: str  # 生育状态
    medfee_sumamt: Number  # 总费用
    ownpay_amt: Number  # 自费金额
    selfpay_amt: Number  # 自付金额
    acct_payamt: NotRequired[Number]  # 个人账户支付金额
    ma_amt: NotRequired[Number]  # 救助金支付金额
    hifp_payamt: NotRequired[Number]  # 统筹金支付金额
    setl_totlnum: Number  # 结算总次数
    insutype: str  # 险种
    reim_flag: str  # 报销标志
    out_setl_flag: str  # 异地结算标志
    fsi_operation_dtos: NotRequired[list[Input3101FsiOperationDtos]]  # 手术操作集合
    dise_no: NotRequired[str]  # 病种编号
    dise_name: NotRequired[str]  # 病种名称
    sinc_heal_lv: NotRequired[str]  # 手术切口愈合等级
    his_md_cnt: NotRequired[str]  # 历史就诊次数


class Input3101PatientDtos(TypedDict):
    """3101 明细审核事前分析服务: patient_dtos."""

    patn_id: str  # 参保人标识
    patn_name: str  # 姓名
    gend: str  # 性别
    brdy: str  # 出生日期
    poolarea: str  # 统筹区编码
    curr_mdtrt_id: str  # 当前就诊标识
    fsi_encounter_dtos: list[Input3101FsiEncounterDtos]  # 就诊信息集合


class Input3101Data(TypedDict):
    """3101 明细审核事前分析服务: data."""

    patient_dtos: list[Input3101PatientDtos]  # 参保人信息
    rule_ids: NotRequired[list[str]]  # 规则标识集合
    trig_scen: NotRequired[str]  # 触发场景


class Input3101(TypedDict):
    """3101 明细审核事前分析服务: Input3101."""

    data: Input3101Data


class Output3101JudgeResultDetailDtos(TypedDict):
    """3101 明细审核事前分析服务: judge_result_detail_dtos."""

    jrd_id: str  # 违规明细标识
    patn_id: str  # 参保人标识
    mdtrt_id: NotRequired[str]  # 就诊标识
    rx_id: NotRequired[str]  # 处方(医嘱)标识
    vola_item_type: str  # 违规明细类型
    vola_amt: Number  # 违规金额


class Output3101Result(TypedDict):
    """3101 明细审核事前分析服务: result."""

    jr_id: str  # 违规标识
    rule_id: str  # 规则ID
    rule_name: str  # 规则名称
    vola_cont: str  # 违规内容
    patn_id: str  # 参保人ID
    mdtrt_id: NotRequired[str]  # 就诊ID
    judge_result_detail_dtos: list[Output3101JudgeResultDetailDtos]  # 违规明细
    vola_amt: Number  # 违规金额
    vola_amt_stas: str  # 违规金额计算状态
    sev_deg: str  # 严重程度
    vola_evid: NotRequired[str]  # 违规依据
    vola_bhvr_type: str  # 违规行为分类
    task_id: NotRequired[str]  # 任务ID


class Output3101(TypedDict):
    """3101 明细审核事前分析服务: Output3101."""

    result: list[Output3101Result]


T3101: Pair[Input3101, Output3101] = Pair("3101")
"""3101 明细审核事前分析服务."""


class Input3102ExtendOrderMap(TypedDict):
    """3102 明细审核事中分析服务: extend_order_map."""

    o_prdDays: NotRequired[str]  # 周期天数
    o_minPacCnt: NotRequired[str]  # 最小包装数量
    o_minPrepunt: NotRequired[str]  # 最小制剂单位
    o_minPacUnt: NotRequired[str]  # 最小包装单位
    o_drugSpec: NotRequired[str]  # 药品目录规格
    o_firstItemFlag: NotRequired[str]  # 半年内使用一线用药标志
    o_sinDosDscr: NotRequired[str]  # 单次剂量描述
    o_used_frqu_dscr: NotRequired[str]  # 使用频次描述


class Input3102FsiDiagnoseDtos(TypedDict):
    """3102 明细审核事中分析服务: fsi_diagnose_dtos."""

    dise_id: str  # 诊断标识
    inout_dise_type: str  # 出入诊断类别
    maindise_flag: str  # 主诊断标志
    dias_srt_no: str  # 诊断排序号
    dise_codg: str  # 诊断(疾病)编码
    dise_name: str  # 诊断(疾病)名称
    dise_date: str  # 诊断日期


class Input3102FsiOrderDtos(TypedDict):
    """3102 明细审核事中分析服务: fsi_order_dtos."""

    rx_id: str  # 处方(医嘱)标识
    rxno: str  # 处方号
    grpno: NotRequired[str]  # 组编号
    long_drord_flag: str  # 是否为长期医嘱
    hilist_type: str  # 目录类别
    chrg_type: str  # 收费类别
    drord_bhvr: str  # 医嘱行为
    hilist_code: str  # 医保目录代码
    hilist_name: str  # 医保目录名称
    hilist_dosform: NotRequired[str]  # 医保目录(药品)剂型
    hilist_lv: str  # 医保目录等级
    hilist_pric: Number  # 医保目录价格
    lv1_hosp_item_pric: NotRequired[Number]  # 一级医院目录价格
    lv2_hosp_item_pric: NotRequired[Number]  # 二级医院目录价格
    lv3_hosp_item_pric: NotRequired[Number]  # 三级医院目录价格
    hilist_memo: NotRequired[str]  # 医保目录备注
    hosplist_code: str  # 医院目录代码
    hosplist_name: str  # 医院目录名称
    hosplist_dosform: NotRequired[str]  # 医院目录(药品)剂型
    cnt: Number  # 数量
    pric: Number  # 单价
    sumamt: Number  # 总费用
    ownpay_amt: Number  # 自费金额
    selfpay_amt: Number  # 自付金额
    spec: str  # 规格
    spec_unt: str  # 数量单位
    drord_begn_date: str  # 医嘱开始日期
    drord_stop_date: NotRequired[str]  # 医嘱停止日期
    drord_dept_codg: str  # 下达医嘱的科室标识
    drord_dept_name: str  # 下达医嘱科室名称
    drord_dr_codg: str  # 开处方(医嘱)医生标识
    drord_dr_name: str  # 开处方(医嘱)医生姓名
    drord_dr_profttl: str  # 开处方(医嘱)医职称
    curr_drord_flag: str  # 是否当前处方(医嘱)
    extend_order_map: NotRequired[Input3102ExtendOrderMap]  # 处方扩展属性


class Input3102FsiOperationDtos(TypedDict):
    """3102 明细审核事中分析服务: fsi_operation_dtos."""

    setl_list_oprn_id: str  # 手术操作ID
    oprn_code: NotRequired[str]  # 手术操作代码
    oprn_name: NotRequired[str]  # 手术操作名称
    main_oprn_flag: str  # 主手术操作标志
    oprn_date: NotRequired[str]  # 手术操作日期
    anst_way: NotRequired[str]  # 麻醉方式
    oper_dr_name: NotRequired[str]  # 术者医师姓名
    oper_dr_code: NotRequired[str]  # 术者医师代码
    anst_dr_name: NotRequired[str]  # 麻醉医师姓名
    anst_dr_code: NotRequired[str]  # 麻醉医师代码


class Input3102FsiEncounterDtos(TypedDict):
    """3102 明细审核事中分析服务: fsi_encounter_dtos."""

    mdtrt_id: str  # 就诊标识
    medins_id: str  # 医疗服务机构标识
    medins_name: str  # 医疗机构名称
    medins_admdvs: str  # 医疗机构行政区划编码
    medins_type: str  # 医疗服务机构类型
    medins_lv: str  # 医疗机构等级
    wardarea_codg: NotRequired[str]  # 病区标识
    wardno: NotRequired[str]  # 病房号
    bedno: NotRequired[str]  # 病床号
    adm_date: str  # 入院日期
    dscg_date: str  # 出院日期
    dscg_main_dise_codg: str  # 主诊断编码
    dscg_main_dise_name: str  # 主诊断名称
    fsi_diagnose_dtos: list[Input3102FsiDiagnoseDtos]  # 诊断信息DTO
    dr_codg: str  # 医师标识
    adm_dept_codg: str  # 入院科室标识
    adm_dept_name: str  # 入院科室名称
    dscg_dept_codg: str  # 出院科室标识
    dscg_dept_name: str  # 出院科室名称
    med_mdtrt_type: str  # 就诊类型
    med_type: str  # 医疗类别
    fsi_order_dtos: list[Input3102FsiOrderDtos]  # 处方(医嘱)信息
    matn_stas: str  # 生育状态
    medfee_sumamt: Number  # 总费用
    ownpay_amt: Number  # 自费金额
    selfpay_amt: Number  # 自付金额
    acct_payamt: NotRequired[Number]  # 个人账户支付金额
    ma_amt: NotRequired[Number]  # 救助金支付金额
    hifp_payamt: NotRequired[Number]  # 统筹金支付金额
    setl_totlnum: Number  # 结算总次数
    insutype: str  # 险种
    reim_flag: str  # 报销标志
    out_setl_flag: str  # 异地结算标志
    fsi_operation_dtos: NotRequired[list[Input3102FsiOperationDtos]]  # 手术操作集合
    dise_no: NotRequired[str]  # 病种编号
    dise_name: NotRequired[str]  # 病种名称
    sinc_heal_lv: NotRequired[str]  # 手术切口愈合等级
    his_md_cnt: NotRequired[str]  # 历史就诊次数


class Input3102PatientDtos(TypedDict):
    """3102 明细审核事中分析服务: patient_dtos."""

    patn_id: str  # 参保人标识
    patn_name: str  # 姓名
    gend: str  # 性别
    brdy: str  # 出生日期
    poolarea: str  # 统筹区编码
    curr_mdtrt_id: str  # 当前就诊标识
    fsi_encounter_dtos: list[Input3102FsiEncounterDtos]  # 就诊信息集合


class Input3102Data(TypedDict):
    """3102 明细审核事中分析服务: data."""

    patient_dtos: list[Input3102PatientDtos]  # 参保人信息
    rule_ids: NotRequired[list[str]]  # 规则标识集合
    trig_scen: NotRequired[str]  # 触发场景


class Input3102(TypedDict):
    """3102 明细审核事中分析服务: Input3102."""

    data: Input3102Data


class Output3102JudgeResultDetailDtos(TypedDict):
    """3102 明细审核事中分析服务: judge_result_detail_dtos."""

    jrd_id: str  # 违规明细标识
    patn_id: str  # 参保人标识
    mdtrt_id: NotRequired[str]  # 就诊标识
    rx_id: NotRequired[str]  # 处方(医嘱)标识
    vola_item_type: str  # 违规明细类型
    vola_amt: Number  # 违规金额


class Output3102Result(TypedDict):
    """3102 明细审核事中分析服务: result."""

    jr_id: str  # 违规标识
    rule_id: str  # 规则ID
    rule_name: str  # 规则名称
    vola_cont: str  # 违规内容
    patn_id: str  # 参保人ID
    mdtrt_id: NotRequired[str]  # 就诊ID
    judge_result_detail_dtos: list[Output3102JudgeResultDetailDtos]  # 违规明细
    vola_amt: Number  # 违规金额
    vola_amt_stas: str  # 违规金额计算状态
    sev_deg: str  # 严重程度
    vola_evid: NotRequired[str]  # 违规依据
    vola_bhvr_type: str  # 违规行为分类
    task_id: NotRequired[str]  # 任务ID


class Output3102(TypedDict):
    """3102 明细审核事中分析服务: Output3102."""

    result: list[Output3102Result]


T3102: Pair[Input3102, Output3102] = Pair("3102")
"""3102 明细审核事中分析服务."""


class Input3103Warns(TypedDict):
    """3103 事前事中服务反馈服务: warns."""

    warn_rslt_id: str  # 违规标识
    dspo_way: str  # 处理方式
    dspo_way_rea: NotRequired[str]  # 处理原因


class Input3103Data(TypedDict):
    """3103 事前事中服务反馈服务: data."""

    warn_type: str  # 反馈类型
    warns: list[Input3103Warns]  # 处理数据集合


class Input3103(TypedDict):
    """3103 事前事中服务反馈服务: Input3103."""

    data: Input3103Data


class Output3103(TypedDict):
    """3103 事前事中服务反馈服务: nothing."""


T3103: Pair[Input3103, Output3103] = Pair("3103")
"""3103 事前事中服务反馈服务."""
