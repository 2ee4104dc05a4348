"""Transactions 36xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input3601Data(TypedDict):
    """3601 特病单议申请退出列表查询: data."""

    appy_exit_type: NotRequired[str]  # 申请退出类型
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    enddate: NotRequired[str]  # 结束日期
    vali_flag: NotRequired[str]  # 有效标志
    rchk_flag: NotRequired[str]  # 复核标志
    appy_chk_setl_list_id: NotRequired[str]  # 申请审核结算目录ID
    serv_matt_node_inst_id: NotRequired[str]  # 服务事项环节实例ID
    evt_inst_id: NotRequired[str]  # 事件实例ID
    medcasno: NotRequired[str]  # 病案号
    rx_drord_no: NotRequired[str]  # 处方/医嘱号
    drg_codg: NotRequired[str]  # DRG编码
    drg_name: NotRequired[str]  # DRG名称
    pay_std_amt: NotRequired[Number]  # 支付标准金额
    setl_list_sn: NotRequired[str]  # 结算清单流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    exit_fund_payamt: NotRequired[Number]  # 退出基金支付金额
    drg_fund_payamt: NotRequired[Number]  # DRG基金支付金额
    exit_type: NotRequired[str]  # 退出类型
    exit_rea: NotRequired[str]  # 退出原因
    fund_cap: NotRequired[str]  # 基金封顶线
    drg_admdvs: NotRequired[str]  # DRG医保区划
    rid: NotRequired[str]  # 数据唯一记录号
    psn_name: NotRequired[str]  # 人员姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    insutype: NotRequired[str]  # 险种类型
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    pageSize: str  # 每页显示数
    pageNum: str  # 当前页数
    begndate: NotRequired[str]  # 开始日期


class Input3601(TypedDict):
    """3601 特病单议申请退出列表查询: Input3601."""

    data: Input3601Data


class Output3601Data(TypedDict):
    """3601 特病单议申请退出列表查询: data."""

    appy_chk_setl_list_id: NotRequired[str]  # 申请审核结算目录ID
    serv_matt_inst_id: NotRequired[str]  # 服务事项实例ID
    serv_matt_node_inst_id: NotRequired[str]  # 服务事项环节实例ID
    setl_id: NotRequired[str]  # 结算id
    psn_no: NotRequired[str]  # 人员编号
    psn_name: NotRequired[str]  # 人员姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    insutype: NotRequired[str]  # 险种类型
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    adm_time: NotRequired[str]  # 入院时间
    dscg_time: NotRequired[str]  # 出院时间
    setl_time: NotRequired[str]  # 结算时间
    appy_exit_type: NotRequired[str]  # 申请退出类型
    medcasno: NotRequired[str]  # 病案号
    rx_drord_no: str  # 处方/医嘱号
    drg_codg: NotRequired[str]  # DRG编码
    drg_name: str  # DRG名称
    pay_std_amt: NotRequired[Number]  # 支付标准金额
    setl_listsn: NotRequired[str]  # 结算清单流水号
    mdtrt_id: NotRequired[str]  # 就诊id
    exit_fund_payamt: NotRequired[Number]  # 退出基金支付金额
    drg_fund_payamt: NotRequired[Number]  # DRG基金支付金额
    exit_type: NotRequired[str]  # 退出类型
    exit_rea: NotRequired[str]  # 退出原因
    fund_cap: NotRequired[Number]  # 基金封顶线
    drg_admdvs: NotRequired[str]  # DRG医保区划
    vali_flag: NotRequired[str]  # 有效标志
    rchk_flag: NotRequired[str]  # 复核标志
    memo: NotRequired[str]  # 备注
    rid: NotRequired[str]  # 数据唯一记录号
    updt_time: NotRequired[str]  # 数据更新时间
    crter_id: NotRequired[str]  # 创建人id
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: NotRequired[str]  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人id
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号
    spcasExitWt: NotRequired[Number]  # 特病单议退出权重
    dipDiseGrpCode: NotRequired[str]  # dip病种代码
    dipDiseGrpName: NotRequired[str]  # dip病种名称
    spcas_exit_sco: NotRequired[str]  # 特病单议退出分值
    evt_inst_id: NotRequired[str]  # 事件实例ID


class Output3601(TypedDict):
    """3601 特病单议申请退出列表查询: Output3601."""

    data: list[Output3601Data]


T3601: Pair[Input3601, Output3601] = Pair("3601")
"""3601 特病单议申请退出列表查询."""


class Input3602FsiDrgAppySpcasItemEvtDTORet(TypedDict):
    """3602 特病单议退出申请保存: fsiDrgAppySpcasItemEvtDTORet."""

    appySpcasItemId: NotRequired[str]  # 申请特病单议项目ID
    appyChkSetlListId: NotRequired[str]  # 申请审核结算目录ID
    setlId: NotRequired[str]  # 结算ID
    cnt: NotRequired[Number]  # 数量
    pric: NotRequired[Number]  # 单价
    detItemFeeSumamt: NotRequired[Number]  # 明细项目费用总额
    exitDetlItemFeeSumamt: NotRequired[Number]  # 退出明细项目费用总额
    hilistCode: NotRequired[str]  # 医保目录编码
    hilistName: NotRequired[str]  # 医保目录名称
    listType: NotRequired[str]  # 目录类别
    medListCodg: NotRequired[str]  # 医疗目录编码
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    medinsListName: NotRequired[str]  # 医药机构目录名称
    medChrgitmType: NotRequired[str]  # 医疗收费项目类别
    spcasExitSco: NotRequired[Number]  # 特病单议退出分值
    spcasExitWt: NotRequired[Number]  # 特病单议退出权重


class Input3602Data(TypedDict):
    """3602 特病单议退出申请保存: data."""

    exit_rea: NotRequired[str]  # 退出原因
    fund_cap: NotRequired[Number]  # 基金封顶线
    drg_admdvs: NotRequired[str]  # DRG医保区划
    setl_id: NotRequired[str]  # 结算id
    psn_no: NotRequired[str]  # 人员编号
    psn_name: NotRequired[str]  # 人员姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    insutype: NotRequired[str]  # 险种类型
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    adm_time: NotRequired[str]  # 入院时间
    dscg_time: NotRequired[str]  # 出院时间
    setl_time: NotRequired[str]  # 结算时间
    appy_exit_type: NotRequired[str]  # 申请退出类型
    medcasno: NotRequired[str]  # 病案号
    rx_drord_no: NotRequired[str]  # 处方/医嘱号
    drg_codg: NotRequired[str]  # DRG编码
    drg_name: NotRequired[str]  # DRG名称
    pay_std_amt: NotRequired[Number]  # 支付标准金额
    setl_listsn: NotRequired[str]  # 结算清单流水号
    mdtrt_id: NotRequired[str]  # 就诊id
    exit_fund_payamt: NotRequired[Number]  # 退出基金支付金额
    drg_fund_payamt: NotRequired[Number]  # DRG基金支付金额
    exit_type: NotRequired[str]  # 退出类型
    spcas_exit_sco: NotRequired[Number]  # 特病单议退出分值
    spcas_exit_pt_val: NotRequired[Number]  # 特病单议退出点值
    DIP_DISE_GRP_CODE: NotRequired[str]  # dip病种代码
    DIP_DISE_GRP_NAME: NotRequired[str]  # dip病种名称
    SPCAS_EXIT_WT: NotRequired[Number]  # 退出分值权重
    MEDFEE_SUMAMT: NotRequired[Number]  # 医疗费总额
    drgAppySpcasItemDTOList: NotRequired[
        list[Input3602FsiDrgAppySpcasItemEvtDTORet]
    ]  # 申请特病单议项目
    valiFlag: NotRequired[str]  # 有效标志
    rchkFlag: NotRequired[str]  # 复核标志
    memo: NotRequired[str]  # 备注


class Input3602(TypedDict):
    """3602 特病单议退出申请保存: Input3602."""

    data: Input3602Data


class Output3602Data(TypedDict):
    """3602 特病单议退出申请保存: data."""

    code: NotRequired[str]  # 成功标志
    message: NotRequired[str]  # 失败原因
    type: NotRequired[str]  # 消息类型


class Output3602(TypedDict):
    """3602 特病单议退出申请保存: Output3602."""

    data: NotRequired[Output3602Data]


T3602: Pair[Input3602, Output3602] = Pair("3602")
"""3602 特病单议退出申请保存."""


class Input3603FsiDrgAppySpcasItemEvtDTORet(TypedDict):
    """3603 特病单议退出申请修改/撤销: fsiDrgAppySpcasItemEvtDTORet."""

    appySpcasItemId: NotRequired[str]  # 申请特病单议项目ID
    appyChkSetlListId: NotRequired[str]  # 申请审核结算目录ID
    setlId: NotRequired[str]  # 结算ID
    cnt: NotRequired[Number]  # 数量
    pric: NotRequired[Number]  # 单价
    detItemFeeSumamt: NotRequired[Number]  # 明细项目费用总额
    exitDetlItemFeeSumamt: NotRequired[Number]  # 退出明细项目费用总额
    hilistCode: NotRequired[str]  # 医保目录编码
    hilistName: NotRequired[str]  # 医保目录名称
    listType: NotRequired[str]  # 目录类别
    medListCodg: NotRequired[str]  # 医疗目录编码
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    medinsListName: NotRequired[str]  # 医药机构目录名称
    medChrgitmType: NotRequired[str]  # 医疗收费项目类别
    spcasExitSco: NotRequired[Number]  # 特病单议退出分值
    spcasExitWt: NotRequired[Number]  # 特病单议退出权重


class Input3603Data(TypedDict):
    """3603 特病单议退出申请修改/撤销: data."""

    appy_chk_setl_list_id: str  # 申请审核结算目录ID
    vali_flag: NotRequired[str]  # 有效标志 0-无效 1-有效
    adm_time: NotRequired[str]  # 入院时间
    dscg_time: NotRequired[str]  # 出院时间
    setl_time: NotRequired[str]  # 结算时间
    appy_exit_type: NotRequired[str]  # 申请退出类型
    medcasno: NotRequired[str]  # 病案号
    rx_drord_no: NotRequired[str]  # 处方/医嘱号
    drg_codg: NotRequired[str]  # DRG编码
    drg_name: NotRequired[str]  # DRG名称
    pay_std_amt: NotRequired[Number]  # 支付标准金额
    exit_fund_payamt: NotRequired[Number]  # 退出基金支付金额
    drg_fund_payamt: NotRequired[Number]  # DRG基金支付金额
    exit_type: NotRequired[str]  # 退出类型
    exit_rea: NotRequired[str]  # 退出原因
    fund_cap: NotRequired[Number]  # 基金封顶线
    drg_admdvs: NotRequired[str]  # DRG医保区划
    memo: NotRequired[str]  # 备注
    DIP_DISE_GRP_CODE: NotRequired[str]  # dip病种代码
    DIP_DISE_GRP_NAME: NotRequired[str]  # dip病种名称
    SPCAS_EXIT_WT: NotRequired[Number]  # 退出分值权重
    drgAppySpcasItemDTOList: NotRequired[
        list[Input3603FsiDrgAppySpcasItemEvtDTORet]
    ]  # 申请特病单议项目
    poolarea_no: NotRequired[str]  # 统筹区编号


class Input3603(TypedDict):
    """3603 特病单议退出申请修改/撤销: Input3603."""

    data: Input3603Data


class Output3603Data(TypedDict):
    """3603 特病单议退出申请修改/撤销: data."""

    code: NotRequired[str]  # 成功标志
    message: NotRequired[str]  # 失败原因
    type: NotRequired[str]  # 消息类型


class Output3603(TypedDict):
    """3603 特病单议退出申请修改/撤销: Output3603."""

    data: NotRequired[Output3603Data]


T3603: Pair[Input3603, Output3603] = Pair("3603")
"""3603 特病单议退出申请修改/撤销."""


class Input3604Data(TypedDict):
    """3604 特病单议申请审核意见和预结算基金分项查询: data."""

    appy_chk_setl_list_id: NotRequired[str]  # 申请审核结算目录ID
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号


class Input3604(TypedDict):
    """3604 特病单议申请审核意见和预结算基金分项查询: Input3604."""

    data: Input3604Data


class Output3604PreSetlInvyEvtList(TypedDict):
    """3604 特病单议申请审核意见和预结算基金分项查询: preSetl_invy_evt_list."""

    drg_pre_setl_invy_id: NotRequired[str]  # DRG预结算清单ID
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    setl_list_sn: NotRequired[str]  # 结算清单流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    fund_pay_type: NotRequired[str]  # 基金支付类型
    poolarea_fund_pay_name: NotRequired[str]  # 统筹区基金支付类型名称
    fund_payamt: NotRequired[Number]  # 基金支付金额
    exit_fund_payamt: NotRequired[Number]  # 退出基金支付金额
    drg_fund_payamt: NotRequired[Number]  # DRG基金支付金额
    exit_type: NotRequired[str]  # 退出类型
    exit_rea: NotRequired[str]  # 退出原因
    appy_chk_setl_list_id: NotRequired[str]  # 申请审核结算目录ID
    fund_cap: NotRequired[Number]  # 基金封顶线
    over_fund_cap: NotRequired[Number]  # 超基金封顶线
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    updt_time: NotRequired[str]  # 数据更新时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号
    crte_time: NotRequired[str]  # 创建时间


class Output3604AppyChkOpnnEvtList(TypedDict):
    """3604 特病单议申请审核意见和预结算基金分项查询: appy_chk_opnn_evt_list."""

    appy_chk_setl_list_opnn_id: NotRequired[str]  # 申请审核结算目录意见ID
    appy_chk_setl_list_id: NotRequired[str]  # 申请审核结算目录ID
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    setl_list_sn: NotRequired[str]  # 结算清单流水号
    drg_dip_exit_opnn_type: NotRequired[str]  # DRG按病种分值付费退出意见类型
    opnn: NotRequired[str]  # 处理意见
    opnn_time: NotRequired[str]  # 意见时间
    opnn_exit_type: NotRequired[Number]  # 意见退出类型
    opnn_resper_name: NotRequired[str]  # 意见负责人姓名
    opnn_resper_id: NotRequired[str]  # 意见负责人ID
    opnn_resper_optins_no: NotRequired[str]  # 意见负责人经办机构编号
    drg_admdvs: NotRequired[str]  # DRG医保区划
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    updt_time: NotRequired[str]  # 数据更新时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号
    crte_time: NotRequired[str]  # 创建时间


class Output3604(TypedDict):
    """3604 特病单议申请审核意见和预结算基金分项查询: Output3604."""

    preSetl_invy_evt_list: NotRequired[list[Output3604PreSetlInvyEvtList]]
    appy_chk_opnn_evt_list: NotRequired[list[Output3604AppyChkOpnnEvtList]]


T3604: Pair[Input3604, Output3604] = Pair("3604")
"""3604 特病单议申请审核意见和预结算基金分项查询."""


class Input3605Data(TypedDict):
    """3605 DRG分组结果查询: data."""

    setl_ym: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量
    setl_id: NotRequired[str]  # 结算ID


class Input3605(TypedDict):
    """3605 DRG分组结果查询: Input3605."""

    data: Input3605Data


class Output3605Data(TypedDict):
    """3605 DRG分组结果查询: data."""

    setl_id: str  # 结算ID
    drg_code: str  # DRG编码
    drg_name: NotRequired[str]  # DRG名称
    adrg_code: NotRequired[str]  # ADRG编码
    adrg_name: NotRequired[str]  # ADRG名称
    mdc_codg: NotRequired[str]  # MDC编码
    mdc_name: NotRequired[str]  # MDC名称
    ccmcc: NotRequired[str]  # 合并症并发症
    grp_rslt: str  # 分组成功标志
    err_info: NotRequired[str]  # 错误信息
    grp_name: NotRequired[str]  # 分组名称
    grp_ver: NotRequired[str]  # 分组版本
    grp_spec_ver: NotRequired[str]  # 分组规范版本号
    place_grp_pay_std: NotRequired[Number]  # 地方分组支付标准
    place_grp_ver: NotRequired[str]  # 地方分组版本
    place_grp_spec_ver: NotRequired[str]  # 地方分组规范版本号
    abbr: NotRequired[str]  # 简称
    place_drg_codg: NotRequired[str]  # 地方DRG编码
    place_drg_name: NotRequired[str]  # 地方DRG名称
    grp_type: NotRequired[str]  # 分组类别
    psn_no: NotRequired[str]  # 人员编号
    drg_admdvs: NotRequired[str]  # DRG医保区划
    setl_list_sn: NotRequired[str]  # 结算清单流水号
    setl_ym: str  # 结算年月
    fixmedins_code: str  # 定点医药机构编号
    grp_time: NotRequired[str]  # 分组时间
    vali_flag: NotRequired[str]  # 有效标志


class Output3605(TypedDict):
    """3605 DRG分组结果查询: Output3605."""

    data: list[Output3605Data]


T3605: Pair[Input3605, Output3605] = Pair("3605")
"""3605 DRG分组结果查询."""


class Input3606Data(TypedDict):
    """3606 DIP分组结果查询: data."""

    setl_ym: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量
    setl_id: NotRequired[str]  # 结算ID


class Input3606(TypedDict):
    """3606 DIP分组结果查询: Input3606."""

    data: Input3606Data


class Output3606Data(TypedDict):
    """3606 DIP分组结果查询: data."""

    setl_id: str  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    psn_name: NotRequired[str]  # 人员姓名
    insutype: NotRequired[str]  # 险种类型
    setl_time: str  # 结算时间
    clr_optins: str  # 清算经办机构
    insu_admdvs: NotRequired[str]  # 参保人所属医保区划
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    fixmedins_lv: NotRequired[str]  # 定点医疗机构等级
    nuld_flag: NotRequired[str]  # 未上传标志
    grp_stas: NotRequired[str]  # 分组状态
    dip_dise_grp_code: NotRequired[str]  # DIP病种组代码
    dip_dise_grp_name: NotRequired[str]  # DIP病种组名称
    grp_diag_code: NotRequired[str]  # 分组诊断代码
    grp_diag_name: NotRequired[str]  # 分组诊断名称
    oprn_grp_code: NotRequired[str]  # 手术分组代码
    oprn_grp_name: NotRequired[str]  # 手术分组名称
    dise_list_type: NotRequired[str]  # 疾病目录类别
    asst_list_flag: NotRequired[str]  # 辅助目录标志
    asst_list_detl: NotRequired[str]  # 辅助目录详情
    grp_dise_sco: NotRequired[Number]  # 分组病种分值
    remarks: NotRequired[str]  # 备注信息
    Insutype_name: NotRequired[str]  # 险种类型明称
    grp_stas_name: NotRequired[str]  # 分组状态名称
    dise_list_type_name: NotRequired[str]  # 病种目录类别名称
    act_setl_sco: NotRequired[Number]  # 实际结算分值
    sco_stas: NotRequired[str]  # 分值状态
    sco_stas_name: NotRequired[str]  # 分值状态名称


class Output3606(TypedDict):
    """3606 DIP分组结果查询: Output3606."""

    data: list[Output3606Data]


T3606: Pair[Input3606, Output3606] = Pair("3606")
"""3606 DIP分组结果查询."""


class Input3607Data(TypedDict):
    """3607 结算清单质控结果查询: data."""

    setl_ym: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量
    setl_id: NotRequired[str]  # 结算ID


class Input3607(TypedDict):
    """3607 结算清单质控结果查询: Input3607."""

    data: Input3607Data


class Output3607DetlList(TypedDict):
    """3607 结算清单质控结果查询: detl_list."""

    exam_data_fld: str  # 检查数据字段
    qltctrl_chk_rslt: str  # 质控校验结果
    err_lv: str  # 错误等级
    retn_flag: str  # 回退标志
    init_val: NotRequired[str]  # 初始值


class Output3607Data(TypedDict):
    """3607 结算清单质控结果查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    setl_ym: str  # 结算年月
    setl_id: str  # 结算ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    cert_no: NotRequired[str]  # 证件号码
    qltctrl_rslt: str  # 质控结果
    err_lv: NotRequired[str]  # 错误等级
    retn_flag: NotRequired[str]  # 回退标志
    qltctrl_ver: NotRequired[str]  # 质控版本号
    grp_stas: NotRequired[str]  # 分组状态
    detl_list: NotRequired[list[Output3607DetlList]]  # 质控结算清单结果详情信息
    qltctrl_time: NotRequired[str]  # 质控时间


