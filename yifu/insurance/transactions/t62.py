"""Transactions 62xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Free, Number, Pair


class Input6201DiseinfoList(TypedDict):
    """6201 费用明细上传: diseinfoList."""

    diagType: str  # 诊断类别
    diagSrtNo: Number  # 诊断排序号
    diagCode: str  # 诊断代码
    diagName: str  # 诊断名称
    diagDept: str  # 诊断科室
    diseDorNo: str  # 诊断医生编码
    diseDorName: str  # 诊断医生姓名
    diagTime: str  # 诊断时间
    valiFlag: str  # 有效标志


class Input6201FeedetailList(TypedDict):
    """6201 费用明细上传: feedetailList."""

    feedetlSn: str  # 费用明细流水号
    mdtrtId: NotRequired[str]  # 就诊ID
    psnNo: str  # 人员编号
    chrgBchno: str  # 收费批次号
    diseCodg: NotRequired[str]  # 病种编码
    rxno: NotRequired[str]  # 处方号
    rxCircFlag: str  # 外购处方标志
    feeOcurTime: str  # 费用发生时间
    medListCodg: str  # 医疗目录编码
    medinsListCodg: str  # 医药机构目录编码
    detItemFeeSumamt: Number  # 明细项目费用总额
    cnt: Number  # 数量
    pric: Number  # 单价
    sinDosDscr: NotRequired[str]  # 单次剂量描述
    usedFrquDscr: NotRequired[str]  # 使用频次描述
    prdDays: NotRequired[Number]  # 周期天数
    medcWayDscr: NotRequired[str]  # 用药途径描述
    bilgDeptCodg: str  # 开单科室编码
    bilgDeptName: str  # 开单科室名称
    bilgDrCodg: str  # 开单医生编码
    bilgDrName: str  # 开单医师姓名
    acordDeptCodg: NotRequired[str]  # 受单科室编码
    acordDeptName: NotRequired[str]  # 受单科室名称
    ordersDrCode: NotRequired[str]  # 受单医生编码
    ordersDrName: NotRequired[str]  # 受单医生姓名
    hospApprFlag: str  # 医院审批标志
    tcmdrugUsedWay: NotRequired[str]  # 中药使用方式
    etipFlag: NotRequired[str]  # 外检标志
    etipHospCode: NotRequired[str]  # 外检医院编码
    dscgTkdrugFlag: NotRequired[str]  # 出院带药标志
    matnFeeFlag: NotRequired[str]  # 生育费用标志
    initFeedetlSn: NotRequired[str]  # 原费用流水号
    drordNo: NotRequired[str]  # 医嘱号
    medType: str  # 医疗类别
    memo: NotRequired[str]  # 备注
    extData: NotRequired[Free]  # 扩展字段


class Input6201Data(TypedDict):
    """6201 费用明细上传: data."""

    orgCodg: str  # 机构编码
    orgId: NotRequired[str]  # 电子凭证机构号
    psnNo: str  # 人员编号
    insutype: str  # 险种类型
    medOrgOrd: str  # 医疗机构订单号
    initRxOrd: NotRequired[str]  # 要续方的原处方流水
    rxCircFlag: NotRequired[str]  # 电子处方流转标志
    begntime: str  # 开始时间
    idNo: str  # 证件号码
    userName: str  # 用户姓名
    idType: str  # 证件类别
    ecToken: str  # 电子凭证授权ecToken
    insuCode: NotRequired[str]  # 参保地
    iptOtpNo: str  # 住院/门诊号
    atddrNo: NotRequired[str]  # 医师编码
    drName: NotRequired[str]  # 医师姓名
    deptCode: NotRequired[str]  # 科室编码
    deptName: str  # 科室名称
    caty: str  # 科别
    mdtrtId: NotRequired[str]  # 就诊ID
    medType: str  # 医疗类别
    feeType: str  # 费用类别
    medfeeSumamt: Number  # 医疗费总额
    acctUsedFlag: str  # 个人账户使用标志
    mainCondDscr: NotRequired[str]  # 主要病情描述
    diseCodg: str  # 病种编码
    diseName: NotRequired[str]  # 病种名称
    psnSetlway: str  # 个人结算方式
    chrgBchno: str  # 收费批次号
    invono: NotRequired[str]  # 发票号
    endtime: NotRequired[str]  # 出院时间
    fulamtOwnpayAmt: NotRequired[Number]  # 全自费金额
    overlmtSelfpay: NotRequired[Number]  # 超限价金额
    preselfpayAmt: NotRequired[Number]  # 先行自付金额
    inscpScpAmt: NotRequired[Number]  # 符合政策范围金额
    oprnOprtCode: NotRequired[str]  # 手术操作代码
    oprnOprtName: NotRequired[str]  # 手术操作名称
    fpscNo: NotRequired[str]  # 计划生育服务证号
    latechbFlag: NotRequired[str]  # 晚育标志
    gesoVal: NotRequired[Number]  # 孕周数
    fetts: NotRequired[Number]  # 胎次
    fetusCnt: NotRequired[Number]  # 胎儿数
    pretFlag: NotRequired[str]  # 早产标志
    birctrlType: NotRequired[str]  # 计划生育手术类别
    birctrlMatnDate: NotRequired[str]  # 计划生育手术或生育日期
    copFlag: NotRequired[str]  # 伴有并发症标志
    dscgDeptCodg: NotRequired[str]  # 出院科室编码
    dscgDeptName: NotRequired[str]  # 出院科室名称
    dscgDed: NotRequired[str]  # 出院床位
    dscgWay: NotRequired[str]  # 离院方式
    dieDate: NotRequired[str]  # 死亡日期
    matnType: NotRequired[str]  # 生育类别
    extData: NotRequired[Free]  # 扩展字段
    midSetlFlag: NotRequired[str]  # 中途结算标志
    diseinfoList: list[Input6201DiseinfoList]  # 诊断或症状明细
    feedetailList: list[Input6201FeedetailList]  # 费用明细


class Input6201(TypedDict):
    """6201 费用明细上传: Input6201."""

    data: Input6201Data


class Output6201Data(TypedDict):
    """6201 费用明细上传: data."""

    payOrdId: str  # 支付订单号
    payToken: str  # 支付token
    cashierUrl: NotRequired[str]  # 医保支付收银台h5地址
    extData: NotRequired[Free]  # 医保扩展数据


class Output6201(TypedDict):
    """6201 费用明细上传: Output6201."""

    data: Output6201Data


T6201: Pair[Input6201, Output6201] = Pair("6201")
"""6201 费用明细上传."""


class Input6202Data(TypedDict):
    """6202 支付下单: data."""

    payAuthNo: NotRequired[str]  # 支付授权码
    payOrdId: str  # 待支付订单号
    payToken: str  # 支付订单对应的token
    orgCodg: str  # 定点机构编码
    orgBizSer: str  # 业务流水号
    ecAuthCode: NotRequired[str]  # 电子凭证授权码
    ecChnlAppId: NotRequired[str]  # 电子凭证渠道ID
    ecChnlUserId: NotRequired[str]  # 电子凭证用户ID
    mdtrtId: str  # 就诊ID
    chrgBchno: NotRequired[str]  # 收费批次号
    extData: NotRequired[Free]  # 扩展数据


class Input6202(TypedDict):
    """6202 支付下单: Input6202."""

    data: Input6202Data


class Output6202Data(TypedDict):
    """6202 支付下单: data."""

    payOrdId: str  # 支付订单号
    ordStas: str  # 订单状态
    feeSumamt: Number  # 费用总额
    ownPayAmt: Number  # 现金支付
    psnAcctPay: Number  # 个人账户支出
    fundPay: Number  # 医保基金支付
    extData: NotRequired[Free]  # 扩展数据


class Output6202(TypedDict):
    """6202 支付下单: Output6202."""

    data: Output6202Data


T6202: Pair[Input6202, Output6202] = Pair("6202")
"""6202 支付下单."""


class Input6203Data(TypedDict):
    """6203 医保退费: data."""

    payOrdId: str  # 支付订单号
    appRefdSn: str  # 应用退款流水号
    appRefdTime: str  # 应用退费时间
    totlRefdAmt: Number  # 总退费金额
    psnAcctRefdAmt: NotRequired[Number]  # 医保个人账户支付
    fundRefdAmt: NotRequired[Number]  # 基金支付
    cashRefdAmt: Number  # 现金退费金额
    ecToken: str  # 电子凭证授权Token
    refdType: str  # 退费类型
    extData: NotRequired[Free]  # 医保扩展数据


class Input6203(TypedDict):
    """6203 医保退费: Input6203."""

    data: Input6203Data


class Output6203Data(TypedDict):
    """6203 医保退费: data."""

    refdSn: str  # 结算中心流水号
    hiFefdSn: NotRequired[str]  # 医保退费流水号
    hiTrnsDate: NotRequired[str]  # 医保退费日期
    hiTrnsTime: NotRequired[str]  # 医保退费时间
    refStatus: str  # 退费状态
    extData: NotRequired[Free]  # 医保扩展数据


class Output6203(TypedDict):
    """6203 医保退费: Output6203."""

    data: Output6203Data


T6203: Pair[Input6203, Output6203] = Pair("6203")
"""6203 医保退费."""


class Input6204Data(TypedDict):
    """6204 医保订单信息同步: data."""

    payOrdId: str  # 支付订单号
    medOrgOrd: str  # 医院订单号
    feeSumamt: Number  # 费用总金额
    ownPayAmt: Number  # 现金自付
    psnAcctPay: Number  # 个人账户支付
    fundPay: Number  # 医保基金支付
    thdPayType: str  # 第三方支付类型
    extData: NotRequired[Free]  # 扩展数据


class Input6204(TypedDict):
    """6204 医保订单信息同步: Input6204."""

    data: Input6204Data


class Output6204(TypedDict):
    """6204 医保订单信息同步: nothing."""


T6204: Pair[Input6204, Output6204] = Pair("6204")
"""6204 医保订单信息同步."""
