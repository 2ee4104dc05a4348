"""Transactions 47xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4701Adminfo(TypedDict):
    """4701 电子病历上传: adminfo."""

    mdtrt_sn: str  # 就医流水号 院内唯一号
    mdtrt_id: str  # 就诊ID 医保病人必填
    psn_no: str  # 人员编号 医保病人必填
    mdtrtsn: str  # 住院号
    name: str  # 姓名
    gend: str  # 性别
    age: NotRequired[Number]  # 年龄
    adm_rec_no: str  # 入院记录流水号
    wardarea_name: str  # 病区名称
    dept_code: str  # 科室代码
    dept_name: str  # 科室名称
    bedno: str  # 病床号
    adm_time: str  # 入院时间
    illhis_stte_name: str  # 病史陈述者姓名
    illhis_stte_rltl: str  # 陈述者与患者关系代码
    stte_rele: str  # 陈述内容是否可靠标识
    chfcomp: str  # 主诉
    dise_now: str  # 现病史
    hlcon: str  # 健康状况
    dise_his: str  # 疾病史（含外伤）
    ifet: str  # 患者传染性标志
    ifet_his: str  # 传染病史
    prev_vcnt: str  # 预防接种史
    oprn_his: str  # 手术史
    bld_his: str  # 输血史
    algs_his: str  # 过敏史
    psn_his: str  # 个人史
    mrg_his: str  # 婚育史
    mena_his: str  # 月经史
    fmhis: str  # 家族史
    physexm_tprt: Number  # 体格检查--体温（℃）
    physexm_pule: Number  # 体格检查 -- 脉率（次 /mi数字）
    physexm_vent_frqu: str  # 体格检查--呼吸频率
    physexm_systolic_pre: str  # 体格检查 -- 收缩压 （mmHg）
    physexm_dstl_pre: str  # 体格检查 -- 舒张压 （mmHg）
    physexm_height: Number  # 体格检查--身高（cm）
    physexm_wt: Number  # 体格检查--体重（kg）
    physexm_ordn_stas: str  # 体格检查 -- 一般状况 检查结果
    physexm_skin_musl: str  # 体格检查 -- 皮肤和黏膜检查结果
    physexm_spef_lymph: str  # 体格检查 -- 全身浅表淋巴结检查结果
    physexm_head: str  # 体格检查 -- 头部及其器官检查结果
    physexm_neck: str  # 体格检查 -- 颈部检查结果
    physexm_chst: str  # 体格检查 -- 胸部检查结果
    physexm_abd: str  # 体格检查 -- 腹部检查结果
    physexm_finger_exam: str  # 体格检查 -- 肛门指诊检查结果描述
    physexm_genital_area: str  # 体格检查 -- 外生殖器检查结果
    physexm_spin: str  # 体格检查 -- 脊柱检查结果
    physexm_all_fors: str  # 体格检查 -- 四肢检查结果
    nersys: str  # 体格检查 -- 神经系统检查结果
    spcy_info: str  # 专科情况
    asst_exam_rslt: str  # 辅助检查结果
    tcm4d_rslt: NotRequired[str]  # 中医“四诊”观察结果描述
    syddclft: NotRequired[str]  # 辨证分型代码
    syddclft_name: NotRequired[str]  # 辩证分型名称
    prnp_trt: NotRequired[str]  # 治则治法
    rec_doc_code: str  # 接诊医生编号
    rec_doc_name: str  # 接诊医生姓名
    ipdr_code: str  # 住院医师编号
    ipdr_name: str  # 住院医师姓名
    chfdr_code: str  # 主任医师编号
    chfdr_name: str  # 主任医师姓名
    chfpdr_code: str  # 主诊医师代码
    chfpdr_name: str  # 主诊医师姓名
    main_symp: str  # 主要症状
    adm_rea: str  # 入院原因
    adm_way: str  # 入院途径
    apgr: str  # 评分值(Apgar)
    diet_info: str  # 饮食情况
    growth_deg: str  # 发育程度
    mtl_stas_norm: str  # 精神状态正常标志
    slep_info: str  # 睡眠状况
    sp_info: str  # 特殊情况
    mind_info: str  # 心理状态
    nurt: str  # 营养状态
    self_ablt: str  # 自理能力
    nurscare_obsv_item_name: str  # 护理观察项目名称
    nurscare_obsv_rslt: str  # 护理观察结果
    smoke: str  # 吸烟标志
    stop_smok_days: Number  # 停止吸烟天数
    smok_info: str  # 吸烟状况
    smok_day: str  # 日吸烟量（支）
    drnk: str  # 饮酒标志
    drnk_frqu: str  # 饮酒频率
    drnk_day: Number  # 日饮酒量（mL）
    eval_time: str  # 评估日期时间
    resp_nurs_name: str  # 责任护士姓名
    vali_flag: str  # 有效标志
    resp_nurs_code: NotRequired[str]  # 责任护士编码


class Input4701Diseinfo(TypedDict):
    """4701 电子病历上传: diseinfo."""

    inout_diag_type: str  # 出入院诊断类别
    maindiag_flag: str  # 主诊断标志
    diag_seq: Number  # 诊断序列号
    diag_time: str  # 诊断时间
    wm_diag_code: str  # 西医诊断编码
    wm_diag_name: str  # 西医诊断名称
    tcm_dise_code: NotRequired[str]  # 中医病名代码
    tcm_dise_name: NotRequired[str]  # 中医病名
    tcmsymp_code: NotRequired[str]  # 中医证候代码
    tcmsymp: NotRequired[str]  # 中医证候
    vali_flag: str  # 有效标志
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号


class Input4701Coursrinfo(TypedDict):
    """4701 电子病历上传: coursrinfo."""

    dept_code: str  # 科室代码
    dept_name: str  # 科室名称
    wardarea_name: str  # 病区名称
    bedno: str  # 病床号
    rcd_time: NotRequired[str]  # 记录日期时间
    chfcomp: str  # 主诉
    cas_ftur: str  # 病例特点
    tcm4d_rslt: NotRequired[str]  # 中医“四诊”观察结果
    dise_evid: str  # 诊断依据
    prel_wm_diag_code: str  # 初步诊断-西医诊断编码
    prel_wm_dise_name: str  # 初步诊断-西医诊断名称
    prel_tcm_diag_code: NotRequired[str]  # 初步诊断-中医病名代码
    prel_tcm_dise_name: NotRequired[str]  # 初步诊断-中医病名
    prel_tcmsymp_code: NotRequired[str]  # 初步诊断-中医证候代码
    prel_tcmsymp: NotRequired[str]  # 初步诊断-中医证候
    finl_wm_diag_code: str  # 鉴别诊断-西医诊断编码
    finl_wm_diag_name: str  # 鉴别诊断-西医诊断名称
    finl_tcm_dise_code: NotRequired[str]  # 鉴别诊断-中医病名代码
    finl_tcm_dise_name: NotRequired[str]  # 鉴别诊断-中医病名
    finl_tcmsymp_code: NotRequired[str]  # 鉴别诊断-中医证候代码
    finl_tcmsymp: NotRequired[str]  # 鉴别诊断-中医证候
    dise_plan: str  # 诊疗计划
    prnp_trt: NotRequired[str]  # 治则治法
    ipdr_code: str  # 住院医师编号
    ipdr_name: str  # 住院医师姓名
    prnt_doc_name: str  # 上级医师姓名
    vali_flag: str  # 有效标志
    codse_rcd_id: Number  # 病程记录编号
    prnt_doc_code: NotRequired[str]  # 上级医师编码


class Input4701Oprninfo(TypedDict):
    """4701 电子病历上传: oprninfo."""

    oprn_appy_id: str  # 手术申请单号
    oprn_seq: str  # 手术序列号
    blotype_abo: NotRequired[str]  # ABO血型代 码
    oprn_time: str  # 手术日期
    oprn_type_code: str  # 手术分类代码 参照国家卫生健康委发布最新编码标准
    oprn_type_name: NotRequired[str]  # 手术分类名称
    bfpn_diag_code: NotRequired[str]  # 术前诊断代码
    bfpn_oprn_diag_name: NotRequired[str]  # 术前诊断名称
    bfpn_inhosp_ifet: NotRequired[str]  # 术前是否发生院内感染
    afpn_diag_code: NotRequired[str]  # 术后诊断代码
    afpn_diag_name: NotRequired[str]  # 术后诊断名称
    sinc_heal_lv: str  # 手术切口愈合等级代码
    sinc_heal_lv_code: str  # 手术切口愈合等级
    back_oprn: NotRequired[str]  # 是否重返手术（明确定义）
    selv: NotRequired[str]  # 是否择期
    prev_abtl_medn: str  # 是否预防使用抗菌药物
    abtl_medn_days: NotRequired[str]  # 预防使用抗菌药物天数
    oprn_oprt_code: str  # 手术操作代码
    oprn_oprt_name: str  # 手术操作名称
    oprn_lv_code: NotRequired[str]  # 手术级别代码
    oprn_lv_name: NotRequired[str]  # 手术级别名称
    anst_mtd_code: NotRequired[str]  # 麻醉-方法代码
    anst_mtd_name: NotRequired[str]  # 麻醉-方法名称
    anst_lv_code: NotRequired[str]  # 麻醉分级代码
    anst_lv_name: NotRequired[str]  # 麻醉分级名称
    exe_anst_dept_code: NotRequired[str]  # 麻醉执行科室代码
    exe_anst_dept_name: NotRequired[str]  # 麻醉执行科室名称
    anst_efft: NotRequired[str]  # 麻醉效果
    oprn_begntime: str  # 手术开始时间
    oprn_endtime: str  # 手术结束时间
    oprn_asps: NotRequired[str]  # 是否无菌手术
    oprn_asps_ifet: NotRequired[str]  # 无菌手术是否感染
    afpn_info: NotRequired[str]  # 手术后情况
    oprn_merg: NotRequired[str]  # 是否手术合并症
    oprn_conc: NotRequired[str]  # 是否手术并发症
    oprn_anst_dept_code: NotRequired[str]  # 手术执行科室代码
    oprn_anst_dept_name: NotRequired[str]  # 手术执行科室名称
    palg_dise: NotRequired[str]  # 病理检查
    oth_med_dspo: NotRequired[str]  # 其他医学处置
    out_std_oprn_time: NotRequired[str]  # 是否超出标准手术时间
    oprn_oper_name: NotRequired[str]  # 手术者姓名
    oprn_asit_name1: NotRequired[str]  # 助手I姓名
    oprn_asit_name2: NotRequired[str]  # 助手Ⅱ姓名
    anst_dr_name: NotRequired[str]  # 麻醉医师姓名
    anst_asa_lv_code: NotRequired[str]  # 麻醉ASA分级代码
    anst_asa_lv_name: NotRequired[str]  # 麻醉ASA分级名称
    anst_medn_code: NotRequired[str]  # 麻醉药物代码 参照国家卫生健康委下发的麻醉 ASA分级代码
    anst_medn_name: NotRequired[str]  # 麻醉药物名称
    anst_medn_dos: NotRequired[str]  # 麻醉药物剂量
    anst_dosunt: NotRequired[str]  # 计量单位
    anst_begntime: NotRequired[str]  # 麻醉开始时间
    anst_endtime: NotRequired[str]  # 麻醉结束时间
    anst_merg_symp_code: NotRequired[str]  # 麻醉合并症代码 参照国家卫生健康委下发的麻醉合并症代码
    anst_merg_symp: NotRequired[str]  # 麻醉合并症名称
    anst_merg_symp_dscr: NotRequired[str]  # 麻醉合并症描述
    pacu_begntime: NotRequired[str]  # 入复苏室时间
    pacu_endtime: NotRequired[str]  # 出复苏室时间
    oprn_selv: NotRequired[str]  # 是否择期手术
    canc_oprn: NotRequired[str]  # 是否择取消手术
    vali_flag: str  # 有效标志
    oprn_prcs_rcd: NotRequired[str]  # 手术经过记录
    oprn_oper_code: NotRequired[str]  # 手术者代码
    oprn_asit_code1: NotRequired[str]  # 助手I代码
    oprn_asit_code2: NotRequired[str]  # 助手Ⅱ代码
    anst_dr_code: NotRequired[str]  # 麻醉医师代码


class Input4701Rescinfo(TypedDict):
    """4701 电子病历上传: rescinfo."""

    dept: str  # 科室代码
    dept_name: str  # 科室名称
    wardarea_name: str  # 病区名称
    bedno: str  # 病床号
    diag_name: str  # 诊断名称
    diag_code: str  # 诊断代码
    cond_chg: str  # 病情变化情况
    resc_mes: str  # 抢救措施
    oprn_oprt_code: str  # 手术操作代码
    oprn_oprt_name: str  # 手术操作名称
    oprn_oper_part: str  # 手术及操作目标部位名称
    itvt_name: str  # 介入物名称
    oprt_mtd: str  # 操作方法
    oprt_cnt: Number  # 操作次数
    resc_begntime: str  # 抢救开始日期时间
    resc_endtime: str  # 抢救结束日期时间
    dise_item_name: str  # 检查/检验项目名称
    dise_ccls: str  # 检查/检验结果
    dise_ccls_qunt: Number  # 检查/检验定量结果
    dise_ccls_code: str  # 检查/检验结果代码
    mnan: str  # 注意事项
    resc_psn_list: str  # 参加抢救人员名单
    proftechttl_code: str  # 专业技术职务类别代码
    doc_code: str  # 医师编号
    dr_name: str  # 医师姓名
    vali_flag: str  # 有效标志
    resc_id: Number  # 抢救记录编号


class Input4701Dieinfo(TypedDict):
    """4701 电子病历上传: dieinfo."""

    dept: str  # 科室代码
    dept_name: str  # 科室名称
    wardarea_name: str  # 病区名称
    bedno: str  # 病床号
    adm_time: str  # 入院时间
    adm_dise: str  # 入院诊断编码
    adm_info: str  # 入院情况
    trt_proc_dscr: str  # 诊疗过程描述
    die_time: str  # 死亡时间
    die_drt_rea: str  # 直接死亡原因名称
    die_drt_rea_code: str  # 直接死亡原因编码
    die_dise_name: str  # 死亡诊断名称
    die_diag_code: str  # 死亡诊断编码
    agre_corp_dset: str  # 家属是否同意尸体解剖标志
    ipdr_name: str  # 住院医师姓名
    chfpdr_code: str  # 主诊医师代码
    chfpdr_name: str  # 主诊医师姓名
    chfdr_name: str  # 主任医师姓名
    sign_time: str  # 签字日期时间
    vali_flag: str  # 有效标志
    ipdr_code: NotRequired[str]  # 住院医师代码
    chfdr_code: NotRequired[str]  # 主任医师代码


class Input4701Dscginfo(TypedDict):
    """4701 电子病历上传: dscginfo."""

    dscg_date: NotRequired[str]  # 出院日期
    adm_diag_dscr: NotRequired[str]  # 入院诊断描述
    dscg_dise_dscr: NotRequired[str]  # 出院诊断
    adm_info: NotRequired[str]  # 入院情况
    trt_proc_rslt_dscr: NotRequired[str]  # 诊治经过及结果（含手术日期名称及结果）
    dscg_info: NotRequired[str]  # 出院情况（含治疗效果）
    dscg_drord: NotRequired[str]  # 出院医嘱
    caty: NotRequired[str]  # 科别
    rec_doc: NotRequired[str]  # 记录医师
    main_drug_name: NotRequired[str]  # 主要药品名称
    oth_imp_info: NotRequired[str]  # 其他重要信息
    vali_flag: str  # 有效标志


class Input4701(TypedDict):
    """4701 电子病历上传: Input4701."""

    adminfo: Input4701Adminfo
    diseinfo: list[Input4701Diseinfo]
    coursrinfo: NotRequired[list[Input4701Coursrinfo]]
    oprninfo: NotRequired[list[Input4701Oprninfo]]
    rescinfo: NotRequired[list[Input4701Rescinfo]]
    dieinfo: NotRequired[Input4701Dieinfo]
    dscginfo: NotRequired[Input4701Dscginfo]


class Output4701(TypedDict):
    """4701 电子病历上传: nothing."""


T4701: Pair[Input4701, Output4701] = Pair("4701")
"""4701 电子病历上传."""