class Output3607(TypedDict):
    """3607 结算清单质控结果查询: Output3607."""

    data: list[Output3607Data]


T3607: Pair[Input3607, Output3607] = Pair("3607")
"""3607 结算清单质控结果查询."""


class Input3608Data(TypedDict):
    """3608 DIP分组结果统计汇总查询: data."""

    setl_mon: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量


class Input3608(TypedDict):
    """3608 DIP分组结果统计汇总查询: Input3608."""

    data: Input3608Data


class Output3608Data(TypedDict):
    """3608 DIP分组结果统计汇总查询: data."""

    setl_mon: str  # 结算月份
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    grp_sum: NotRequired[Number]  # 分组数量
    medfee_sumamt: Number  # 医疗费用总额
    setl_psntime: Number  # 结算人次
    ave_medfee_sumamt: NotRequired[Number]  # 平均医疗费用总额
    admdvs: str  # 医保区划


class Output3608(TypedDict):
    """3608 DIP分组结果统计汇总查询: Output3608."""

    data: list[Output3608Data]


T3608: Pair[Input3608, Output3608] = Pair("3608")
"""3608 DIP分组结果统计汇总查询."""


class Input3609Data(TypedDict):
    """3609 DIP分组结果统计查询: data."""

    setl_mon: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量
    fixmedins_code: str  # 定点医药机构编号
    dise_code: NotRequired[str]  # 疾病编码


