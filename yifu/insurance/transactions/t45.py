"""Transactions 45xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4501Examinfo(TypedDict):
    """4501 临床检查报告记录: examinfo."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    appy_doc_name: NotRequired[str]  # 申请单据名称
    rpotc_no: NotRequired[str]  # 报告单号
    rpotc_type_code: NotRequired[str]  # 报告单类别代码
    exam_rpotc_name: NotRequired[str]  # 检查报告单名称
    exam_date: NotRequired[str]  # 检查日期
    rpt_date: NotRequired[str]  # 报告日期
    cma_date: NotRequired[str]  # 送检日期
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称
    exam_type_code: NotRequired[str]  # 检查类别代码
    exam_item_code: NotRequired[str]  # 检查-项目代码
    exam_type_name: NotRequired[str]  # 检查-类别名称
    exam_item_name: NotRequired[str]  # 检查-项目名称
    inhosp_exam_item_code: NotRequired[str]  # 院内检查-项目代码
    inhosp_exam_item_name: NotRequired[str]  # 院内检查-项目名称
    exam_part: NotRequired[str]  # 检查部位
    exam_rslt_poit_flag: NotRequired[str]  # 检查结果阳性标志
    exam_rslt_abn: NotRequired[str]  # 检查 / 检验结果异常标志
    exam_ccls: NotRequired[str]  # 检查结论
    appy_org_name: NotRequired[str]  # 申请机构名称
    appy_dept_code: NotRequired[str]  # 申请科室代码
    exam_dept_code: NotRequired[str]  # 检查科室代码
    ipt_dept_code: NotRequired[str]  # 住院科室代码
    ipt_dept_name: NotRequired[str]  # 住院科室名称
    bilg_dr_codg: NotRequired[str]  # 开单医生代码
    bilg_dr_name: NotRequired[str]  # 开单医生姓名
    exe_org_name: NotRequired[str]  # 执行机构名称
    vali_flag: str  # 有效标志


class Input4501Iteminfo(TypedDict):
    """4501 临床检查报告记录: iteminfo."""

    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    exam_item_code: NotRequired[str]  # 检查-项目代码
    exam_item_name: NotRequired[str]  # 检查-项目名称
    inhosp_exam_item_code: NotRequired[str]  # 院内检查-项目代码
    inhosp_exam_item_name: NotRequired[str]  # 院内检查-项目名称
    exam_charge: NotRequired[Number]  # 检查费用


class Input4501Sampleinfo(TypedDict):
    """4501 临床检查报告记录: sampleinfo."""

    rpotc_no: NotRequired[str]  # 报告单号
    appy_no: NotRequired[str]  # 申请单号
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称


class Input4501Imageinfo(TypedDict):
    """4501 临床检查报告记录: imageinfo."""

    rpotc_no: str  # 报告单号
    study_uid: str  # 全局唯一号
    patient_id: NotRequired[str]  # 检查号
    patient_name: NotRequired[str]  # 患者姓名
    acession_no: NotRequired[str]  # 图像流水号
    study_time: NotRequired[str]  # 检查时间
    modality: NotRequired[str]  # 检查类型
    store_path: NotRequired[str]  # 存储路径
    series_count: NotRequired[Number]  # 序列数量
    image_count: NotRequired[Number]  # 图像数量


class Input4501(TypedDict):
    """4501 临床检查报告记录: Input4501."""

    examinfo: Input4501Examinfo
    iteminfo: NotRequired[list[Input4501Iteminfo]]
    sampleinfo: NotRequired[list[Input4501Sampleinfo]]
    imageinfo: NotRequired[list[Input4501Imageinfo]]


class Output4501(TypedDict):
    """4501 临床检查报告记录: nothing."""


T4501: Pair[Input4501, Output4501] = Pair("4501")
"""4501 临床检查报告记录."""


