"""Transactions 71xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Free, Number, Pair


class Input7101Data(TypedDict):
    """7101 电子处方上传预核验: data."""

    mdtrtCertType: str  # 就诊凭证类型
    mdtrtCertNo: NotRequired[str]  # 就诊凭证编号
    cardSn: NotRequired[str]  # 卡识别码
    bizTypeCode: str  # 业务类型代码
    rxExraAttrCode: NotRequired[str]  # 处方附加属性代码
    ecToken: NotRequired[str]  # 电子凭证令牌
    authNo: NotRequired[str]  # 电子凭证线上身份核验流水号
    insuPlcNo: NotRequired[str]  # 参保地编号
    mdtrtareaNo: NotRequired[str]  # 就医地编号
    hospRxno: str  # 定点医疗机构处方编号
    initRxno: NotRequired[str]  # 续方的原处方编号
    rxTypeCode: str  # 处方类别代码
    prscTime: str  # 开方时间
    rxDrugCnt: Number  # 药品类目数（剂数）
    rxUsedWayCodg: NotRequired[str]  # 处方整剂用法编号
    rxUsedWayName: NotRequired[str]  # 处方整剂用法名称
    rxFrquCodg: NotRequired[str]  # 处方整剂频次编号
    rxFrquName: NotRequired[str]  # 处方整剂频次名称
    rxDosunt: NotRequired[str]  # 处方整剂剂量单位
    rxDoscnt: NotRequired[Number]  # 处方整剂单次剂量数
    rxDrordDscr: NotRequired[str]  # 处方整剂医嘱说明
    valiDays: Number  # 处方有效天数
    valiEndTime: str  # 有效截止时间
    reptFlag: NotRequired[str]  # 复用（多次）使用标志
    maxReptCnt: NotRequired[Number]  # 最大使用次数
    minInrvDays: NotRequired[Number]  # 使用最小间隔（天数）
    rxCotnFlag: str  # 续方标志
    longRxFlag: NotRequired[str]  # 长期处方标志


class Input7101Rxdrugdetail(TypedDict):
    """7101 电子处方上传预核验: rxdrugdetail."""

    medListCodg: str  # 医疗目录编码
    fixmedinsHilistId: NotRequired[str]  # 定点医药机构目录编号
    hospPrepFlag: NotRequired[str]  # 医疗机构制剂标志
    rxItemTypeCode: str  # 处方项目分类代码
    rxItemTypeName: NotRequired[str]  # 处方项目分类名称
    tcmdrugTypeCode: NotRequired[str]  # 中药类别代码
    tcmdrugTypeName: NotRequired[str]  # 中药类别名称
    tcmherbFoote: NotRequired[str]  # 草药脚注
    mednTypeCode: NotRequired[str]  # 药物类型代码
    mednTypeName: NotRequired[str]  # 药物类型
    mainMedcFlag: NotRequired[str]  # 主要用药标志
    urgtFlag: NotRequired[str]  # 加急标志
    basMednFlag: NotRequired[str]  # 基本药物标志
    impDrugFlag: NotRequired[str]  # 是否进口药品
    otcFlag: NotRequired[str]  # 是否OTC药品
    drugGenname: str  # 药品通用名
    drugDosform: str  # 药品剂型
    drugSpec: str  # 药品规格
    drugProdname: NotRequired[str]  # 药品商品名
    prdrName: NotRequired[str]  # 生厂厂家
    medcWayCodg: str  # 用药途径代码
    medcWayDscr: NotRequired[str]  # 用药途径描述
    medcBegntime: str  # 用药开始时间
    medcEndtime: str  # 用药结束时间
    medcDays: Number  # 用药天数
    sinDosunt: NotRequired[str]  # 单次剂量单位 （即开方单位或剂量单位，如“mg“）
    sinDoscnt: NotRequired[Number]  # 单次用量
    usedFrquCodg: str  # 使用频次编码
    usedFrquName: NotRequired[str]  # 使用频次名称
    drugDosunt: str  # 药品总用药量单位（即发药计价单位，取药或处方流转时药品医保结算使用的单位；如“片“或”盒“）
    drugCnt: Number  # 药品总用药量 （取药或处方流转时药品医保结算使用的数量）
    drugPric: NotRequired[Number]  # 药品单价
    drugSumamt: NotRequired[Number]  # 药品总金额
    hospApprFlag: str  # 医院审批标志
    selfPayRea: NotRequired[str]  # 自费原因类型
    realDscr: NotRequired[str]  # 自费原因描述
    extras: NotRequired[Free]  # 扩展数据


class Input7101Mdtrtinfo(TypedDict):
    """7101 电子处方上传预核验: mdtrtinfo."""

    fixmedinsName: str  # 定点医疗机构名称
    fixmedinsCode: str  # 定点医疗机构编号
    mdtrtId: str  # 医保就诊ID
    medType: str  # 医疗类别
    iptOtpNo: str  # 住院/门诊号
    otpIptFlag: NotRequired[str]  # 门诊住院标识
    psnNo: str  # 医保人员编号
    patnName: str  # 患者姓名
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码
    patnAge: Number  # 年龄
    patnHgt: NotRequired[Number]  # 患者身高
    patnWt: NotRequired[Number]  # 患者体重
    gend: str  # 性别
    birctrlType: NotRequired[str]  # 计划生育手术类别
    birctrlMatnDate: NotRequired[str]  # 计划生育手术或生育日期
    matnType: NotRequired[str]  # 生育类别
    gesoVal: NotRequired[Number]  # 妊娠(孕周)
    nwbFlag: NotRequired[str]  # 新生儿标志
    nwbAge: NotRequired[str]  # 新生儿日、月龄
    suckPrdFlag: NotRequired[Number]  # 哺乳期标志
    algsHis: NotRequired[str]  # 过敏史
    prscDeptName: str  # 开方科室名称
    prscDeptCode: str  # 开方科室编号
    drCode: str  # 开方医保医师代码
    prscDrName: str  # 开方医师姓名
    prscDrCertType: NotRequired[str]  # 开方医师证件类型
    prscDrCertno: NotRequired[str]  # 开方医师证件号码
    drProfttlCodg: str  # 医生职称编码
    drProfttlName: str  # 医生职称名称
    drDeptCode: str  # 医生科室编码
    drDeptName: str  # 医生科室名称
    caty: NotRequired[str]  # 科别
    mdtrtTime: str  # 就诊时间
    diseCodg: NotRequired[str]  # 病种编码
    diseName: NotRequired[str]  # 病种名称
    spDiseFlag: str  # 特殊病种标志
    maindiagCode: str  # 主诊断代码
    maindiagName: str  # 主诊断名称
    diseCondDscr: NotRequired[str]  # 疾病病情描述
    hiFeesetlType: NotRequired[str]  # 医保费用结算类型
    hiFeesetlName: NotRequired[str]  # 医保费用类别名称
    rgstFee: NotRequired[Number]  # 挂号费
    medfeeSumamt: NotRequired[Number]  # 医疗费总额
    fstdiagFlag: NotRequired[str]  # 是否初诊
    extras: NotRequired[Free]  # 扩展数据


class Input7101Diseinfo(TypedDict):
    """7101 电子处方上传预核验: diseinfo."""

    diagType: str  # 诊断类别
    maindiagFlag: str  # 主诊断标志
    diagSrtNo: Number  # 诊断排序号
    diagCode: str  # 诊断代码
    diagName: str  # 诊断名称
    diagDept: str  # 诊断科室
    diagDeptCode: NotRequired[str]  # 诊断科室代码
    diagDrNo: str  # 诊断医生编码
    diagDrName: str  # 诊断医生姓名
    diagTime: str  # 诊断时间
    tcmDiseCode: NotRequired[str]  # 中医病名代码
    tcmDiseName: NotRequired[str]  # 中医病名
    tcmsympCode: NotRequired[str]  # 中医证候代码
    tcmsymp: NotRequired[str]  # 中医证候


class Input7101(TypedDict):
    """7101 电子处方上传预核验: Input7101."""

    data: Input7101Data
    rxdrugdetail: list[Input7101Rxdrugdetail]
    mdtrtinfo: Input7101Mdtrtinfo
    diseinfo: list[Input7101Diseinfo]


class Output7101Data(TypedDict):
    """7101 电子处方上传预核验: data."""

    rxTraceCode: str  # 处方追溯码
    hiRxno: str  # 医保处方编号


class Output7101(TypedDict):
    """7101 电子处方上传预核验: Output7101."""

    data: Output7101Data


T7101: Pair[Input7101, Output7101] = Pair("7101")
"""7101 电子处方上传预核验."""


class Input7102Data(TypedDict):
    """7102 电子处方医保电子签名: data."""

    fixmedinsCode: str  # 定点机构代码
    originalValue: str  # 原始待签名处方信息
    originalRxFile: str  # 原始待签名处方文件
    extras: NotRequired[Free]  # 扩展字段


class Input7102(TypedDict):
    """7102 电子处方医保电子签名: Input7102."""

    data: Input7102Data


class Output7102Data(TypedDict):
    """7102 电子处方医保电子签名: data."""

    rxFile: str  # 处方文件
    signDigest: str  # 签名/章摘要值
    signCertSn: str  # 签名机构证书SN
    signCertDn: str  # 签名机构证书DN


class Output7102(TypedDict):
    """7102 电子处方医保电子签名: Output7102."""

    data: Output7102Data


T7102: Pair[Input7102, Output7102] = Pair("7102")
"""7102 电子处方医保电子签名."""


class Input7103Data(TypedDict):
    """7103 电子处方上传: data."""

    rxTraceCode: str  # 处方追溯码
    hiRxno: str  # 医保处方编号
    mdtrtId: str  # 医保就诊ID
    patnName: str  # 患者姓名
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码
    fixmedinsName: str  # 定点医疗机构名称
    fixmedinsCode: str  # 定点医疗机构编号
    drCode: str  # 开方医保医师代码
    prscDrName: str  # 开方医师姓名
    pharDeptName: str  # 审方药师科室名称
    pharDeptCode: str  # 审方药师科室编号
    pharProfttlCodg: NotRequired[str]  # 审方药师职称编码
    pharProfttlName: NotRequired[str]  # 审方药师职称名称
    pharCode: str  # 审方医保药师代码
    pharCertType: NotRequired[str]  # 审方药师证件类型
    pharCertno: NotRequired[str]  # 审方药师证件号码
    pharName: str  # 审方药师姓名
    pharPracCertNo: NotRequired[str]  # 审方药师执业资格证号
    pharChkTime: str  # 医疗机构药师审方时间
    rxFile: str  # 处方原件
    signDigest: str  # 处方信息签名值
    extras: NotRequired[Free]  # 扩展字段


class Input7103(TypedDict):
    """7103 电子处方上传: Input7103."""

    data: Input7103Data


class Output7103Data(TypedDict):
    """7103 电子处方上传: data."""

    hiRxno: str  # 医保处方编号
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称


class Output7103(TypedDict):
    """7103 电子处方上传: Output7103."""

    data: Output7103Data


T7103: Pair[Input7103, Output7103] = Pair("7103")
"""7103 电子处方上传."""


class Input7104Data(TypedDict):
    """7104 电子处方撤销: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医疗机构编号
    drCode: str  # 撤销医师的医保医师代码
    undoDrName: str  # 撤销医师姓名
    undoDrCertType: str  # 撤销医师证件类型
    undoDrCertno: str  # 撤销医师证件号码
    undoRea: Number  # 撤销原因描述
    undoTime: str  # 撤销时间