class Input3609(TypedDict):
    """3609 DIP分组结果统计查询: Input3609."""

    data: Input3609Data


class Output3609Data(TypedDict):
    """3609 DIP分组结果统计查询: data."""

    setl_mon: str  # 结算月份
    dip_dise_grp_code: NotRequired[str]  # DIP病种组代码
    dip_dise_grp_name: NotRequired[str]  # DIP病种组名称
    grp_diag_code: str  # 分组诊断代码
    grp_diag_name: str  # 分组诊断名称
    oprn_grp_code: str  # 手术分组代码
    oprn_grp_name: str  # 手术分组名称
    admdvs: str  # 医保区划
    medfee_sumamt: Number  # 医疗费用总额
    ave_medfee_sumamt: NotRequired[Number]  # 平均医疗费用总额
    setl_psntime: Number  # 结算人次


class Output3609(TypedDict):
    """3609 DIP分组结果统计查询: Output3609."""

    data: list[Output3609Data]


T3609: Pair[Input3609, Output3609] = Pair("3609")
"""3609 DIP分组结果统计查询."""


class Input3610Data(TypedDict):
    """3610 DRG分组结果统计汇总查询: data."""

    setl_mon: str  # 结算月份
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量


class Input3610(TypedDict):
    """3610 DRG分组结果统计汇总查询: Input3610."""

    data: Input3610Data