class Input4502Labinfo(TypedDict):
    """4502 临床检验报告记录: labinfo."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    appy_org_code: NotRequired[str]  # 申请机构代码
    appy_org_name: NotRequired[str]  # 申请机构名称
    bilg_dr_codg: NotRequired[str]  # 开单医生代码
    bilg_dr_name: NotRequired[str]  # 开单医生姓名
    exam_org_code: NotRequired[str]  # 检验机构代码
    exam_org_name: NotRequired[str]  # 检验机构名称
    appy_dept_code: NotRequired[str]  # 申请科室代码
    exam_dept_code: NotRequired[str]  # 检查科室代码
    exam_mtd: NotRequired[str]  # 检验方法
    rpotc_no: NotRequired[str]  # 报告单号
    exam_item_code: NotRequired[str]  # 检验 - 项目代码
    exam_item_name: NotRequired[str]  # 检验 - 项目名称
    inhosp_exam_item_code: NotRequired[str]  # 院内检验-项目代码
    inhosp_exam_item_name: NotRequired[str]  # 院内检验-项目名称
    rpt_date: NotRequired[str]  # 报告日期
    rpot_doc: NotRequired[str]  # 报告医师
    exam_charge: NotRequired[Number]  # 检查费用
    vali_flag: str  # 有效标志


class Input4502Iteminfo(TypedDict):
    """4502 临床检验报告记录: iteminfo."""

    rpotc_no: NotRequired[str]  # 报告单号
    appy_no: NotRequired[str]  # 申请单号
    exam_mtd: NotRequired[str]  # 检验方法
    ref_val: NotRequired[str]  # 参考值
    exam_unt: NotRequired[str]  # 检验-计量单位
    exam_rslt_val: NotRequired[Number]  # 检验-结果(数值)
    exam_rslt_dicm: NotRequired[str]  # 检验 - 结果(定性)
    exam_item_detl_code: NotRequired[str]  # 检验 - 项目明细代码
    exam_item_detl_name: NotRequired[str]  # 检验 - 项目明细名称
    exam_rslt_abn: NotRequired[str]  # 检查 / 检验结果异常标识


class Input4502Sampleinfo(TypedDict):
    """4502 临床检验报告记录: sampleinfo."""

    rpotc_no: NotRequired[str]  # 报告单号
    appy_no: NotRequired[str]  # 申请单号
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称


class Input4502(TypedDict):
    """4502 临床检验报告记录: Input4502."""

    labinfo: Input4502Labinfo
    iteminfo: list[Input4502Iteminfo]
    sampleinfo: NotRequired[list[Input4502Sampleinfo]]


class Output4502(TypedDict):
    """4502 临床检验报告记录: nothing."""


T4502: Pair[Input4502, Output4502] = Pair("4502")
"""4502 临床检验报告记录."""


class Input4503Data(TypedDict):
    """4503 细菌培养报告记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    germ_code: NotRequired[str]  # 细菌代号
    germ_name: NotRequired[str]  # 细菌名称
    coly_cntg: NotRequired[str]  # 菌落计数
    clte_medm: NotRequired[str]  # 培养基
    clte_time: NotRequired[str]  # 培养时间
    clte_cond: NotRequired[str]  # 培养条件
    exam_rslt: NotRequired[str]  # 检验结果
    fnd_way: NotRequired[str]  # 发现方式
    exam_org_name: NotRequired[str]  # 检验机构名称
    vali_flag: str  # 有效标志


class Input4503(TypedDict):
    """4503 细菌培养报告记录: Input4503."""

    data: list[Input4503Data]


class Output4503(TypedDict):
    """4503 细菌培养报告记录: nothing."""


T4503: Pair[Input4503, Output4503] = Pair("4503")
"""4503 细菌培养报告记录."""


class Input4504Data(TypedDict):
    """4504 药敏记录报告记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    germ_code: NotRequired[str]  # 细菌代号
    germ_name: NotRequired[str]  # 细菌名称
    sstb_code: NotRequired[str]  # 药敏代码
    sstb_name: NotRequired[str]  # 药敏名称
    reta_rslt_code: NotRequired[str]  # 抗药结果代码
    reta_rslt_name: NotRequired[str]  # 抗药结果
    ref_val: NotRequired[str]  # 参考值
    exam_mtd: NotRequired[str]  # 检验方法
    exam_rslt: NotRequired[str]  # 检验结果
    exam_org_name: NotRequired[str]  # 检验机构名称
    vali_flag: str  # 有效标志


class Input4504(TypedDict):
    """4504 药敏记录报告记录: Input4504."""

    data: list[Input4504Data]


class Output4504(TypedDict):
    """4504 药敏记录报告记录: nothing."""


T4504: Pair[Input4504, Output4504] = Pair("4504")
"""4504 药敏记录报告记录."""


class Input4505Data(TypedDict):
    """4505 病理检查报告记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    palg_no: str  # 病理号
    frez_no: str  # 冰冻号
    cma_date: str  # 送检日期
    rpt_date: str  # 报告日期
    cma_matl: str  # 送检材料
    clnc_diag: str  # 临床诊断
    exam_fnd: str  # 检查所见
    sabc: str  # 免疫组化
    palg_diag: str  # 病理诊断
    rpot_doc: str  # 报告医师
    vali_flag: str  # 有效标志


