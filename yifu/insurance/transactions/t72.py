"""Transactions 72xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input7201Data(TypedDict):
    """7201 电子处方线下流转授权: data."""

    fixmedinsCode: str  # 定点医药机构编号
    psnName: str  # 人员姓名
    psnCertType: str  # 人员证件类型
    certno: str  # 证件号码
    ecToken: NotRequired[str]  # 电子凭证令牌
    regSn: NotRequired[str]  # 身份登记流水号
    ipInfo: str  # 终端IP
    opter: str  # 操作人ID
    opterName: str  # 操作人姓名
    optinsNo: str  # 操作机构
    outFlag: NotRequired[str]  # 异地处方查询标志位
    outPoolareaNo: NotRequired[str]  # 异地处方医保区划 （省级区划）
    insuPlcNo: NotRequired[str]  # 参保地编号


class Input7201(TypedDict):
    """7201 电子处方线下流转授权: Input7201."""

    data: Input7201Data


class Output7201Data(TypedDict):
    """7201 电子处方线下流转授权: data."""

    authRxno: str  # 医保处方授权编号
    epcToken: str  # 电子处方访问令牌
    expiresIn: str  # 令牌过期时间
    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    prscTime: str  # 开方时间
    deptName: str  # 科室名称
    diseCodg: NotRequired[str]  # 病种编码
    diseName: NotRequired[str]  # 病种名称
    valiEndTime: str  # 处方有效截止时间
    rxExraAttrCode: NotRequired[str]  # 处方附加属性代码
    rxExraAttrName: NotRequired[str]  # 处方附加属性名称


class Output7201(TypedDict):
    """7201 电子处方线下流转授权: Output7201."""

    data: Output7201Data


T7201: Pair[Input7201, Output7201] = Pair("7201")
"""7201 电子处方线下流转授权."""


class Input7202Data(TypedDict):
    """7202 电子处方线上流转查询: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医药机构编号
    authCircBizSn: str  # 线上流转授权业务流水号
    epcChnlId: str  # 线上流转授权的医保电子处方中心定点医药机构渠道应用id
    ipInfo: str  # 终端IP
    opter: str  # 操作人ID
    opterName: str  # 操作人姓名
    optinsNo: str  # 操作机构


class Input7202(TypedDict):
    """7202 电子处方线上流转查询: Input7202."""

    data: Input7202Data


class Output7202Data(TypedDict):
    """7202 电子处方线上流转查询: data."""

    authRxno: str  # 医保处方授权编号
    epcToken: str  # 电子处方访问令牌
    expiresIn: str  # 令牌过期时间


class Output7202(TypedDict):
    """7202 电子处方线上流转查询: Output7202."""

    data: Output7202Data


T7202: Pair[Input7202, Output7202] = Pair("7202")
"""7202 电子处方线上流转查询."""


class Input7203Data(TypedDict):
    """7203 电子处方二维码解码: data."""

    epcQrcd: str  # 电子处方二维码码值
    fixmedinsCode: str  # 定点医药机构编号
    devInfo: str  # 终端信息
    ipInfo: str  # 终端IP
    opter: str  # 操作人ID
    opterName: str  # 操作人姓名
    optinsNo: str  # 操作机构


class Input7203(TypedDict):
    """7203 电子处方二维码解码: Input7203."""

    data: Input7203Data


class Output7203Data(TypedDict):
    """7203 电子处方二维码解码: data."""

    authRxno: str  # 医保处方授权编号
    epcToken: str  # 电子处方访问令牌
    expiresIn: str  # 令牌过期时间


class Output7203(TypedDict):
    """7203 电子处方二维码解码: Output7203."""

    data: Output7203Data


T7203: Pair[Input7203, Output7203] = Pair("7203")
"""7203 电子处方二维码解码."""


