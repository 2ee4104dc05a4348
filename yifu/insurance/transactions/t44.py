"""Transactions 44xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4401Baseinfo(TypedDict):
    """4401 住院病案首页信息: baseinfo."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    patn_ipt_cnt: NotRequired[str]  # 患者住院次数
    ipt_no: NotRequired[str]  # 住院号
    medcasno: str  # 病案号
    psn_name: str  # 人员姓名
    gend: NotRequired[str]  # 性别
    brdy: NotRequired[str]  # 出生日期
    ntly: NotRequired[str]  # 国籍
    ntly_name: NotRequired[str]  # 国籍名称
    nwb_bir_wt: NotRequired[Number]  # 新生儿出生体重
    nwb_adm_wt: NotRequired[Number]  # 新生儿入院体重
    birplc: NotRequired[str]  # 出生地
    napl: NotRequired[str]  # 籍贯
    naty_name: NotRequired[str]  # 民族名称
    naty: NotRequired[str]  # 民族
    certno: NotRequired[str]  # 证件号码
    prfs: NotRequired[str]  # 职业
    mrg_stas: NotRequired[str]  # 婚姻状态
    curr_addr_poscode: NotRequired[str]  # 现住址-邮政编码
    curr_addr: NotRequired[str]  # 现住址
    psn_tel: NotRequired[str]  # 个人联系电话
    resd_addr_prov: NotRequired[str]  # 户口地址-省（自治区、直辖市）
    resd_addr_city: NotRequired[str]  # 户口地址-市（地区）
    resd_addr_coty: NotRequired[str]  # 户口地址-县（区）
    resd_addr_subd: NotRequired[str]  # 户口地址-乡（镇、街道办事处）
    resd_addr_vil: NotRequired[str]  # 户口地址-村（街、路、弄等）
    resd_addr_housnum: NotRequired[str]  # 户口地址-门牌号码
    resd_addr_poscode: NotRequired[str]  # 户口地址- 邮政编码
    resd_addr: NotRequired[str]  # 户口地址
    empr_tel: NotRequired[str]  # 工作单位联系电话
    empr_poscode: NotRequired[str]  # 工作单位- 邮政编码
    empr_addr: NotRequired[str]  # 工作单位及地址
    coner_tel: NotRequired[str]  # 联系人电话
    coner_name: NotRequired[str]  # 联系人姓名
    coner_addr: NotRequired[str]  # 联系人地址
    coner_rlts_code: NotRequired[str]  # 与联系人关系代码
    adm_way_name: NotRequired[str]  # 入院途径名称
    adm_way_code: NotRequired[str]  # 入院途径代码
    trt_type_name: NotRequired[str]  # 治疗类别名称
    trt_type: NotRequired[str]  # 治疗类别
    adm_caty: NotRequired[str]  # 入院科别
    adm_ward: NotRequired[str]  # 入院病房
    adm_date: NotRequired[str]  # 入院日期
    dscg_date: NotRequired[str]  # 出院日期
    dscg_caty: NotRequired[str]  # 出院科别
    Refldept_caty_name: NotRequired[str]  # 转科科别名称
    dscg_ward: NotRequired[str]  # 出院病房
    ipt_days: NotRequired[Number]  # 住院天数
    drug_dicm_flag: NotRequired[str]  # 药物过敏标志
    dicm_drug_name: NotRequired[str]  # 过敏药物名称
    die_autp_flag: NotRequired[str]  # 死亡患者尸检标志
    abo_code: NotRequired[str]  # ABO血型代码
    abo_name: NotRequired[str]  # ABO血型名称
    rh_code: NotRequired[str]  # Rh血型代码
    rh_name: NotRequired[str]  # RH血型
    die_flag: NotRequired[str]  # 死亡标志
    deptdrt_name: NotRequired[str]  # 科主任姓名
    chfdr_name: NotRequired[str]  # 主任( 副主任)医师姓名
    atddr_name: NotRequired[str]  # 主治医生姓名
    chfpdr_name: NotRequired[str]  # 主诊医师姓名
    ipt_dr_name: NotRequired[str]  # 住院医师姓名
    resp_nurs_name: NotRequired[str]  # 责任护士姓名
    train_dr_name: NotRequired[str]  # 进修医师姓名
    intn_dr_name: NotRequired[str]  # 实习医师姓名
    codr_name: NotRequired[str]  # 编码员姓名
    qltctrl_dr_name: NotRequired[str]  # 质控医师姓名
    qltctrl_nurs_name: NotRequired[str]  # 质控护士姓名
    medcas_qlt_name: NotRequired[str]  # 病案质量名称
    medcas_qlt_code: NotRequired[str]  # 病案质量代码
    qltctrl_date: NotRequired[str]  # 质控日期
    dscg_way_name: NotRequired[str]  # 离院方式名称
    dscg_way: NotRequired[str]  # 离院方式
    acp_medins_code: NotRequired[str]  # 拟接收医疗机构代码
    acp_medins_name: NotRequired[str]  # 拟接收医疗机构名称
    dscg_31days_rinp_flag: NotRequired[str]  # 出院 31天内再住院计划标志
    dscg_31days_rinp_pup: NotRequired[str]  # 出院31天内再住院目的
    damg_intx_ext_rea: NotRequired[str]  # 损伤、中毒的外部原因
    damg_intx_ext_rea_disecode: NotRequired[str]  # 损伤、中毒的外部原因疾病编码
    brn_damg_bfadm_coma_dura: NotRequired[str]  # 颅脑损伤患者入院前昏迷时长
    brn_damg_afadm_coma_dura: NotRequired[str]  # 颅脑损伤患者入院后昏迷时长
    vent_used_dura: NotRequired[str]  # 呼吸机使用时长
    cnfm_date: NotRequired[str]  # 确诊日期
    patn_dise_diag_crsp: NotRequired[str]  # 患者疾病诊断对照
    patn_dise_diag_crsp_code: NotRequired[str]  # 住院患者疾病诊断对照代码
    ipt_patn_diag_inscp: NotRequired[str]  # 住院患者诊断符合情况
    ipt_patn_diag_inscp_code: NotRequired[str]  # 住院患者诊断符合情况代码
    dscg_trt_rslt: NotRequired[str]  # 出院治疗结果
    dscg_trt_rslt_code: NotRequired[str]  # 出院治疗结果代码
    medins_orgcode: NotRequired[str]  # 医疗机构组织机构代码
    age: NotRequired[Number]  # 年龄
    aise: NotRequired[str]  # 过敏源
    pote_intn_dr_name: NotRequired[str]  # 研究生实习医师姓名
    hbsag: NotRequired[str]  # 乙肝表面抗原（HBsAg）
    resc_cnt: NotRequired[Number]  # 抢救次数
    resc_succ_cnt: NotRequired[Number]  # 抢救成功次数
    hosp_dise_fsttime: NotRequired[str]  # 手术、治疗、检查、诊断为本院第一例
    hif_pay_way_name: NotRequired[str]  # 医保基金付费方式名称
    hif_pay_way_code: NotRequired[str]  # 医保基金付费方式代码
    med_fee_paymtd_name: NotRequired[str]  # 医疗费用支付方式名称
    medfee_paymtd_code: NotRequired[str]  # 医疗费用支付方式代码
    selfpay_amt: NotRequired[Number]  # 自付金额
    medfee_sumamt: Number  # 医疗费总额
    ordn_med_servfee: NotRequired[Number]  # 一般医疗服务费
    ordn_trt_oprt_fee: NotRequired[Number]  # 一般治疗操作费
    nurs_fee: NotRequired[Number]  # 护理费
    com_med_serv_oth_fee: NotRequired[Number]  # 综合医疗服务类其他费用
    palg_diag_fee: NotRequired[Number]  # 病理诊断费
    lab_diag_fee: NotRequired[Number]  # 实验室诊断费
    rdhy_diag_fee: NotRequired[Number]  # 影像学诊断费
    clnc_dise_fee: NotRequired[Number]  # 临床诊断项目费
    nsrgtrt_item_fee: NotRequired[Number]  # 非手术治疗项目费
    clnc_phys_trt_fee: NotRequired[Number]  # 临床物理治疗费
    rgtrt_trt_fee: NotRequired[Number]  # 手术治疗费
    anst_fee: NotRequired[Number]  # 麻醉费
    rgtrt_fee: NotRequired[Number]  # 手术费
    rhab_fee: NotRequired[Number]  # 康复费
    tcm_trt_fee: NotRequired[Number]  # 中医治疗费
    wm_fee: NotRequired[Number]  # 西药费
    abtl_medn_fee: NotRequired[Number]  # 抗菌药物费用
    tcmpat_fee: NotRequired[Number]  # 中成药费
    tcmherb_fee: NotRequired[Number]  # 中药饮片费
    blo_fee: NotRequired[Number]  # 血费
    albu_fee: NotRequired[Number]  # 白蛋白类制品费
    glon_fee: NotRequired[Number]  # 球蛋白类制品费
    clotfac_fee: NotRequired[Number]  # 凝血因子类制品费
    cyki_fee: NotRequired[Number]  # 细胞因子类制品费
    exam_dspo_matl_fee: NotRequired[Number]  # 检查用一次性医用材料费
    trt_dspo_matl_fee: NotRequired[Number]  # 治疗用一次性医用材料费
    oprn_dspo_matl_fee: NotRequired[Number]  # 手术用一次性医用材料费
    oth_fee: NotRequired[Number]  # 其他费
    vali_flag: str  # 有效标志
    fixmedins_code: str  # 定点医药机构编号
    ctd: str  # 病例分型
    deptdrt_code: str  # 科主任代码
    chfdr_code: NotRequired[str]  # 主任( 副主任)医师代码
    atddr_code: str  # 主治医生代码
    chfpdr_code: NotRequired[str]  # 主诊医师代码
    ipt_dr_code: str  # 住院医师代码
    resp_nurs_code: str  # 责任护士代码
    train_dr_code: NotRequired[str]  # 进修医师代码
    intn_dr_code: NotRequired[str]  # 实习医师代码
    qltctrl_dr_code: NotRequired[str]  # 质控医师代码
    qltctrl_nurs_code: NotRequired[str]  # 质控护士代码
    pote_intn_dr_code: NotRequired[str]  # 研究生实习医师代码