class Input4505(TypedDict):
    """4505 病理检查报告记录: Input4505."""

    data: Input4505Data


class Output4505(TypedDict):
    """4505 病理检查报告记录: nothing."""


T4505: Pair[Input4505, Output4505] = Pair("4505")
"""4505 病理检查报告记录."""


class Input4506Data(TypedDict):
    """4506 非结构化报告记录: data."""

    mdtrt_sn: str  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    otp_ipt_flag: str  # 门诊/住院标志
    exam_test_flag: str  # 检查/检验标志
    appy_no: str  # 申请号
    file_name: str  # 文件名
    file_formate: NotRequired[str]  # 文件格式类型
    exam_test_rpot: str  # 检查/检验报告
    vali_flag: str  # 有效标志


class Input4506(TypedDict):
    """4506 非结构化报告记录: Input4506."""

    data: Input4506Data


class Output4506(TypedDict):
    """4506 非结构化报告记录: nothing."""


T4506: Pair[Input4506, Output4506] = Pair("4506")
"""4506 非结构化报告记录."""


class Input4507(TypedDict):
    """4507 临床检查报告记录查询: Input."""

    psn_no: str  # 人员编号
    fixmedins_code: NotRequired[str]  # 医疗机构代码
    exam_item_code: NotRequired[str]  # 检查-项目代码
    exam_item_name: NotRequired[str]  # 检查-项目名称
    exe_org_name: NotRequired[str]  # 执行机构名称
    pageSize: Number  # 每页显示数
    pageNum: Number  # 当前页数


class Output4507Examinfo(TypedDict):
    """4507 临床检查报告记录查询: examinfo."""

    fixmedins_code: str  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    mdtrt_sn: NotRequired[str]  # 就医流水号
    mdtrt_id: NotRequired[str]  # 报就诊ID
    psn_no: str  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    appy_doc_name: NotRequired[str]  # 申请单据名称
    rpotc_no: NotRequired[str]  # 报告单号
    rpotc_type_code: NotRequired[str]  # 报告单类别
    exam_rpotc_name: NotRequired[str]  # 检查报告单名称
    exam_date: NotRequired[str]  # 检查日期
    rpt_date: NotRequired[str]  # 报告日期
    cma_date: NotRequired[str]  # 送检日期
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称
    exam_type_code: NotRequired[str]  # 检查类别代码
    exam_item_code: NotRequired[str]  # 检查项目代码
    exam_type_name: NotRequired[str]  # 检查类别名称
    exam_item_name: NotRequired[str]  # 检查项目名称
    inhosp_exam_item_code: NotRequired[str]  # 院内检查项目代码
    inhosp_exam_item_name: NotRequired[str]  # 院内检查项目名称
    examPart: NotRequired[str]  # 检查部位
    exam_rslt_poit_flag: NotRequired[str]  # 检查结果阳性标志
    exam_rslt_abn: NotRequired[str]  # 检查结果异常标志
    exam_ccls: NotRequired[str]  # 检查结论
    appy_org_name: NotRequired[str]  # 申请机构名称
    appy_dept_code: NotRequired[str]  # 申请科室代码
    exam_dept_code: NotRequired[str]  # 检查科室代码
    ipt_dept_code: NotRequired[str]  # 住院科室代码
    ipt_dept_name: NotRequired[str]  # 住院科室名称
    bilg_dr_codg: NotRequired[str]  # 开单医生代码
    bilg_dr_name: NotRequired[str]  # 开单医生姓名
    exe_org_name: NotRequired[str]  # 执行机构名称
    vali_flag: NotRequired[str]  # 有效标志
    psn_name: NotRequired[str]  # 姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    cert_no: NotRequired[str]  # 证件号码