class Input7204Data(TypedDict):
    """7204 电子处方下载: data."""

    epcToken: str  # 电子处方令牌
    authRxno: str  # 医保处方授权编号
    fixmedinsCode: str  # 定点医药机构编号
    devInfo: str  # 终端信息
    ipInfo: str  # 终端IP
    opter: str  # 操作人ID
    opterName: str  # 操作人姓名
    optinsNo: str  # 操作机构


class Input7204(TypedDict):
    """7204 电子处方下载: Input7204."""

    data: Input7204Data


class Output7204Data(TypedDict):
    """7204 电子处方下载: data."""

    hiRxno: str  # 医保处方编号
    rxTraceCode: str  # 处方追溯码
    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    prscTime: str  # 开方时间
    prscDeptName: str  # 开方科室名称
    valiEndTime: str  # 有效截止时间
    rxTypeCode: str  # 处方类别编号
    rxTypeName: NotRequired[str]  # 处方类别名称
    longRxFlag: NotRequired[str]  # 长期处方标志
    rxFile: str  # 处方原件
    fileSuffix: str  # 处方文件后缀


class Output7204RxDetlList(TypedDict):
    """7204 电子处方下载: rxDetlList."""

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
    otcFlag: NotRequired[str]  # 是否OTC药品
    impDrugFlag: NotRequired[str]  # 是否进口药品
    drugProdname: NotRequired[str]  # 药品商品名
    drugGenname: str  # 药品通用名
    drugDosform: str  # 药品剂型
    drugSpec: str  # 药品规格
    prdrName: NotRequired[str]  # 生厂厂家
    medcWayCodg: str  # 用药途径代码
    medcWayDscr: str  # 用药途径描述
    medcBegntime: str  # 用药开始时间
    medcEndtime: str  # 用药结束时间
    medcDays: Number  # 用药天数
    drugCnt: Number  # 药品发药总量（处方流转和取药时的药品医保结算使用的数量）
    drugDosunt: str  # 药品总用药量单位
    sinDoscnt: NotRequired[Number]  # 单次用量
    sinDosunt: NotRequired[str]  # 单次剂量单位 （即开方单位或剂量单位，如“mg“）
    usedFrquCodg: NotRequired[str]  # 使用频次编码
    usedFrquName: NotRequired[str]  # 使用频次名称
    drugTotlcnt: NotRequired[Number]  # 所需药品库存数量(按所需库存（包装）单位计算取整后的数量)
    drugTotlcntEmp: str  # 所需药品库存单位（即库存（包装）单位，如“盒”）
    hospApprFlag: NotRequired[str]  # 医院审批标志
    takeDrugFlag: NotRequired[str]  # 取药标志位
    selfPayRea: NotRequired[str]  # 自费原因类型
    realDscr: NotRequired[str]  # 自费原因描述


class Output7204RxOtpinfo(TypedDict):
    """7204 电子处方下载: rxOtpinfo."""

    medType: str  # 医疗类别
    otpIptFlag: NotRequired[str]  # 门诊住院标志
    patnName: str  # 患者姓名
    patnAge: Number  # 年龄
    patnHgt: NotRequired[Number]  # 患者身高
    patnWt: NotRequired[Number]  # 患者体重
    gend: str  # 性别
    gesoVal: NotRequired[Number]  # 妊娠(孕周)
    nwbFlag: NotRequired[str]  # 新生儿标志
    nwbAge: NotRequired[str]  # 新生儿日、月龄
    suckPrdFlag: NotRequired[str]  # 哺乳期标志
    algsHis: NotRequired[str]  # 过敏史
    maindiagCode: NotRequired[str]  # 主诊断代码
    maindiagName: NotRequired[str]  # 主诊断名称
    diseCondDscr: NotRequired[str]  # 疾病病情描述
    diseCodg: NotRequired[str]  # 病种编码
    diseName: NotRequired[str]  # 病种名称


