"""Transactions 41xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4101Setlinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: setlinfo."""

    psn_no: str  # 人员编号
    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    medcasno: NotRequired[str]  # 病案号
    dcla_time: NotRequired[str]  # 申报时间
    ntly: str  # 国籍
    prfs: str  # 职业
    curr_addr: NotRequired[str]  # 现住址
    emp_name: NotRequired[str]  # 单位名称
    emp_addr: NotRequired[str]  # 单位地址
    emp_tel: NotRequired[str]  # 单位电话
    poscode: NotRequired[str]  # 邮编
    coner_name: NotRequired[str]  # 联系人姓名
    patn_rlts: NotRequired[str]  # 与患者关系
    coner_addr: NotRequired[str]  # 联系人地址
    coner_tel: NotRequired[str]  # 联系人电话
    nwb_adm_type: NotRequired[str]  # 新生儿入院类型
    nwb_bir_wt: NotRequired[Number]  # 新生儿出生体重
    nwb_adm_wt: NotRequired[Number]  # 新生儿入院体重
    mul_nwb_bir_wt: NotRequired[str]  # 多新生儿出生体重
    mul_nwb_adm_wt: NotRequired[str]  # 多新生儿入院体重
    opsp_diag_caty: NotRequired[str]  # 门诊慢特病诊断科别
    opsp_mdtrt_date: NotRequired[str]  # 门诊慢特病就诊日期
    adm_way: NotRequired[str]  # 入院途径
    trt_type: NotRequired[str]  # 治疗类别
    adm_time: NotRequired[str]  # 入院时间
    adm_dept_code: NotRequired[str]  # 入院科室编码
    adm_dept_name: NotRequired[str]  # 入院科室名称
    refldept_dept: NotRequired[str]  # 转科科别
    dscg_time: NotRequired[str]  # 出院时间
    dscg_dept_code: NotRequired[str]  # 出院科室编码
    dscg_dept_name: NotRequired[str]  # 出院科室名称
    dscg_caty: str  # 出院科别
    otp_wm_dise: NotRequired[str]  # 门（急）诊诊断（西医诊断）
    wm_dise_code: NotRequired[str]  # 西医疾病代码
    otp_tcm_dise: NotRequired[str]  # 门（急）诊诊断（中医诊断）
    tcm_dise_code: NotRequired[str]  # 中医疾病代码
    vent_used_dura: NotRequired[str]  # 呼吸机使用时长
    pwcry_bfadm_coma_dura: NotRequired[str]  # 颅脑损伤患者入院前昏迷时长
    pwcry_afadm_coma_dura: NotRequired[str]  # 颅脑损伤患者入院后昏迷时长
    spga_nurscare_days: NotRequired[Number]  # 特级护理天数
    lv1_nurscare_days: NotRequired[Number]  # 一级护理天数
    scd_nurscare_days: NotRequired[Number]  # 二级护理天数
    lv3_nurscare_days: NotRequired[Number]  # 三级护理天数
    dscg_way: NotRequired[str]  # 离院方式
    acp_medins_name: NotRequired[str]  # 拟接收机构名称
    acp_optins_code: NotRequired[str]  # 拟接收机构代码
    bill_code: str  # 票据代码
    bill_no: str  # 票据号码
    biz_sn: str  # 业务流水号
    days_rinp_flag_31: NotRequired[str]  # 出院31天内再住院计划标志
    days_rinp_pup_31: NotRequired[str]  # 出院31天内再住院计划目的
    chfpdr_code: NotRequired[str]  # 主诊医师代码
    setl_begn_date: str  # 结算开始日期
    setl_end_date: str  # 结算结束日期
    medins_fill_dept: str  # 医疗机构填报部门
    medins_fill_psn: str  # 医疗机构填报人
    resp_nurs_code: NotRequired[str]  # 责任护士代码
    stas_type: NotRequired[str]  # 状态分类
    hi_paymtd: NotRequired[str]  # 医保支付方式
    age_days: NotRequired[Number]  # 新生儿天龄
    adm_caty: NotRequired[str]  # 入院科别


