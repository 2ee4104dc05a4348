"""Transactions 37xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Free, Number, Pair


class Input3701(TypedDict):
    """3701 审核申诉、扣款节点查询接口: Input."""

    startTime: str  # 开始时间
    endTime: str  # 结束时间
    medinsCodg: str  # 医药机构编码
    medinsName: str  # 医药机构名称
    currentPage: Number  # 当前页数
    pageSize: Number  # 每页显示数
    stage: str  # 查询节点参数


class Output3701DocSusptDetlRsltDTO(TypedDict):
    """3701 审核申诉、扣款节点查询接口: DocSusptDetlRsltDTO."""

    docId: str  # 单据id
    docSusptId: str  # 疑点id
    docSusptDetlId: NotRequired[str]  # 单据疑点明细ID
    rid: NotRequired[str]  # Rid
    taskId: NotRequired[str]  # 任务ID
    relDataType: NotRequired[str]  # 涉及数据类型
    relDetlDataId: NotRequired[str]  # 涉及明细数据ID
    cnfmVolaAmt: NotRequired[Number]  # 确认违规金额
    volaDetAmt: NotRequired[Number]  # 违规扣款金额
    chkDelFlag: NotRequired[str]  # 审核删除标志
    feedetlId: NotRequired[str]  # 处方ID
    hilistCode: NotRequired[str]  # 医保目录编码
    hilistName: NotRequired[str]  # 医保目录名称
    hilistLv: NotRequired[str]  # 医保目录等级
    hilistLvName: NotRequired[str]  # 医保目录等级名称
    medChrgitmType: NotRequired[str]  # 收费类别
    medChrgitmTypeName: NotRequired[str]  # 收费类别名称
    hilistDosform: NotRequired[str]  # 医保目录剂型
    hosplistCode: NotRequired[str]  # 医院目录编码
    hosplistName: NotRequired[str]  # 医院目录名称
    feeOcurTime: NotRequired[str]  # 费用发生时间
    cnt: NotRequired[Number]  # 数量
    pric: NotRequired[Number]  # 单价
    sumamt: NotRequired[Number]  # 总金额
    spec: NotRequired[str]  # 规格
    specUnt: NotRequired[str]  # 规格计量单位
    drordDrCodg: NotRequired[str]  # 医嘱医生编码
    drordDrName: NotRequired[str]  # 医嘱医生姓名
    crterId: NotRequired[str]  # 创建人
    crterName: NotRequired[str]  # 创建人姓名
    crteTime: NotRequired[str]  # 创建时间
    opterId: NotRequired[str]  # 经办人
    opterName: NotRequired[str]  # 经办人姓名
    optinsNo: NotRequired[str]  # 经办机构
    patnName: NotRequired[str]  # 患者名称
    medfeeSumamt: NotRequired[Number]  # 医疗费总额
    extendsParams: NotRequired[Free]  # 额外参数


class Output3701FsiDocSusptRsltDTO(TypedDict):
    """3701 审核申诉、扣款节点查询接口: FsiDocSusptRsltDTO."""

    docId: str  # 单据id
    docSusptId: str  # 疑点id
    rid: NotRequired[str]  # Rid
    taskId: NotRequired[str]  # 任务ID
    taskName: NotRequired[str]  # 任务名称
    poolareaNo: NotRequired[str]  # 统筹区代码
    combine: NotRequired[Number]  # 检出金额
    poolareaNoName: NotRequired[str]  # 统筹区名称
    admdvs: NotRequired[str]  # 行政区划
    admdvsName: NotRequired[str]  # 行政区划名称
    volaRsltId: NotRequired[str]  # 违规结果ID
    volaBhvrType: NotRequired[str]  # 违规分类
    volaBhvrTypeName: NotRequired[str]  # 违规分类名称
    volaCont: NotRequired[str]  # 违规内容
    volaDscr: NotRequired[str]  # 违规描述
    ruleId: NotRequired[str]  # 规则ID
    ruleCode: NotRequired[str]  # 规则代码
    ruleName: NotRequired[str]  # 规则名称
    ruleDefnType: NotRequired[str]  # 规则类别
    ruleDefnTypeName: NotRequired[str]  # 规则类别名称
    ruleSevDeg: NotRequired[str]  # 规则严重程度
    ruleSevDegName: NotRequired[str]  # 规则严重程度名称
    ruleLv: NotRequired[str]  # 规则等级
    ruleLvName: NotRequired[str]  # 规则等级名称
    volaQualCodg: NotRequired[str]  # 规则定性编码
    volaQualName: NotRequired[str]  # 规则定性名称
    checkoutTime: NotRequired[str]  # 检出时间
    checkoutSusptAmt: NotRequired[Number]  # 检出疑点金额
    chkVolaAmt: NotRequired[Number]  # 初审违规金额
    cnfmVolaAmt: NotRequired[Number]  # 确认违规金额
    volaDetAmt: NotRequired[Number]  # 违规扣款金额
    detRea: NotRequired[str]  # 扣款原因
    detTime: NotRequired[str]  # 扣款时间
    detFlag: NotRequired[str]  # 扣款标志
    detFlagName: NotRequired[str]  # 扣款标志名称
    appyRvisAmt: NotRequired[Number]  # 申请补差金额
    passRvisAmt: NotRequired[Number]  # 通过补差金额
    rvisAmt: NotRequired[Number]  # 补差金额
    Date: NotRequired[str]  # 补差时间
    rvisFlag: NotRequired[str]  # 补差标志
    rvisFlagName: NotRequired[str]  # 补差标志名称
    chker: NotRequired[str]  # 初审人
    chkerName: str  # 初审人名称
    chktime: NotRequired[str]  # 初审时间
    chkVolaFlag: NotRequired[str]  # 初审违规标志
    chkVolaFlagName: NotRequired[str]  # 初审违规标志名称
    chkOpnn: NotRequired[str]  # 初审意见
    chkVolaQualCodg: NotRequired[str]  # 初审违规定性编码
    chkVolaQualCodgName: NotRequired[str]  # 初审违规定性名称
    rchker: NotRequired[str]  # 复审人
    rchkerName: NotRequired[str]  # 复审人名称
    rchkTime: NotRequired[str]  # 复审时间
    rchkVolaFlag: NotRequired[str]  # 复审违规标志
    rchkVolaFlagName: NotRequired[str]  # 复审违规标志名称
    rchkOpnn: NotRequired[str]  # 复审意见
    rchkVolaQualCodg: NotRequired[str]  # 复审违规定性编码
    rchkVolaQualCodgName: NotRequired[str]  # 复审违规定性名称
    applFlag: NotRequired[str]  # 申诉标志
    applFlagName: NotRequired[str]  # 申诉标志名称
    appler: NotRequired[str]  # 申诉人
    applerName: NotRequired[str]  # 申诉人名称
    applAmt: NotRequired[Number]  # 申诉金额
    applRea: NotRequired[str]  # 申诉理由
    applTime: NotRequired[str]  # 申诉时间
    appyClglRea: NotRequired[str]  # 申请合议理由
    appyClglPsn: NotRequired[str]  # 申请合议人员
    appyClglPsnName: NotRequired[str]  # 申请合议人员名称
    appyClglTime: NotRequired[str]  # 申请合议时间
    clglFlag: NotRequired[str]  # 合议标志
    clglFlagName: NotRequired[str]  # 合议标志名称
    clglCcls: NotRequired[str]  # 合议结论
    chkProcrslt: NotRequired[str]  # 合议结果
    chkProcrsltName: NotRequired[str]  # 合议结果名称
    clglTime: NotRequired[str]  # 合议时间
    susptAddWay: NotRequired[str]  # 疑点添加方式
    susptAddWayName: NotRequired[str]  # 疑点添加方式名称
    susptStas: NotRequired[str]  # 疑点状态
    susptStasName: NotRequired[str]  # 疑点状态名称
    crtNodeId: NotRequired[str]  # 当前节点ID
    volaQualitative: NotRequired[str]  # 违规定性
    detailItem: NotRequired[str]  # 违规涉及项目
    number: NotRequired[Number]  # 统计分析统计数据时要用的字段
    appyClglFlag: NotRequired[str]  # 申请合议标志
    applUpldAttFlag: NotRequired[str]  # 申诉上传附件标志 1：为需要上传附件 0：不需要上传
    docStas: NotRequired[str]  # 单据状态
    finlChker: NotRequired[str]  # 最终审核人
    extendsParams: NotRequired[Free]  # 额外参数
    violationDetailIds: list[Output3701DocSusptDetlRsltDTO]  # 疑点明细


class Output3701FsiDocRsltDTO(TypedDict):
    """3701 审核申诉、扣款节点查询接口: FsiDocRsltDTO."""

    rid: str  # 唯一记录号
    docId: str  # 单据ID
    taskId: str  # 任务ID
    taskIds: NotRequired[str]  # 任务ID集合
    mdtrtsn: str  # 就诊号
    admdvs: NotRequired[str]  # 行政区划代码
    admdvsName: NotRequired[str]  # 行政区划名称
    poolareaNo: NotRequired[str]  # 统筹区代码
    poolareaName: NotRequired[str]  # 统筹区名称
    medinsId: NotRequired[str]  # 医疗机构ID
    medinsName: NotRequired[str]  # 医疗机构名称
    medinsAdmdvs: NotRequired[str]  # 医疗机构医保区划
    medinsAdmdvsName: NotRequired[str]  # 医疗机构医保区划名称
    medinsLv: NotRequired[str]  # 医疗机构等级
    medinsLvName: NotRequired[str]  # 医疗机构等级名称
    medinsType: NotRequired[str]  # 医疗机构类型
    medinsTypeName: NotRequired[str]  # 医疗机构类型名称
    patnId: NotRequired[str]  # 患者ID
    specUnt: NotRequired[str]  # 规格计量单位
    patnName: NotRequired[str]  # 患者姓名
    gend: NotRequired[str]  # 性别
    gendName: NotRequired[str]  # 性别名称
    patnIdcard: NotRequired[str]  # 患者身份证号
    patnSscno: NotRequired[str]  # 患者社保卡号
    medType: NotRequired[str]  # 医疗类别代码
    medTypeName: NotRequired[str]  # 医疗类别名称
    admTime: NotRequired[str]  # 入院时间
    dscgTime: NotRequired[str]  # 出院时间
    setlTime: NotRequired[str]  # 结算时间
    admDisediagCodg: NotRequired[str]  # 入院诊断疾病编码
    admDisediagName: NotRequired[str]  # 入院诊断疾病名称
    dscgMainDisediagCodg: NotRequired[str]  # 出院主诊断疾病编码
    dscgMainDisediagName: NotRequired[str]  # 出院主诊断疾病名称
    dscgDeptCodg: NotRequired[str]  # 出院科室编码
    dscgDeptName: NotRequired[str]  # 出院科室名称
    drCode: NotRequired[str]  # 医生编码
    applDdln: NotRequired[str]  # 申诉期限
    drName: NotRequired[str]  # 医生名称
    patnCertType: NotRequired[str]  # 患者证件类型
    insutype: NotRequired[str]  # 险种
    insutypeName: NotRequired[str]  # 险种名称
    extendsParams: NotRequired[Free]  # 额外参数
    docSusptDTOS: list[Output3701FsiDocSusptRsltDTO]  # 疑点集合


class Output3701PageResult(TypedDict):
    """3701 审核申诉、扣款节点查询接口: pageResult."""

    recordCounts: str  # 结果总数
    pageSize: str  # 每页显示数
    pageNum: str  # 当前页数
    data: list[Output3701FsiDocRsltDTO]  # 返回结果列表


class Output3701(TypedDict):
    """3701 审核申诉、扣款节点查询接口: Output3701."""

    pageResult: Output3701PageResult


T3701: Pair[Input3701, Output3701] = Pair("3701")
"""3701 审核申诉、扣款节点查询接口."""


class Input3702FsiApplDocSusptDTO(TypedDict):
    """3702 申诉提交: FsiApplDocSusptDTO."""

    docSusptId: str  # 疑点id
    applyFlag: str  # 申诉标识
    susptAmt: NotRequired[Number]  # 申诉金额
    attUploadId: NotRequired[str]  # 申诉材料id
    auditOpinion: NotRequired[str]  # 申诉原因


class Input3702FsiApplDocDTO(TypedDict):
    """3702 申诉提交: FsiApplDocDTO."""

    docId: str  # 单据id
    docSusptDTOS: list[Input3702FsiApplDocSusptDTO]  # 疑点集合


class Input3702(TypedDict):
    """3702 申诉提交: Input."""

    remark: NotRequired[str]  # 备注
    medinsName: str  # 医疗机构名称
    medinsCodg: str  # 医疗机构名称
    docs: list[Input3702FsiApplDocDTO]  # 单据集合


class Output3702FsiApplDocSusptResultDTO(TypedDict):
    """3702 申诉提交: FsiApplDocSusptResultDTO."""

    susptId: NotRequired[str]  # 疑点id
    susptCode: NotRequired[str]  # 疑点处理状态
    susptReason: NotRequired[str]  # 疑点失败原因


class Output3702Data(TypedDict):
    """3702 申诉提交: data."""

    docCode: NotRequired[str]  # 单据处理状态
    docId: NotRequired[str]  # 单据id
    docReason: NotRequired[str]  # 单据失败原因
    docsuspt: NotRequired[list[Output3702FsiApplDocSusptResultDTO]]  # 疑点集合


class Output3702(TypedDict):
    """3702 申诉提交: Output3702."""

    data: NotRequired[list[Output3702Data]]


T3702: Pair[Input3702, Output3702] = Pair("3702")
"""3702 申诉提交."""


class Input3703FsiApplDocSusptDTO(TypedDict):
    """3703 申请合议提交: FsiApplDocSusptDTO."""

    docSusptId: str  # 疑点id
    applyFlag: str  # 申诉标识
    susptAmt: NotRequired[Number]  # 申诉金额
    attUploadId: NotRequired[str]  # 申诉材料id
    auditOpinion: NotRequired[str]  # 申诉原因


class Input3703FsiApplDocDTO(TypedDict):
    """3703 申请合议提交: FsiApplDocDTO."""

    docId: str  # 单据id
    docSusptDTOS: list[Input3703FsiApplDocSusptDTO]  # 疑点集合


class Input3703(TypedDict):
    """3703 申请合议提交: Input."""

    remark: NotRequired[str]  # 备注
    medinsName: str  # 医疗机构名称
    medinsCodg: str  # 医疗机构名称
    docs: list[Input3703FsiApplDocDTO]  # 单据集合


class Output3703FsiApplDocSusptResultDTO(TypedDict):
    """3703 申请合议提交: FsiApplDocSusptResultDTO."""

    susptId: NotRequired[str]  # 疑点id
    susptCode: NotRequired[str]  # 疑点处理状态
    susptReason: NotRequired[str]  # 疑点失败原因


class Output3703Data(TypedDict):
    """3703 申请合议提交: data."""

    docCode: NotRequired[str]  # 单据处理状态
    docId: NotRequired[str]  # 单据id
    docReason: NotRequired[str]  # 单据失败原因
    docsuspt: NotRequired[list[Output3703FsiApplDocSusptResultDTO]]  # 疑点集合


class Output3703(TypedDict):
    """3703 申请合议提交: Output3703."""

    data: NotRequired[list[Output3703Data]]


T3703: Pair[Input3703, Output3703] = Pair("3703")
"""3703 申请合议提交."""


class Input3704FsiAppealFileDTO(TypedDict):
    """3704 附件上传: FsiAppealFileDTO."""

    name: str  # 附件名称
    bytes: bytes  # 附件字节


class Input3704(TypedDict):
    """3704 附件上传: Input."""

    attUploadId: NotRequired[str]  # 附件id
    fsiAppealFileDTOList: list[Input3704FsiAppealFileDTO]  # 附件集合


class Output3704Data(TypedDict):
    """3704 附件上传: data."""

    attUploadId: str  # 附件ID


class Output3704(TypedDict):
    """3704 附件上传: Output3704."""

    data: list[Output3704Data]


T3704: Pair[Input3704, Output3704] = Pair("3704")
"""3704 附件上传."""