class Input7104(TypedDict):
    """7104 电子处方撤销: Input7104."""

    data: Input7104Data


class Output7104Data(TypedDict):
    """7104 电子处方撤销: data."""

    hiRxno: str  # 医保处方编号
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称


class Output7104(TypedDict):
    """7104 电子处方撤销: Output7104."""

    data: Output7104Data


T7104: Pair[Input7104, Output7104] = Pair("7104")
"""7104 电子处方撤销."""


class Input7105Data(TypedDict):
    """7105 电子处方信息查询: data."""

    fixmedinsCode: str  # 定点医疗机构编号
    hiRxno: str  # 医保处方号
    mdtrtId: str  # 医保就诊ID
    psnName: str  # 人员名称
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码


class Input7105(TypedDict):
    """7105 电子处方信息查询: Input7105."""

    data: Input7105Data


class Output7105Data(TypedDict):
    """7105 电子处方信息查询: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称
    rxUsedStasCodg: str  # 医保处方使用状态编码
    rxUsedStasName: str  # 医保处方使用状态名称
    prscTime: str  # 开方时间
    rxDrugCnt: Number  # 药品数量（剂数）
    rxUsedWayCodg: NotRequired[str]  # 处方整剂用法编号
    rxUsedWayName: NotRequired[str]  # 处方整剂用法名称
    rxFrquCodg: NotRequired[str]  # 处方整剂频次编号
    rxFrquName: NotRequired[str]  # 处方整剂频次名称
    rxDosunt: NotRequired[str]  # 处方整剂剂量单位
    rxDoscnt: NotRequired[Number]  # 处方整剂单次剂量数
    rxDrordDscr: NotRequired[str]  # 处方整剂医嘱说明
    valiDays: Number  # 处方有效天数
    valiEndTime: str  # 有效截止时间
    reptFlag: str  # 复用（多次）使用标志
    maxReptCnt: NotRequired[Number]  # 最大复用次数
    reptdCnt: NotRequired[Number]  # 已复用次数
    minInrvDays: NotRequired[Number]  # 使用最小间隔（天数）
    rxTypeCode: str  # 处方类别编号
    rxTypeName: NotRequired[str]  # 处方类别名称
    longRxFlag: NotRequired[str]  # 长期处方标志
    bizTypeCode: str  # 业务类型代码
    bizTypeName: NotRequired[str]  # 业务类型名称
    rxExraAttrCode: NotRequired[str]  # 处方附加属性代码
    rxExraAttrName: NotRequired[str]  # 处方附加属性名称
    rxCircLimitFlag: NotRequired[str]  # 限制流转标志位


class Output7105RxDetlList(TypedDict):
    """7105 电子处方信息查询: rxDetlList."""

    medListCodg: str  # 医疗目录编码
    fixmedinsHilistId: NotRequired[str]  # 定点医药机构目录编号
    hospPrepFlag: NotRequired[str]  # 院内制剂标志
    rxItemTypeCode: NotRequired[str]  # 处方项目分类代码
    rxItemTypeName: NotRequired[str]  # 处方项目分类名称
    tcmdrugTypeName: NotRequired[str]  # 中药类别名称
    tcmdrugTypeCode: NotRequired[str]  # 中药类别代码
    tcmherbFoote: NotRequired[str]  # 草药脚注
    mednTypeCode: NotRequired[str]  # 药物类型代码
    mednTypeName: NotRequired[str]  # 药物类型
    mainMedcFlag: NotRequired[str]  # 主要用药标志
    urgtFlag: NotRequired[str]  # 加急标志
    basMednFlag: NotRequired[str]  # 基本药物标志
    impDrugFlag: NotRequired[str]  # 是否进口药品
    drugProdname: str  # 药品商品名
    drugGenname: str  # 药品通用名
    drugDosform: str  # 药品剂型
    drugSpec: str  # 药品规格
    prdrName: NotRequired[str]  # 生厂厂家
    medcWayCodg: str  # 用药途径代码
    medcWayDscr: str  # 用药途径描述
    medcBegntime: str  # 用药开始时间
    medcEndtime: str  # 用药结束时间
    medcDays: Number  # 用药天数
    drugCnt: Number  # 药品总用药量 （取药或处方流转时药品医保结算使用的数量）
    drugDosunt: NotRequired[
        str
    ]  # 药品总用药量单位（即发药计价单位，取药或处方流转时药品医保结算使用的单位；如“片“或”盒“）
    sinDoscnt: NotRequired[Number]  # 单次用量
    sinDosunt: NotRequired[str]  # 单次剂量单位
    usedFrquCodg: NotRequired[str]  # 使用频次编码
    usedFrquName: NotRequired[str]  # 使用频次名称
    hospApprFlag: NotRequired[str]  # 医院审批标志
    takeDrugFlag: NotRequired[str]  # 取药标志位
    otcFlag: NotRequired[str]  # 是否OTC药品
    selfPayRea: NotRequired[str]  # 自费原因类型
    realDscr: NotRequired[str]  # 自费原因描述
    drugTotlcnt: NotRequired[str]  # 所需药品库存数量
    drugTotlcntEmp: NotRequired[str]  # 所需药品库存单位


class Output7105RxOtpinfo(TypedDict):
    """7105 电子处方信息查询: rxOtpinfo."""

    medType: str  # 医疗类别
    iptOpNo: str  # 住院/门诊号
    otpIptFlag: NotRequired[str]  # 门诊住院标志
    patnName: str  # 患者姓名
    patnAge: Number  # 年龄
    patnHgt: NotRequired[Number]  # 患者身高
    patnWt: NotRequired[Number]  # 患者体重
    gend: str  # 性别
    gesoVal: NotRequired[Number]  # 妊娠(孕周)
    nwbFlag: NotRequired[str]  # 新生儿标志
    nwbAge: NotRequired[str]  # 新生儿日、月龄
    suckPrdFag: NotRequired[Number]  # 哺乳期标志
    algsHis: NotRequired[str]  # 过敏史
    insutype: str  # 险种类型
    prscDeptName: str  # 开方科室名称
    prscDrName: str  # 开方医师姓名
    pharName: str  # 药师姓名
    pharChkTime: str  # 医疗机构药师审方时间
    mdtrtTime: str  # 就诊时间
    diseCodg: NotRequired[str]  # 病种编码
    diseName: NotRequired[str]  # 病种名称
    spDiseFlag: str  # 是否特殊病种
    maindiagCode: str  # 主诊断代码
    maindiagName: str  # 主诊断名称
    diseCondDscr: NotRequired[str]  # 疾病病情描述
    fstdiagFlag: NotRequired[str]  # 是否初诊


class Output7105RxDiseList(TypedDict):
    """7105 电子处方信息查询: rxDiseList."""

    diagType: str  # 诊断类别
    maindiagFlag: str  # 主诊断标志
    diagSrtNo: Number  # 诊断排序号
    diagCode: str  # 诊断代码
    diagName: str  # 诊断名称
    diagDept: str  # 诊断科室
    diagDeptCode: str  # 诊断科室代码
    diagDrNo: str  # 诊断医生编码
    diagDrName: str  # 诊断医生姓名
    diagTime: str  # 诊断时间
    tcmDiseCode: NotRequired[str]  # 中医病名代码
    tcmDiseName: NotRequired[str]  # 中医病名名称
    tcmsympCode: NotRequired[str]  # 中医症候代码
    tcmsymp: NotRequired[str]  # 中医症候


class Output7105(TypedDict):
    """7105 电子处方信息查询: Output7105."""

    data: Output7105Data
    rxDetlList: list[Output7105RxDetlList]
    rxOtpinfo: Output7105RxOtpinfo
    rxDiseList: list[Output7105RxDiseList]


T7105: Pair[Input7105, Output7105] = Pair("7105")
"""7105 电子处方信息查询."""


class Input7106Data(TypedDict):
    """7106 电子处方审核结果查询: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医疗机构编号
    mdtrtId: str  # 医保就诊ID
    psnName: str  # 人员名称
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码


