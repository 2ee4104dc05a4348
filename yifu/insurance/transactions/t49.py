"""Transactions 49xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4901Data(TypedDict):
    """4901 医疗机构上传电子结算凭证: data."""

    elecSetlCertCode: NotRequired[str]  # 电子结算凭证代码
    elecSetlCertNo: str  # 电子结算凭证号码
    elecSetlCertChkcode: NotRequired[str]  # 电子结算凭证校验码
    elecSetlCertType: str  # 电子结算凭证类型
    certSetlType: str  # 凭证结算类型
    mdtrtType: str  # 就诊类型
    billDate: str  # 开票日期
    medfeeSumamt: Number  # 医疗费总额
    insuplcAdmdvs: NotRequired[str]  # 参保地医保区划
    bizSn: str  # 业务流水号
    setlId: NotRequired[str]  # 结算ID
    setlTime: NotRequired[str]  # 结算时间
    psnNo: NotRequired[str]  # 人员编号
    psnName: str  # 人员姓名
    certno: NotRequired[str]  # 证件号码
    insutype: NotRequired[str]  # 险种类型
    inscpAmt: NotRequired[Number]  # 符合范围金额
    hifpPay: NotRequired[Number]  # 统筹基金支出
    maindiagCode: str  # 主要诊断代码
    maindiagName: str  # 主要诊断名称
    scddiagCode: NotRequired[str]  # 次要诊断代码
    scddiagName: NotRequired[str]  # 次要诊断名称
    mdtrtareaAdmdvs: str  # 就医地医保区划
    extFld: NotRequired[str]  # 扩展字段


class Input4901(TypedDict):
    """4901 医疗机构上传电子结算凭证: Input."""

    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    elecSetlCertCnt: Number  # 电子结算凭证数量
    bizStsb: str  # 业务区间
    upldBchno: str  # 上传批次号
    filename: str  # 文件名称
    ftfileCompac: str  # 版式文件压缩包
    upldDetlList: list[Input4901Data]  # 结算凭证关联关系列表
    upldMode: NotRequired[str]  # 上传模式


class Output4901(TypedDict):
    """4901 医疗机构上传电子结算凭证: nothing."""


T4901: Pair[Input4901, Output4901] = Pair("4901")
"""4901 医疗机构上传电子结算凭证."""


class Input4902(TypedDict):
    """4902 查询医疗机构电子结算凭证上传结果: Input."""

    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    bizStsb: str  # 业务区间
    upldBchno: str  # 上传批次号


class Output4902Data(TypedDict):
    """4902 查询医疗机构电子结算凭证上传结果: data."""

    elecSetlCertCode: NotRequired[str]  # 电子结算凭证代码
    elecSetlCertNo: NotRequired[str]  # 电子结算凭证号码
    elecSetlCertChkcode: NotRequired[str]  # 电子结算凭证校验码
    elecSetlCertType: NotRequired[str]  # 电子结算凭证类型
    certSetlType: NotRequired[str]  # 凭证结算类型
    ftfileSavRslt: NotRequired[str]  # 版式文件保存结果
    chkRslt: NotRequired[str]  # 关联关系核验结果
    savFaleRea: NotRequired[str]  # 保存失败原因


class Output4902(TypedDict):
    """4902 查询医疗机构电子结算凭证上传结果: Output4902."""

    data: NotRequired[list[Output4902Data]]


T4902: Pair[Input4902, Output4902] = Pair("4902")
"""4902 查询医疗机构电子结算凭证上传结果."""


class Input4905Data(TypedDict):
    """4905 医疗机构重新上传电子结算凭证信息: data."""

    elecSetlCertCode: NotRequired[str]  # 电子结算凭证代码
    elecSetlCertNo: str  # 电子结算凭证号码
    elecSetlCertChkcode: NotRequired[str]  # 电子结算凭证校验码
    elecSetlCertType: str  # 电子结算凭证类型
    certSetlType: str  # 凭证结算类型
    mdtrtType: str  # 就诊类型
    billDate: str  # 开票日期
    medfeeSumamt: Number  # 医疗费总额
    insuplcAdmdvs: NotRequired[str]  # 参保地医保区划
    bizSn: str  # 业务流水号
    setlId: NotRequired[str]  # 结算ID
    setlTime: NotRequired[str]  # 结算时间
    psnNo: NotRequired[str]  # 人员编号
    psnName: str  # 人员姓名
    certno: NotRequired[str]  # 证件号码
    insutype: NotRequired[str]  # 险种类型
    inscpAmt: NotRequired[Number]  # 符合范围金额
    hifpPay: NotRequired[Number]  # 统筹基金支出
    maindiagCode: str  # 主要诊断代码
    maindiagName: str  # 主要诊断名称
    scddiagCode: NotRequired[str]  # 次要诊断代码
    scddiagName: NotRequired[str]  # 次要诊断名称
    mdtrtareaAdmdvs: str  # 就医地医保区划
    initElecSetlCertCode: NotRequired[str]  # 原电子结算凭证代码
    initElecSetlCertNo: str  # 原电子结算凭证号码
    initUpldWay: str  # 原上传方式
    rea: str  # 原因
    certCodeNoErrFlag: str  # 凭证代码号码错误标志
    extFld: NotRequired[str]  # 扩展字段


class Input4905(TypedDict):
    """4905 医疗机构重新上传电子结算凭证信息: Input."""

    fixmedinsCode: str  # 定点医疗机构编号
    fixmedinsName: str  # 定点医疗机构名称
    bizStsb: str  # 业务区间
    upldBchno: str  # 上传批次号
    reUploadDetlDTOList: list[Input4905Data]  # 结算凭证关联关系列表
    upldMode: NotRequired[str]  # 上传模式
    ftfileCompac: NotRequired[str]  # 文件压缩包
    elecSetlCertCnt: Number  # 电子结算凭证数量
    filename: str  # 文件名称


class Output4905(TypedDict):
    """4905 医疗机构重新上传电子结算凭证信息: nothing."""


T4905: Pair[Input4905, Output4905] = Pair("4905")
"""4905 医疗机构重新上传电子结算凭证信息."""