class Input4101Opspdiseinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: opspdiseinfo."""

    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码


class Input4101Diseinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: diseinfo."""

    diag_type: str  # 诊断类别
    diag_code: str  # 诊断代码
    diag_name: str  # 诊断名称
    adm_cond_type: str  # 入院病情类型
    maindiag_flag: str  # 主诊断标志


class Input4101Oprninfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: oprninfo."""

    oprn_oprt_type: str  # 手术操作类别
    oprn_oprt_name: str  # 手术操作名称
    oprn_oprt_code: str  # 手术操作代码
    anst_way: NotRequired[str]  # 麻醉方式
    oper_dr_code: str  # 术者医师代码
    anst_dr_code: NotRequired[str]  # 麻醉医师代码
    oprn_oprt_begntime: NotRequired[str]  # 手术操作开始时间
    oprn_oprt_endtime: NotRequired[str]  # 手术操作结束时间
    anst_begntime: NotRequired[str]  # 麻醉开始时间
    anst_endtime: NotRequired[str]  # 麻醉结束时间


class Input4101Icuinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: icuinfo."""

    scs_cutd_ward_type: str  # 重症监护病房类型
    scs_cutd_inpool_time: str  # 重症监护进入时间
    scs_cutd_exit_time: str  # 重症监护退出时间
    scs_cutd_sum_dura: str  # 重症监护合计时长