class Input7106(TypedDict):
    """7106 电子处方审核结果查询: Input7106."""

    data: Input7106Data


class Output7106Data(TypedDict):
    """7106 电子处方审核结果查询: data."""

    hiRxno: str  # 医保处方编号
    pharName: str  # 医保药师姓名
    pharCode: str  # 医保药师代码
    rxChkStasCodg: str  # 处方审核状态代码
    rxChkOpnn: str  # 处方审核意见
    rxChkTime: str  # 处方审核时间
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称
    rxChkStasName: str  # 处方审核状态名称


class Output7106(TypedDict):
    """7106 电子处方审核结果查询: Output7106."""

    data: Output7106Data


T7106: Pair[Input7106, Output7106] = Pair("7106")
"""7106 电子处方审核结果查询."""


class Input7107Data(TypedDict):
    """7107 电子处方取药结果查询: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医疗机构编号
    mdtrtId: str  # 医保就诊ID
    psnName: str  # 人员名称
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码


class Input7107(TypedDict):
    """7107 电子处方取药结果查询: Input7107."""

    data: Input7107Data


class Output7107Data(TypedDict):
    """7107 电子处方取药结果查询: data."""

    hiRxno: str  # 医保处方编号
    setlTime: str  # 医保结算时间
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称
    rxUsedStasCodg: str  # 处方使用状态编号
    rxUsedStasName: str  # 处方使用状态名称


class Output7107Seltdelts(TypedDict):
    """7107 电子处方取药结果查询: seltdelts."""

    medListCodg: str  # 医疗目录编码
    drugGenname: str  # 通用名
    drugProdname: str  # 药品商品名
    drugDosform: str  # 药品剂型
    drugSpec: str  # 药品规格
    cnt: Number  # 数量
    aprvno: NotRequired[str]  # 批准文号
    bchno: NotRequired[str]  # 批次号
    manuLotnum: NotRequired[str]  # 生产批号
    prdrName: str  # 生厂厂家
    takeDrugFlag: str  # 取药标志位


class Output7107(TypedDict):
    """7107 电子处方取药结果查询: Output7107."""

    data: Output7107Data
    seltdelts: list[Output7107Seltdelts]


T7107: Pair[Input7107, Output7107] = Pair("7107")
"""7107 电子处方取药结果查询."""


class Input7108Data(TypedDict):
    """7108 电子处方审核结果通知: data."""

    hiRxno: str  # 医保处方编号
    pharName: str  # 医保药师姓名
    pharCode: str  # 医保药师代码
    rxChkStasCodg: str  # 处方审核状态代码
    rxChkOpnn: str  # 处方审核意见
    rxChkTime: str  # 处方审核时间
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称
    rxChkStasName: str  # 处方审核状态名称


class Input7108(TypedDict):
    """7108 电子处方审核结果通知: Input7108."""

    data: Input7108Data


class Output7108Data(TypedDict):
    """7108 电子处方审核结果通知: data."""

    success: bool  # 成功状态


class Output7108(TypedDict):
    """7108 电子处方审核结果通知: Output7108."""

    data: Output7108Data


T7108: Pair[Input7108, Output7108] = Pair("7108")
"""7108 电子处方审核结果通知."""


class Input7109Data(TypedDict):
    """7109 电子处方结算结果通知: data."""

    hiRxno: str  # 医保处方编号
    setlTime: str  # 医保结算时间
    rxStasCodg: str  # 医保处方状态编码
    rxStasName: str  # 医保处方状态名称
    rxUsedStasCodg: str  # 处方使用状态编号
    rxUsedStasName: str  # 处方使用状态名称


class Input7109Seltdelts(TypedDict):
    """7109 电子处方结算结果通知: seltdelts."""

    medListCodg: str  # 医疗目录编码
    drugGenname: str  # 通用名
    drugProdname: str  # 药品商品名
    drugDosform: str  # 药品剂型
    drugSpec: str  # 药品规格
    cnt: Number  # 数量
    aprvno: NotRequired[str]  # 批准文号
    bchno: NotRequired[str]  # 批次号
    manuLotnum: NotRequired[str]  # 生产批号
    prdrName: str  # 生厂厂家


class Input7109(TypedDict):
    """7109 电子处方结算结果通知: Input7109."""

    data: Input7109Data
    seltdelts: list[Input7109Seltdelts]


class Output7109Data(TypedDict):
    """7109 电子处方结算结果通知: data."""

    success: bool  # 成功状态


class Output7109(TypedDict):
    """7109 电子处方结算结果通知: Output7109."""

    data: Output7109Data


T7109: Pair[Input7109, Output7109] = Pair("7109")
"""7109 电子处方结算结果通知."""