class Output7204RxDiseList(TypedDict):
    """7204 电子处方下载: rxDiseList."""

    diagType: str  # 诊断类别
    maindiagFlag: str  # 主诊断标志
    diagSrtNo: Number  # 诊断排序号
    diagCode: str  # 诊断代码
    diagName: str  # 诊断名称
    tcmDiseCode: NotRequired[str]  # 中医病名代码
    tcmDiseName: NotRequired[str]  # 中医病名名称
    tcmsympCode: NotRequired[str]  # 中医症候代码
    tcmsymp: NotRequired[str]  # 中医症候


class Output7204(TypedDict):
    """7204 电子处方下载: Output7204."""

    data: Output7204Data
    rxDetlList: list[Output7204RxDetlList]
    rxOtpinfo: Output7204RxOtpinfo
    rxDiseList: list[Output7204RxDiseList]


T7204: Pair[Input7204, Output7204] = Pair("7204")
"""7204 电子处方下载."""


class Input7205Data(TypedDict):
    """7205 电子处方信息核验: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医药机构编号
    rxTraceCode: str  # 处方追溯码
    rxFile: str  # 处方文件
    epcToken: str  # 电子处方令牌


class Input7205(TypedDict):
    """7205 电子处方信息核验: Input7205."""

    data: Input7205Data


class Output7205Data(TypedDict):
    """7205 电子处方信息核验: data."""

    flag: bool  # 成功标志
    rxSignVerifySn: str  # 处方签名验签流水号
    signCertSn: str  # 签名机构证书SN
    signCertDn: str  # 签名机构证书DN


class Output7205(TypedDict):
    """7205 电子处方信息核验: Output7205."""

    data: Output7205Data


T7205: Pair[Input7205, Output7205] = Pair("7205")
"""7205 电子处方信息核验."""


class Input7206Data(TypedDict):
    """7206 电子处方审核信息上传: data."""

    hiRxno: str  # 医保处方编号
    epcToken: str  # 电子处方令牌
    ecToken: str  # 审方药师电子凭证令牌
    fixmedinsCode: str  # 定点医药机构编号
    fixmedinsName: str  # 定点医药机构名称
    pharCertType: str  # 审方药师证件类型
    pharCertno: str  # 审方药师证件号码
    pharName: str  # 审方药师姓名
    pharCode: str  # 审方医保药师代码
    rxChkOpnn: str  # 处方审核意见
    rxChkStasCodg: str  # 处方审核状态代码
    rxChkTime: str  # 处方审核时间
    rxSignVerifySn: str  # 处方签名验签流水号


class Input7206(TypedDict):
    """7206 电子处方审核信息上传: Input7206."""

    data: Input7206Data


class Output7206Data(TypedDict):
    """7206 电子处方审核信息上传: data."""

    flag: bool  # 成功标志
    rxChkBizSn: str  # 处方审核业务流水号


class Output7206(TypedDict):
    """7206 电子处方审核信息上传: Output7206."""

    data: Output7206Data


T7206: Pair[Input7206, Output7206] = Pair("7206")
"""7206 电子处方审核信息上传."""


class Input7207Data(TypedDict):
    """7207 药品销售出库明细上传: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医药机构编号
    fixmedinsName: str  # 定点医药机构名称
    rchkPharCertType: NotRequired[str]  # 复核药师证件类型
    rchkPharCertno: NotRequired[str]  # 复核药师证件编号
    rchkPharName: NotRequired[str]  # 复核药师姓名
    dspeerCertType: NotRequired[str]  # 配药人证件类型
    dspeerCertno: NotRequired[str]  # 配药人证件编号
    dspeerName: NotRequired[str]  # 配药人姓名
    rxChkBizSn: str  # 处方审核业务流水号
    hiFeesetlFlag: NotRequired[str]  # 医疗保险结算标志位
    psnCashPay: NotRequired[Number]  # 现金支付总费用