class Input4101Payinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: payinfo."""

    fund_pay_type: str  # 基金支付类型
    fund_payamt: Number  # 基金支付金额


class Input4101Bldinfo(TypedDict):
    """4101 医疗保障基金结算清单信息上传: bldinfo."""

    setl_List_bld_Id: str  # 结算清单输血ID
    psn_no: str  # 人员编号
    mdtrt_id: str  # 就诊ID
    setl_id: str  # 结算ID
    bld_cat: NotRequired[str]  # 输血品种
    bld_amt: NotRequired[Number]  # 输血量
    bld_unt: NotRequired[str]  # 输血计量单位


class Input4101(TypedDict):
    """4101 医疗保障基金结算清单信息上传: Input4101."""

    setlinfo: Input4101Setlinfo
    opspdiseinfo: NotRequired[list[Input4101Opspdiseinfo]]
    diseinfo: NotRequired[list[Input4101Diseinfo]]
    oprninfo: NotRequired[list[Input4101Oprninfo]]
    icuinfo: NotRequired[list[Input4101Icuinfo]]
    payinfo: NotRequired[list[Input4101Payinfo]]
    bldinfo: NotRequired[list[Input4101Bldinfo]]


class Output4101Data(TypedDict):
    """4101 医疗保障基金结算清单信息上传: data."""

    setl_list_id: str  # 清单流水号


class Output4101(TypedDict):
    """4101 医疗保障基金结算清单信息上传: Output4101."""

    data: Output4101Data


T4101: Pair[Input4101, Output4101] = Pair("4101")
"""4101 医疗保障基金结算清单信息上传."""


class Input4102Data(TypedDict):
    """4102 医疗保障基金结算清单信息状态修改: data."""

    psn_no: NotRequired[str]  # 人员编号
    setl_id: NotRequired[str]  # 结算ID
    stas_type: NotRequired[str]  # 审核状态


class Input4102(TypedDict):
    """4102 医疗保障基金结算清单信息状态修改: Input4102."""

    data: Input4102Data


class Output4102(TypedDict):
    """4102 医疗保障基金结算清单信息状态修改: nothing."""


T4102: Pair[Input4102, Output4102] = Pair("4102")
"""4102 医疗保障基金结算清单信息状态修改."""


class Input4103Data(TypedDict):
    """4103 医疗保障基金结算清单信息查询: data."""

    psn_no: NotRequired[str]  # 人员编号
    setl_id: NotRequired[str]  # 结算ID


class Input4103(TypedDict):
    """4103 医疗保障基金结算清单信息查询: Input4103."""

    data: Input4103Data


class Output4103Setlinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: setlinfo."""

    setl_id: NotRequired[str]  # 结算ID
    setl_list_sn: NotRequired[str]  # 结算清单流水号
    psn_no: NotRequired[str]  # 人员编号
    mdtrt_id: NotRequired[str]  # 就诊ID
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    hi_setl_lv: NotRequired[str]  # 医保结算等级
    medcasno: NotRequired[str]  # 病案号
    dcla_time: NotRequired[str]  # 申报时间
    psn_name: NotRequired[str]  # 人员姓名
    gend: NotRequired[str]  # 性别
    brdy: NotRequired[str]  # 出生日期
    age: NotRequired[Number]  # 年龄
    age_daus: NotRequired[Number]  # （年龄不足1周岁）年龄
    ntly: NotRequired[str]  # 国籍
    naty: NotRequired[str]  # 民族
    patn_cert_type: NotRequired[str]  # 患者证件类别
    certno: NotRequired[str]  # 证件号码
    prfs: NotRequired[str]  # 职业
    curr_addr: NotRequired[str]  # 现住址
    emp_name: NotRequired[str]  # 单位名称
    emp_addr: NotRequired[str]  # 单位地址
    emp_tel: NotRequired[str]  # 单位电话
    emp_poscode: NotRequired[str]  # 邮编
    coner_name: NotRequired[str]  # 联系人姓名
    patn_rlts: NotRequired[str]  # 与患者关系
    coner_addr: NotRequired[str]  # 联系人地址
    coner_tel: NotRequired[str]  # 联系人电话
    insutype: NotRequired[str]  # 险种类型
    sp_psn_type: NotRequired[str]  # 特殊人员类型
    insu_admdvs: NotRequired[str]  # 参保所属医保区划
    nwb_adm_type: NotRequired[str]  # 新生儿入院类型
    nwb_bir_wt: NotRequired[Number]  # 新生儿出生体重
    nwb_adm_wt: NotRequired[Number]  # 新生儿入院体重
    mul_nwb_bir_wt: NotRequired[str]  # 多新生儿出生体重
    mul_nwb_adm_wt: NotRequired[str]  # 多新生儿入院体重
    opsp_diag_caty: NotRequired[str]  # 门诊慢特病诊断科别
    opsp_mdtrt_time: NotRequired[str]  # 门诊慢特病就诊日期
    ipt_med_type: NotRequired[str]  # 住院医疗类型
    adm_way_code: NotRequired[str]  # 入院途径
    trt_type: NotRequired[str]  # 治疗类别
    adm_time: NotRequired[str]  # 入院时间
    dscg_time: NotRequired[str]  # 出院时间
    adm_caty: NotRequired[str]  # 入院科别
    refl_caty: NotRequired[str]  # 转科科别
    dscg_caty: NotRequired[str]  # 出院科别
    act_ipt_days: NotRequired[Number]  # 实际住院天数
    otp_wm_dise: NotRequired[str]  # 门（急）诊西医诊断
    otp_wm_diag_dise_code: NotRequired[str]  # 西医诊断疾病代码
    otp_tcm_dise: NotRequired[str]  # 门（急）诊中医诊断
    otp_tcm_diag_dise_code: NotRequired[str]  # 中医诊断代码
    diag_code_cnt: NotRequired[Number]  # 诊断代码计数
    oprn_oprt_code_cnt: NotRequired[Number]  # 手术操作代码计数
    vent_used_days: NotRequired[Number]  # 呼吸机使用天数
    vent_used_h_cnt: NotRequired[Number]  # 呼吸机使用小时数
    vent_used_m_cnt: NotRequired[Number]  # 呼吸机使用分钟数
    bfadm_coma_days: NotRequired[Number]  # 入院前颅脑损伤患者昏迷天数
    bfadm_coma_h_cnt: NotRequired[Number]  # 入院前颅脑损伤患者昏迷小时数
    bfadm_coma_m_cnt: NotRequired[Number]  # 入院前颅脑损伤患者昏迷分钟数
    afadm_coma_days: NotRequired[Number]  # 入院后颅脑损伤患者昏迷天数
    afadm_coma_h_cnt: NotRequired[Number]  # 入院后颅脑损伤患者昏迷小时数
    afadm_coma_m_cnt: NotRequired[Number]  # 入院后颅脑损伤患者昏迷分钟数
    spga_nurscare_days: NotRequired[Number]  # 特级护理天数
    lv1_nurscare_days: NotRequired[Number]  # 一级护理天数
    scd_nurscare_days: NotRequired[Number]  # 二级护理天数
    lv3_nurscare_days: NotRequired[Number]  # 三级护理天数
    dscg_way: NotRequired[str]  # 离院方式
    acp_medins_name: NotRequired[str]  # 拟接收机构名称
    acp_optins_code: NotRequired[str]  # 拟接收机构代码
    days_rinp_flag_31: NotRequired[str]  # 出院31天内再住院计划标志
    days_rinp_pup_31: NotRequired[str]  # 出院31天内再住院目的
    chfpdr_name: NotRequired[str]  # 主诊医师姓名
    chfpdr_code: NotRequired[str]  # 主诊医师代码
    biz_sn: NotRequired[str]  # 业务流水号
    bill_code: NotRequired[str]  # 票据代码
    bill_no: NotRequired[str]  # 票据号码
    setl_begn_date: NotRequired[str]  # 结算开始日期
    setl_end_date: NotRequired[str]  # 结算结束日期
    psn_selfpay: NotRequired[Number]  # 个人自付
    psn_ownpay: NotRequired[Number]  # 个人自费
    acct_pay: NotRequired[Number]  # 个人账户支出
    psn_cashpay: NotRequired[Number]  # 个人现金支付
    hi_paymtd: NotRequired[str]  # 医保支付方式
    medins_fill_dept: NotRequired[str]  # 医疗机构填报部门
    medins_fill_psn: NotRequired[str]  # 医疗机构填报人
    hi_no: NotRequired[str]  # 医保编号
    hi_type: NotRequired[str]  # 医保类型
    opsp_dise_name: NotRequired[str]  # 门慢门特病种名称
    opsp_dise_code: NotRequired[str]  # 门慢门特病种目录代码
    dscg_diag: NotRequired[str]  # 出院诊断
    resp_nurs_name: NotRequired[str]  # 责任护士姓名
    resp_nurs_code: NotRequired[str]  # 责任护士代码
    hsorg_opter_code: NotRequired[str]  # 医保机构经办人代码
    stas_type: NotRequired[str]  # 状态分类
    hsorg_opter: NotRequired[str]  # 医保机构经办人
    hsorg_name: NotRequired[str]  # 医保机构
    hsorg_code: NotRequired[str]  # 医保机构代码
    chk_cont: NotRequired[str]  # 审核内容
    adm_dept_codg: NotRequired[str]  # 入院科室编码
    adm_dept_name: NotRequired[str]  # 入院科室名称
    dipDiseGrpCode: NotRequired[str]  # dip病种代码
    dipDiseGrpName: NotRequired[str]  # dip病种名称
    dscg_dept_codg: NotRequired[str]  # 出院科室编码
    dscg_dept_name: NotRequired[str]  # 出院科室名称
    gwyPay: NotRequired[Number]  # 公务员支出
    jmdbPay: NotRequired[Number]  # 居民大病支出
    setl_time: NotRequired[str]  # 结算时间
    spcasExitSco: NotRequired[Number]  # 特病单议退出分值
    spcasExitWt: NotRequired[Number]  # 退出分值权重
    spcasRea: NotRequired[str]  # 特病单议原因
    ybtcPay: NotRequired[Number]  # 医保统筹支出
    yljzPay: NotRequired[Number]  # 医疗救助支出
    zgdePay: NotRequired[Number]  # 职工大额支出