class Output3610Data(TypedDict):
    """3610 DRG分组结果统计汇总查询: data."""

    setl_mon: str  # 结算月份
    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    grp_sum: NotRequired[Number]  # 分组数量
    medfee_sumamt: Number  # 医疗费用总额
    setl_psntime: Number  # 结算人次
    ave_medfee_sumamt: NotRequired[Number]  # 平均医疗费用总额
    admdvs: str  # 医保区划


class Output3610(TypedDict):
    """3610 DRG分组结果统计汇总查询: Output3610."""

    data: list[Output3610Data]


T3610: Pair[Input3610, Output3610] = Pair("3610")
"""3610 DRG分组结果统计汇总查询."""


class Input3611Data(TypedDict):
    """3611 DRG分组结果统计查询: data."""

    setl_mon: str  # 结算年月
    page_num: Number  # 分页页码
    page_size: Number  # 分页数量
    fixmedins_code: str  # 定点医药机构编号
    dise_code: NotRequired[str]  # 疾病编码


class Input3611(TypedDict):
    """3611 DRG分组结果统计查询: Input3611."""

    data: Input3611Data


class Output3611Data(TypedDict):
    """3611 DRG分组结果统计查询: data."""

    setl_mon: str  # 结算年月
    drg_code: str  # DRG编码
    drg_name: str  # DRG名称
    admdvs: str  # 行政区划代码
    medfee_sumamt: Number  # 医疗费用总额
    ave_medfee_sumamt: NotRequired[Number]  # 平均医疗费用总额
    setl_psntime: Number  # 结算人次


class Output3611(TypedDict):
    """3611 DRG分组结果统计查询: Output3611."""

    data: list[Output3611Data]


T3611: Pair[Input3611, Output3611] = Pair("3611")
"""3611 DRG分组结果统计查询."""