class Input7207RxSaleDrugDetl(TypedDict):
    """7207 药品销售出库明细上传: rxSaleDrugDetl."""

    rtalDocno: str  # 零售单据号
    stooutNo: NotRequired[str]  # 销售出库单据号
    stooutTime: str  # 销售出库时间
    medListCodg: str  # 医疗目录编码
    medinsListCodg: str  # 医药机构目录编码
    drugProdname: NotRequired[str]  # 药品商品名
    drugGenname: str  # 通用名
    drugSpec: str  # 规格
    drugDosform: NotRequired[str]  # 剂型
    prdrName: NotRequired[str]  # 厂家
    aprvno: NotRequired[str]  # 批准文号
    manuLotnum: NotRequired[str]  # 生产批号
    bchno: NotRequired[str]  # 批次号
    drugstdcode: NotRequired[str]  # 药品本位码
    drugTraceCodg: NotRequired[str]  # 药品追溯码
    drugProdBarc: NotRequired[str]  # 药品条形码
    shelfLoc: NotRequired[str]  # 货架位号
    drugTotlcnt: Number  # 数量
    drugTotlcntEmp: str  # 库存（包装）单位
    drugSumamt: NotRequired[Number]  # 药品金额


class Input7207(TypedDict):
    """7207 药品销售出库明细上传: Input7207."""

    data: Input7207Data
    rxSaleDrugDetl: list[Input7207RxSaleDrugDetl]


class Output7207Data(TypedDict):
    """7207 药品销售出库明细上传: data."""

    flag: bool  # 成功标志
    selStooutSn: str  # 销售出库流水号


class Output7207(TypedDict):
    """7207 药品销售出库明细上传: Output7207."""

    data: Output7207Data


T7207: Pair[Input7207, Output7207] = Pair("7207")
"""7207 药品销售出库明细上传."""


class Input7208Data(TypedDict):
    """7208 药品销售出库明细撤销: data."""

    hiRxno: str  # 医保处方编号
    fixmedinsCode: str  # 定点医药机构编号
    hiFeesetlFlag: NotRequired[str]  # 医疗保险结算标志位
    selStooutSn: NotRequired[str]  # 销售出库流水号


class Input7208(TypedDict):
    """7208 药品销售出库明细撤销: Input7208."""

    data: Input7208Data


class Output7208Data(TypedDict):
    """7208 药品销售出库明细撤销: data."""

    flag: bool  # 成功标志


class Output7208(TypedDict):
    """7208 药品销售出库明细撤销: Output7208."""

    data: Output7208Data


T7208: Pair[Input7208, Output7208] = Pair("7208")
"""7208 药品销售出库明细撤销."""


class Input7209Data(TypedDict):
    """7209 药品配送信息同步: data."""

    hiRxno: str  # 医保处方编号
    delvNo: str  # 配送单业务编号
    delvAddr: str  # 配送地址
    delvDtce: NotRequired[Number]  # 配送距离
    delvEntpNo: NotRequired[str]  # 配送企业编码
    delvEntpName: str  # 配送企业名称
    delverCertType: NotRequired[str]  # 配送员证件类型
    delverCertno: NotRequired[str]  # 配送员证件编号
    delverName: NotRequired[str]  # 配送员姓名
    delverTel: NotRequired[str]  # 配送员电话
    delvStasCodg: str  # 状态编码
    delvStasName: str  # 状态名称
    delvStasDscr: NotRequired[str]  # 状态描述
    delvStasTime: str  # 状态描述变更时间
    delverLng: NotRequired[str]  # 配送员当前经度
    delverLat: NotRequired[str]  # 配送员当前维度
    delverGeoType: NotRequired[str]  # 配送员经纬度编码类型
    delvConner: str  # 收货人
    delvConTel: NotRequired[str]  # 收货人联系电话
    fixmedinsCode: str  # 供药定点机构编号
    fixmedinsName: str  # 供药定点机构名称


class Input7209(TypedDict):
    """7209 药品配送信息同步: Input7209."""

    data: Input7209Data


class Output7209Data(TypedDict):
    """7209 药品配送信息同步: data."""

    flag: bool  # 成功标志


class Output7209(TypedDict):
    """7209 药品配送信息同步: Output7209."""

    data: Output7209Data


T7209: Pair[Input7209, Output7209] = Pair("7209")
"""7209 药品配送信息同步."""