class Input4401Diseinfo(TypedDict):
    """4401 住院病案首页信息: diseinfo."""

    palg_no: NotRequired[str]  # 病理号
    ipt_patn_disediag_type_code: NotRequired[str]  # 住院患者疾病诊断类型代码
    disediag_type: NotRequired[str]  # 疾病诊断类型
    maindiag_flag: NotRequired[str]  # 主诊断标志
    diag_code: NotRequired[str]  # 诊断代码
    diag_name: NotRequired[str]  # 诊断名称
    inhosp_diag_code: NotRequired[str]  # 院内诊断代码
    inhosp_diag_name: NotRequired[str]  # 院内诊断名称
    adm_dise_cond_name: NotRequired[str]  # 入院疾病病情名称
    adm_dise_cond_code: NotRequired[str]  # 入院疾病病情代码
    adm_cond: NotRequired[str]  # 入院病情
    adm_cond_code: NotRequired[str]  # 入院时病情代码
    high_diag_evid: NotRequired[str]  # 最高诊断依据
    bkup_deg: NotRequired[str]  # 分化程度
    bkup_deg_code: NotRequired[str]  # 分化程度代码
    vali_flag: str  # 有效标志
    ipt_medcas_hmpg_sn: str  # 住院病案首页流水号
    mdtrt_sn: str  # 就医流水号
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Input4401Oprninfo(TypedDict):
    """4401 住院病案首页信息: oprninfo."""

    oprn_oprt_date: NotRequired[str]  # 手术操作日期
    oprn_oprt_name: NotRequired[str]  # 手术操作名称
    oprn_oprt_code: NotRequired[str]  # 手术操作代码
    oprn_oprt_sn: NotRequired[str]  # 手术操作序列号
    oprn_lv_code: NotRequired[str]  # 手术级别代码
    oprn_lv_name: NotRequired[str]  # 手术级别名称
    oper_name: NotRequired[str]  # 手术者姓名
    asit_1_name: NotRequired[str]  # 助手Ⅰ姓名
    asit_name2: NotRequired[str]  # 助手Ⅱ姓名
    sinc_heal_lv: NotRequired[str]  # 手术切口愈合等级
    sinc_heal_lv_code: NotRequired[str]  # 手术切口愈合等级代码
    anst_mtd_name: NotRequired[str]  # 麻醉-方法名称
    anst_mtd_code: NotRequired[str]  # 麻醉-方法代码
    anst_dr_name: NotRequired[str]  # 麻醉医师姓名
    oprn_oper_part: NotRequired[str]  # 手术操作部位
    oprn_oper_part_code: NotRequired[str]  # 手术操作部位代码
    oprn_con_time: NotRequired[str]  # 手术持续时间
    anst_lv_name: NotRequired[str]  # 麻醉分级名称
    anst_lv_code: NotRequired[str]  # 麻醉分级代码
    oprn_patn_type: NotRequired[str]  # 手术患者类型
    main_oprn_flag: NotRequired[str]  # 主要手术标志
    anst_asa_lv_code: NotRequired[str]  # 麻醉ASA分级代码
    anst_asa_lv_name: NotRequired[str]  # 麻醉ASA分级名称
    anst_medn_code: NotRequired[str]  # 麻醉药物代码
    anst_medn_name: NotRequired[str]  # 麻醉药物名称
    anst_medn_dos: NotRequired[str]  # 麻醉药物剂量
    unt: NotRequired[str]  # 计量单位
    anst_begntime: NotRequired[str]  # 麻醉开始时间
    anst_endtime: NotRequired[str]  # 麻醉结束时间
    anst_copn_code: NotRequired[str]  # 麻醉合并症代码
    anst_copn_name: NotRequired[str]  # 麻醉合并症名称
    anst_copn_dscr: NotRequired[str]  # 麻醉合并症描述
    pacu_begntime: NotRequired[str]  # 复苏室开始时间
    pacu_endtime: NotRequired[str]  # 复苏室结束时间
    canc_oprn_flag: NotRequired[str]  # 取消手术标志
    vali_flag: str  # 有效标志
    ipt_medcas_hmpg_sn: str  # 住院病案首页流水号
    mdtrt_sn: str  # 就医流水号