class Output4507Iteminfo(TypedDict):
    """4507 临床检查报告记录查询: iteminfo."""

    fixmedins_code: NotRequired[str]  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    exam_item_code: NotRequired[str]  # 检查项目代码
    exam_item_name: NotRequired[str]  # 检查项目名称
    inhosp_exam_item_name: NotRequired[str]  # 院内检查项目名称
    exam_charge: NotRequired[Number]  # 检查费用
    inhosp_exam_item_code: NotRequired[str]  # 院内检查项目代码


class Output4507Imageinfo(TypedDict):
    """4507 临床检查报告记录查询: imageinfo."""

    fixmedins_code: str  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    study_uid: NotRequired[str]  # 全局唯一号
    rpotc_no: NotRequired[str]  # 报告单号
    patient_name: NotRequired[str]  # 患者姓名
    acession_no: NotRequired[str]  # 图像流水号
    study_time: NotRequired[str]  # 检查时间
    patient_id: NotRequired[str]  # 检查号
    store_path: NotRequired[str]  # 存储路径
    series_count: NotRequired[Number]  # 序列数量
    image_count: NotRequired[Number]  # 图像数量
    modality: NotRequired[str]  # 检查类型


class Output4507Sampleinfo(TypedDict):
    """4507 临床检查报告记录查询: sampleinfo."""

    fixmedins_code: NotRequired[str]  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称


class Output4507Data(TypedDict):
    """4507 临床检查报告记录查询: data."""

    examinfo: Output4507Examinfo  # 检查报告信息
    iteminfo: NotRequired[list[Output4507Iteminfo]]  # 检查项目信息
    imageinfo: NotRequired[list[Output4507Imageinfo]]  # 检查图像信息
    sampleinfo: NotRequired[list[Output4507Sampleinfo]]  # 检查样本信息


class Output4507(TypedDict):
    """4507 临床检查报告记录查询: Output4507."""

    data: Output4507Data


T4507: Pair[Input4507, Output4507] = Pair("4507")
"""4507 临床检查报告记录查询."""


class Input4508(TypedDict):
    """4508 临床检验报告记录查询: Input."""

    psn_no: str  # 人员编号
    fixmedins_code: NotRequired[str]  # 医疗机构代码
    exam_item_code: NotRequired[str]  # 检查-项目代码
    exam_item_name: NotRequired[str]  # 检查-项目名称
    exam_org_code: NotRequired[str]  # 检验机构代码
    exam_org_name: NotRequired[str]  # 检验机构名称
    pageSize: Number  # 每页显示数
    pageNum: Number  # 当前页数


class Output4508Labinfo(TypedDict):
    """4508 临床检验报告记录查询: labinfo."""

    fixmedins_code: str  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    mdtrt_sn: NotRequired[str]  # 就医流水号
    mdtrt_id: NotRequired[str]  # 报就诊ID
    psn_no: str  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    appy_org_code: NotRequired[str]  # 申请机构代码
    appy_org_name: NotRequired[str]  # 申请机构名称
    bilg_dr_codg: NotRequired[str]  # 开单医生代码
    bilg_dr_name: NotRequired[str]  # 开单医生名称
    exam_org_code: NotRequired[str]  # 检查机构代码
    exam_org_name: NotRequired[str]  # 检查机构名称
    appy_dept_code: NotRequired[str]  # 申请科室代码
    exam_dept_code: NotRequired[str]  # 检查科室代码
    exam_mtd: NotRequired[str]  # 检验方法
    rpotc_no: NotRequired[str]  # 报告单号
    exam_item_code: NotRequired[str]  # 检查项目代码
    exam_item_name: NotRequired[str]  # 检查项目名称
    inhosp_exam_item_code: NotRequired[str]  # 院内检查项目代码
    inhosp_exam_item_name: NotRequired[str]  # 院内检查项目名称
    rpt_date: NotRequired[str]  # 报告日期
    rpot_doc: NotRequired[str]  # 报告医生
    exam_charge: NotRequired[Number]  # 检测费用
    vali_flag: NotRequired[str]  # 有效标志
    psn_name: NotRequired[str]  # 姓名
    psn_cert_type: NotRequired[str]  # 人员证件类型
    cert_no: NotRequired[str]  # 证件号码