class Input7210Data(TypedDict):
    """7210 药品配送签收确认: data."""

    hiRxno: str  # 医保处方编号
    delvNo: NotRequired[str]  # 配送单业务编号
    delvStasDscr: NotRequired[str]  # 状态描述
    delverCertType: str  # 配送员证件类型
    delverCertno: str  # 配送员证件编号
    delverName: str  # 配送员姓名
    delverTel: NotRequired[str]  # 配送员电话
    delvStasTime: str  # 配送完成时间
    delverLng: NotRequired[str]  # 配送员经度
    delverLat: NotRequired[str]  # 配送员纬度
    delverGeoType: NotRequired[str]  # 配送员经纬度编码类型
    chkWayCodg: NotRequired[str]  # 签收核验方式
    delvEntpNo: NotRequired[str]  # 配送企业编码


class Input7210(TypedDict):
    """7210 药品配送签收确认: Input7210."""

    data: Input7210Data


class Output7210Data(TypedDict):
    """7210 药品配送签收确认: data."""

    flag: bool  # 成功标志


class Output7210(TypedDict):
    """7210 药品配送签收确认: Output7210."""

    data: Output7210Data


T7210: Pair[Input7210, Output7210] = Pair("7210")
"""7210 药品配送签收确认."""


class Input7211Data(TypedDict):
    """7211 电子处方药品目录查询: data."""

    fixmedinsCode: str  # 定点医药机构编号
    medListCodg: NotRequired[str]  # 医疗目录编码
    medListCodgs: NotRequired[list[str]]  # 医疗目录编码列表
    drugName: NotRequired[str]  # 医疗目录药品名称
    dualchnlFlag: NotRequired[str]  # 是否双通道标志
    oppoolFlag: NotRequired[str]  # 是否门诊统筹标志
    begntime: NotRequired[str]  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    pageNum: Number  # 分页码值
    pageSize: Number  # 分页大小


class Input7211(TypedDict):
    """7211 电子处方药品目录查询: Input7211."""

    data: Input7211Data


class Output7211Data(TypedDict):
    """7211 电子处方药品目录查询: data."""

    total: Number  # 总数
    size: Number  # 当前条数


class Output7211List(TypedDict):
    """7211 电子处方药品目录查询: list."""

    medListCodg: str  # 医疗目录编码
    natDrugNo: NotRequired[str]  # 国家药品编号
    genname: NotRequired[str]  # 通用名
    prodname: NotRequired[str]  # 商品名
    regName: str  # 注册名
    listType: NotRequired[str]  # 目录类别
    listTypeName: NotRequired[str]  # 目录类别名称
    specName: str  # 规格名称
    prdrName: str  # 生厂厂家
    aprvno: NotRequired[str]  # 批准文号
    dosformName: str  # 剂型名称
    minPacunt: NotRequired[str]  # 最小包装单位
    minPacCnt: NotRequired[str]  # 最小包装数量
    minPrepunt: NotRequired[str]  # 最小制剂单位
    poolareaNo: NotRequired[str]  # 统筹区编号
    poolareaName: NotRequired[str]  # 统筹区名称
    dualchnlFlag: NotRequired[str]  # 是否双通道标志
    oppoolFlag: NotRequired[str]  # 门诊统筹标志
    begntime: NotRequired[str]  # 开始时间
    endtime: NotRequired[str]  # 结束时间
    natHiDruglistMemo: NotRequired[str]  # 限制使用说明
    natHiDruglistChrgitmLv: NotRequired[str]  # 国家医保药品目录甲乙类标识
    chrgitmLv: NotRequired[str]  # 收费项目等级
    hiPayStd: NotRequired[Number]  # 医保支付标准


class Output7211(TypedDict):
    """7211 电子处方药品目录查询: Output7211."""

    data: Output7211Data
    list: list[Output7211List]


T7211: Pair[Input7211, Output7211] = Pair("7211")
"""7211 电子处方药品目录查询."""