class Input4401Icuinfo(TypedDict):
    """4401 住院病案首页信息: icuinfo."""

    icu_codeid: NotRequired[str]  # 重症监护室代码
    inpool_icu_time: NotRequired[str]  # 进入监护室时间
    out_icu_time: NotRequired[str]  # 退出监护室时间
    medins_orgcode: NotRequired[str]  # 医疗机构组织机构代码
    nurscare_lv_code: NotRequired[str]  # 护理等级代码
    nurscare_lv_name: NotRequired[str]  # 护理等级名称
    nurscare_days: NotRequired[Number]  # 护理天数
    back_icu: NotRequired[str]  # 重返重症监护室标志
    vali_flag: str  # 有效标志
    ipt_medcas_hmpg_sn: str  # 住院病案首页流水号
    mdtrt_sn: str  # 就医流水号
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Input4401(TypedDict):
    """4401 住院病案首页信息: Input4401."""

    baseinfo: Input4401Baseinfo
    diseinfo: list[Input4401Diseinfo]
    oprninfo: NotRequired[list[Input4401Oprninfo]]
    icuinfo: NotRequired[list[Input4401Icuinfo]]


class Output4401(TypedDict):
    """4401 住院病案首页信息: nothing."""


T4401: Pair[Input4401, Output4401] = Pair("4401")
"""4401 住院病案首页信息."""