class Output4508Iteminfo(TypedDict):
    """4508 临床检验报告记录查询: iteminfo."""

    fixmedins_code: NotRequired[str]  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    exam_mtd: NotRequired[str]  # 检验方法
    ref_val: NotRequired[str]  # 参考值
    exam_unt: NotRequired[str]  # 检验-计量单位
    exam_rslt_val: NotRequired[Number]  # 检验-结果（数值）
    exam_rslt_dicm: NotRequired[str]  # 检验-结果（定性）
    exam_item_detl_code: NotRequired[str]  # 检验-项目明细代码
    exam_item_detl_name: NotRequired[str]  # 检验-项目明细名称
    exam_rslt_abn: NotRequired[str]  # 检验结果异常标志


class Output4508Sampleinfo(TypedDict):
    """4508 临床检验报告记录查询: sampleinfo."""

    fixmedins_code: NotRequired[str]  # 医疗机构编码
    fixmedins_name: NotRequired[str]  # 医疗机构名称
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    sapl_date: NotRequired[str]  # 采样日期
    spcm_no: NotRequired[str]  # 标本号
    spcm_name: NotRequired[str]  # 标本名称


class Output4508Data(TypedDict):
    """4508 临床检验报告记录查询: data."""

    labinfo: Output4508Labinfo  # 检验报告信息
    iteminfo: NotRequired[list[Output4508Iteminfo]]  # 检验项目信息
    sampleinfo: NotRequired[list[Output4508Sampleinfo]]  # 检验样本信息


class Output4508(TypedDict):
    """4508 临床检验报告记录查询: Output4508."""

    data: Output4508Data


T4508: Pair[Input4508, Output4508] = Pair("4508")
"""4508 临床检验报告记录查询."""


class Input4509(TypedDict):
    """4509 细菌培养报告记录查询: Input."""

    psn_no: str  # 人员编号
    pageNum: Number  # 当前页数
    pageSize: Number  # 本页数据量
    exam_org_name: NotRequired[str]  # 检验机构名称
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    coly_code: NotRequired[str]  # 菌落代号
    coly_name: NotRequired[str]  # 菌落名称


class Output4509Data(TypedDict):
    """4509 细菌培养报告记录查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    mdtrt_sn: NotRequired[str]  # 就诊流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: str  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    coly_code: NotRequired[str]  # 菌落代号
    coly_name: NotRequired[str]  # 菌落名称
    coly_cntg: NotRequired[str]  # 菌落计数
    clte_medm: NotRequired[str]  # 培养基础材质
    clte_time: NotRequired[str]  # 培养时间
    clte_cond: NotRequired[str]  # 培养条件
    exam_Rslt: NotRequired[str]  # 检查结果
    fnd_way: NotRequired[str]  # 发现方式
    exam_org_name: NotRequired[str]  # 检验机构名称
    vali_flag: NotRequired[str]  # 有效标志
    poolarea_no: NotRequired[str]  # 统筹区编号
    rid: NotRequired[str]  # 数据唯一记录号
    updt_time: NotRequired[str]  # 数据更新时间
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: NotRequired[str]  # 数据创建时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称


class Output4509(TypedDict):
    """4509 细菌培养报告记录查询: Output4509."""

    data: list[Output4509Data]


T4509: Pair[Input4509, Output4509] = Pair("4509")
"""4509 细菌培养报告记录查询."""


class Input4510(TypedDict):
    """4510 药敏检查报告记录查询: Input."""

    psn_no: str  # 人员编号
    pageNum: Number  # 当前页数
    pageSize: Number  # 本页数据量
    sstb_code: NotRequired[str]  # 药敏代码
    sstb_name: NotRequired[str]  # 药敏名称
    exam_org_name: NotRequired[str]  # 检验机构名称
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    reta_rslt_code: NotRequired[str]  # 抗药结果代码
    reta_rslt_name: NotRequired[str]  # 抗药结果


class Output4510Data(TypedDict):
    """4510 药敏检查报告记录查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    mdtrt_sn: NotRequired[str]  # 就诊流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: str  # 人员编号
    appy_no: NotRequired[str]  # 申请单号
    rpotc_no: NotRequired[str]  # 报告单号
    coly_code: NotRequired[str]  # 菌落代号
    coly_name: NotRequired[str]  # 菌落名称
    sstb_code: NotRequired[str]  # 药敏代码
    sstb_name: NotRequired[str]  # 药敏名称
    reta_rslt_code: NotRequired[str]  # 抗药结果代码
    reta_rslt_name: NotRequired[str]  # 抗药结果
    ref_val: NotRequired[str]  # 参考值
    exam_mtd: NotRequired[str]  # 检验方法
    exam_rslt: NotRequired[str]  # 检查结果
    exam_org_name: NotRequired[str]  # 检验机构名称
    vali_flag: NotRequired[str]  # 有效标志
    poolarea_no: NotRequired[str]  # 统筹区编号
    rid: NotRequired[str]  # 数据唯一记录号
    updt_time: NotRequired[str]  # 数据更新时间
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: NotRequired[str]  # 数据创建时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称