class Output4103Payinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: payinfo."""

    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    mdtrt_id: NotRequired[str]  # 就诊ID
    fund_pay_type: NotRequired[str]  # 基金支付类型
    poolarea_fund_pay_type: NotRequired[str]  # 统筹区基金支付类型
    poolarea_fund_pay_name: NotRequired[str]  # 统筹区基金支付类型名称
    fund_payamt: NotRequired[Number]  # 基金支付金额


class Output4103Opspdiseinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: opspdiseinfo."""

    setl_list_opsp_trt_id: NotRequired[str]  # 结算清单门慢门特诊疗信息ID
    mdtrt_id: NotRequired[str]  # 就诊ID
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    diag_code: NotRequired[str]  # 诊断代码
    diag_name: NotRequired[str]  # 诊断名称
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码


class Output4103Diseinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: diseinfo."""

    setl_list_diag_id: NotRequired[str]  # 结算清单诊断ID
    setl_id: NotRequired[str]  # 结算ID
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    diag_type: NotRequired[str]  # 诊断类别
    maindiag_flag: NotRequired[str]  # 主诊断标志
    diag_code: NotRequired[str]  # 诊断代码
    diag_name: NotRequired[str]  # 诊断名称
    adm_cond_type: NotRequired[str]  # 入院病情类型


class Output4103Iteminfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: iteminfo."""

    etl_list_chrgitm_id: NotRequired[str]  # 结算清单收费项目ID
    setl_id: NotRequired[str]  # 结算ID
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    med_chrgitm_type: NotRequired[str]  # 医疗收费项目类别
    item_sumamt: NotRequired[Number]  # 金额
    item_claa_sumfee: NotRequired[Number]  # 甲类费用合计
    item_clab_amt: NotRequired[Number]  # 乙类金额合计
    item_fulamt_ownpay_amt: NotRequired[Number]  # 全自费金额
    item_ownpay_amt: NotRequired[Number]  # 项目其他金额
    sindise_code_name: NotRequired[str]  # 单病种代码名称
    daysrg_code_name: NotRequired[str]  # 日间手术代码名称