class Input4402Data(TypedDict):
    """4402 住院医嘱记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    ipt_bed_no: NotRequired[str]  # 住院床号
    drord_no: NotRequired[str]  # 医嘱号
    isu_dept_code: NotRequired[str]  # 下达科室代码
    drord_isu_no: NotRequired[str]  # 医嘱下达时间
    exe_dept_code: NotRequired[str]  # 执行科室代码
    exe_dept_name: NotRequired[str]  # 执行科室名称
    drord_chker_name: NotRequired[str]  # 医嘱审核人姓名
    drord_ptr_name: NotRequired[str]  # 医嘱执行人姓名
    drord_grpno: NotRequired[str]  # 医嘱组号
    drord_type: NotRequired[str]  # 医嘱类别
    drord_item_type: NotRequired[str]  # 医嘱项目分类代码
    drord_item_name: NotRequired[str]  # 医嘱项目分类名称
    drord_detl_code: NotRequired[str]  # 医嘱明细代码
    drord_detl_name: NotRequired[str]  # 医嘱明细名称
    medn_type_code: NotRequired[str]  # 药物类型代码
    medn_type_name: NotRequired[str]  # 药物类型名称
    drug_dosform: NotRequired[str]  # 药品剂型
    drug_dosform_name: NotRequired[str]  # 药品剂型名称
    drug_spec: NotRequired[str]  # 药品规格
    dismed_cnt: NotRequired[Number]  # 发药数量
    dismed_cnt_unt: NotRequired[str]  # 发药数量单位
    medn_use_frqu: NotRequired[str]  # 药物使用-频率
    medn_used_dosunt: NotRequired[str]  # 药物使用-剂量单位
    drug_used_sdose: NotRequired[Number]  # 药物使用-次剂量
    drug_used_idose: NotRequired[Number]  # 药物使用-总剂量
    drug_used_way_code: NotRequired[str]  # 药物使用-途径代码
    drug_used_way: NotRequired[str]  # 药物使用-途径
    medc_days: NotRequired[Number]  # 用药天数
    medc_begntime: NotRequired[str]  # 用药开始时间
    medc_endtime: NotRequired[str]  # 用药停止时间
    skintst_dicm: NotRequired[str]  # 皮试判别
    tcmherb_foote: NotRequired[str]  # 草药脚注
    drord_endtime: NotRequired[str]  # 医嘱结束时间
    ipt_dept_code: NotRequired[str]  # 住院科室代码
    medins_orgcode: NotRequired[str]  # 医疗机构组织机构代码
    unif_purc_drug_flag: NotRequired[str]  # 统一采购药品标志
    drug_mgt_plaf_code: NotRequired[str]  # 药品管理平台代码
    drug_purc_code: NotRequired[str]  # 药品采购代码
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    vali_flag: str  # 有效标志
    medcas_drord_detl_id: str  # 病案医嘱明细id


class Input4402(TypedDict):
    """4402 住院医嘱记录: Input4402."""

    data: list[Input4402Data]


class Output4402(TypedDict):
    """4402 住院医嘱记录: nothing."""


T4402: Pair[Input4402, Output4402] = Pair("4402")
"""4402 住院医嘱记录."""


class Input4402AData(TypedDict):
    """4402A 住院医嘱记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    ipt_bed_no: NotRequired[str]  # 住院床号
    drord_no: NotRequired[str]  # 医嘱号
    isu_dept_code: NotRequired[str]  # 下达科室代码
    drord_isu_time: NotRequired[str]  # 医嘱下达时间
    exe_dept_code: NotRequired[str]  # 执行科室代码
    exe_dept_name: NotRequired[str]  # 执行科室名称
    drord_chker_name: NotRequired[str]  # 医嘱审核人姓名
    drord_ptr_name: NotRequired[str]  # 医嘱执行人姓名
    drord_grp_no: NotRequired[str]  # 医嘱组号
    drord_type: NotRequired[str]  # 医嘱类别
    drord_item_type_code: NotRequired[str]  # 医嘱项目分类代码
    drord_item_type_name: NotRequired[str]  # 医嘱项目分类名称
    drord_detl_code: NotRequired[str]  # 医嘱明细代码
    drord_detl_name: NotRequired[str]  # 医嘱明细名称
    medn_type_code: NotRequired[str]  # 药物类型代码
    medn_type_name: NotRequired[str]  # 药物类型名称
    drug_dosform: NotRequired[str]  # 药品剂型
    drug_dosform_name: NotRequired[str]  # 药品剂型名称
    drug_spec: NotRequired[str]  # 药品规格
    dismed_cnt: NotRequired[Number]  # 发药数量
    dismed_cnt_unt: NotRequired[str]  # 发药数量单位
    medn_use_frqu: NotRequired[str]  # 药物使用-频率
    medn_used_dosunt: NotRequired[str]  # 药物使用-剂量单位
    drug_used_sdose: NotRequired[Number]  # 药物使用-次剂量
    drug_used_idose: NotRequired[Number]  # 药物使用-总剂量
    drug_used_way_code: NotRequired[str]  # 药物使用-途径代码
    drug_used_way: NotRequired[str]  # 药物使用-途径
    medc_days: NotRequired[Number]  # 用药天数
    medc_begntime: NotRequired[str]  # 用药开始时间
    medc_endtime: NotRequired[str]  # 用药停止时间
    skintst_dicm: NotRequired[str]  # 皮试判别
    tcmherb_foote: NotRequired[str]  # 草药脚注
    drord_endtime: NotRequired[str]  # 医嘱结束时间
    ipt_dept_code: NotRequired[str]  # 住院科室代码
    medins_orgcode: NotRequired[str]  # 医疗机构组织机构代码
    unif_purc_drug_flag: NotRequired[str]  # 统一采购药品标志
    drug_mgt_plaf_code: NotRequired[str]  # 药品管理平台代码
    drug_purc_code: NotRequired[str]  # 药品采购代码
    bas_medn_flag: NotRequired[str]  # 基本药物标志
    vali_flag: str  # 有效标志
    medcas_drord_detl_id: str  # 病案医嘱明细id
    isu_drord_dr_code: NotRequired[str]  # 下达医嘱医生代码
    isu_drord_dr_name: NotRequired[str]  # 下达医嘱医生姓名
    drord_chker_code: NotRequired[str]  # 医嘱审核人代码
    drord_ptr_code: NotRequired[str]  # 医嘱执行人代码
    end_drord_dr_code: NotRequired[str]  # 结束医嘱医生代码
    end_drord_dr_name: NotRequired[str]  # 结束医嘱医生姓名
    drord_begntime: NotRequired[str]  # 医嘱开嘱时间


class Input4402A(TypedDict):
    """4402A 住院医嘱记录: Input4402A."""

    data: list[Input4402AData]


class Output4402A(TypedDict):
    """4402A 住院医嘱记录: nothing."""


T4402A: Pair[Input4402A, Output4402A] = Pair("4402A")
"""4402A 住院医嘱记录."""