class Output4510(TypedDict):
    """4510 药敏检查报告记录查询: Output4510."""

    data: list[Output4510Data]


T4510: Pair[Input4510, Output4510] = Pair("4510")
"""4510 药敏检查报告记录查询."""


class Input4511(TypedDict):
    """4511 病理检查报告记录查询: Input."""

    psn_no: str  # 人员编号
    pageNum: Number  # 当前页数
    pageSize: Number  # 本页数据量
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Output4511Data(TypedDict):
    """4511 病理检查报告记录查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    mdtrt_sn: NotRequired[str]  # 就诊流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: str  # 人员编号
    palg_no: NotRequired[str]  # 病理号
    frez_no: NotRequired[str]  # 冻结号
    cma_date: NotRequired[str]  # 送检日期
    rpt_date: NotRequired[str]  # 报告日期
    cma_matl: NotRequired[str]  # 送检材料
    clnc_diag: NotRequired[str]  # 临床诊断
    exam_fnd: NotRequired[str]  # 检查所见
    sabc: NotRequired[str]  # 免疫组化
    palg_diag: NotRequired[str]  # 病理诊断
    rpot_doc: NotRequired[str]  # 报告医师
    vali_flag: NotRequired[str]  # 有效标志
    poolarea_no: NotRequired[str]  # 统筹区编号
    rid: NotRequired[str]  # 数据唯一记录号
    updt_time: NotRequired[str]  # 数据更新时间
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: NotRequired[str]  # 数据创建时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号


class Output4511(TypedDict):
    """4511 病理检查报告记录查询: Output4511."""

    data: list[Output4511Data]


T4511: Pair[Input4511, Output4511] = Pair("4511")
"""4511 病理检查报告记录查询."""


class Input4512(TypedDict):
    """4512 非结构化报告记录查询: Input."""

    psn_no: str  # 人员编号
    pageNum: Number  # 当前页数
    pageSize: Number  # 本页数据量
    fixmedins_code: NotRequired[str]  # 定点医药机构编号


class Output4512Data(TypedDict):
    """4512 非结构化报告记录查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    fixmedins_name: NotRequired[str]  # 定点医药机构名称
    mdtrt_sn: NotRequired[str]  # 就医流水号
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: str  # 人员编号
    otp_ipt_flag: NotRequired[str]  # 门诊/住院标志
    exam_test_flag: NotRequired[str]  # 检查/检验标志
    appy_no: NotRequired[str]  # 申请号
    file_name: NotRequired[str]  # 文件名
    file_formate: NotRequired[str]  # 文件格式类型
    exam_test_rpot: NotRequired[str]  # 检查/检验报告
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    updt_time: NotRequired[str]  # 数据更新时间
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: NotRequired[str]  # 数据创建时间
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号


class Output4512(TypedDict):
    """4512 非结构化报告记录查询: Output4512."""

    data: list[Output4512Data]


T4512: Pair[Input4512, Output4512] = Pair("4512")
"""4512 非结构化报告记录查询."""