class Output4103Oprninfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: oprninfo."""

    setl_list_oprn_id: NotRequired[str]  # 结算清单手术操作ID
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    mdtrt_id: NotRequired[str]  # 就诊ID
    main_oprn_flag: NotRequired[str]  # 主要手术标志
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_date: NotRequired[str]  # 手术操作日期
    anst_way: NotRequired[str]  # 麻醉方式
    oper_dr_name: NotRequired[str]  # 术者医师姓名
    oper_dr_code: NotRequired[str]  # 术者医师代码
    anst_dr_name: NotRequired[str]  # 麻醉医师姓名
    anst_dr_code: NotRequired[str]  # 麻醉医师代码
    oprn_oprt_begntime: NotRequired[str]  # 手术操作开始时间
    oprn_oprt_endtime: NotRequired[str]  # 手术操作结束时间
    anst_begntime: NotRequired[str]  # 麻醉开始时间
    anst_endtime: NotRequired[str]  # 麻醉结束时间


class Output4103Icuinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: icuinfo."""

    setl_list_scs_cutd_id: NotRequired[str]  # 结算清单重症监护ID
    psn_no: NotRequired[str]  # 人员编号
    mdtrt_id: NotRequired[str]  # 就诊ID
    setl_id: NotRequired[str]  # 结算ID
    scs_cutd_ward_type: NotRequired[str]  # 重症监护病房类型
    scs_cutd_inpool_time: NotRequired[str]  # 重症监护进入时间
    scs_cutd_exit_time: NotRequired[str]  # 重症监护退出时间
    scs_cutd_sum_dura: NotRequired[str]  # 重症监护合计时长


class Output4103DrgAppyinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: drgAppyinfo."""

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


class Output4103Bldinfo(TypedDict):
    """4103 医疗保障基金结算清单信息查询: bldinfo."""

    setl_List_bld_Id: NotRequired[str]  # 结算清单输血ID
    psn_no: NotRequired[str]  # 人员编号
    mdtrt_id: NotRequired[str]  # 就诊ID
    setl_id: NotRequired[str]  # 结算ID
    bld_cat: NotRequired[str]  # 输血品种
    bld_amt: NotRequired[Number]  # 输血量
    bld_unt: NotRequired[str]  # 输血计量单位


class Output4103(TypedDict):
    """4103 医疗保障基金结算清单信息查询: Output4103."""

    setlinfo: NotRequired[Output4103Setlinfo]
    payinfo: NotRequired[list[Output4103Payinfo]]
    opspdiseinfo: NotRequired[list[Output4103Opspdiseinfo]]
    diseinfo: NotRequired[list[Output4103Diseinfo]]
    iteminfo: NotRequired[list[Output4103Iteminfo]]
    oprninfo: NotRequired[list[Output4103Oprninfo]]
    icuinfo: NotRequired[list[Output4103Icuinfo]]
    drgAppyinfo: NotRequired[Output4103DrgAppyinfo]
    bldinfo: NotRequired[list[Output4103Bldinfo]]


T4103: Pair[Input4103, Output4103] = Pair("4103")
"""4103 医疗保障基金结算清单信息查询."""


class Input4104Data(TypedDict):
    """4104 医疗保障基金结算清单质控结果查询: data."""

    setl_ym: str  # 结算年月
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    err_lv: NotRequired[str]  # 错误等级
    retn_flag: NotRequired[str]  # 回退标志
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Input4104(TypedDict):
    """4104 医疗保障基金结算清单质控结果查询: Input4104."""

    data: Input4104Data


class Output4104Detailinfo(TypedDict):
    """4104 医疗保障基金结算清单质控结果查询: detailinfo."""

    exam_data_fld: str  # 检查数据字段
    qltctrl_chk_rslt: str  # 质控校验结果
    err_lv: str  # 错误等级
    retn_flag: str  # 回退标志
    init_val: str  # 初始值


class Output4104Data(TypedDict):
    """4104 医疗保障基金结算清单质控结果查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: str  # 定点医药机构名称
    setl_ym: str  # 结算年月
    setl_id: str  # 结算ID
    psn_no: str  # 人员编号
    psn_name: str  # 人员姓名
    qltctrl_rslt: str  # 质控结果
    err_lv: str  # 错误等级
    retn_flag: str  # 回退标志
    qltctrl_ver: str  # 质控版本号
    psn_cert_type: str  # 人员证件类型
    cert_no: str  # 证件号码
    detailinfo: list[Output4104Detailinfo]  # 质控结算清单结果详情信息
    qltctrl_time: NotRequired[str]  # 质控时间
    grp_stas: NotRequired[str]  # 分组状态


class Output4104(TypedDict):
    """4104 医疗保障基金结算清单质控结果查询: Output4104."""

    data: list[Output4104Data]


T4104: Pair[Input4104, Output4104] = Pair("4104")
"""4104 医疗保障基金结算清单质控结果查询."""


class Input4105Data(TypedDict):
    """4105 医疗保障基金结算清单数量统计查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medtype_list: list[str]  # 医疗类别的集合
    stt_begntime: str  # 统计开始时间
    stt_endtime: str  # 统计结束时间
    stt_flag: NotRequired[bool]  # 统计标志
    refdset_flag: NotRequired[str]  # 退费统计标志
    fixmedins_name: NotRequired[str]  # 定点医药机构名称


class Input4105(TypedDict):
    """4105 医疗保障基金结算清单数量统计查询: Input4105."""

    data: Input4105Data


class Output4105(TypedDict):
    """4105 医疗保障基金结算清单数量统计查询: Output."""

    needUploadCnt: Number  # 应上传数量
    uploadedCnt: Number  # 已上传数量


T4105: Pair[Input4105, Output4105] = Pair("4105")
"""4105 医疗保障基金结算清单数量统计查询."""
