"""Transactions 63xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Free, Number, Pair


class Input6301Data(TypedDict):
    """6301 医保订单结算结果查询: data."""

    payOrdId: str  # 支付订单号
    orgCodg: str  # 定点机构编码
    payToken: str  # 支付token
    idNo: str  # 证件号码
    userName: str  # 用户姓名
    idType: str  # 证件类别
    extData: NotRequired[Free]  # 扩展数据


class Input6301(TypedDict):
    """6301 医保订单结算结果查询: Input6301."""

    data: Input6301Data


class Output6301Data(TypedDict):
    """6301 医保订单结算结果查询: data."""

    ordStas: str  # 订单状态
    payOrdId: str  # 支付订单号
    callType: NotRequired[str]  # 回调类型
    medOrgOrd: str  # 医院订单号
    traceTime: NotRequired[str]  # 交易时间
    orgCodg: str  # 两定机构编号
    orgName: str  # 两定机构名称
    setlType: NotRequired[str]  # 结算类型
    feeSumamt: Number  # 费用总金额
    ownPayAmt: Number  # 现金支付
    psnAcctPay: Number  # 个人账户支付
    fundPay: Number  # 医保基金支付
    revsToken: NotRequired[str]  # 用于院内结算失败对医保的冲正授权
    extData: NotRequired[Free]  # 医保扩展数据


class Output6301(TypedDict):
    """6301 医保订单结算结果查询: Output6301."""

    data: Output6301Data


T6301: Pair[Input6301, Output6301] = Pair("6301")
"""6301 医保订单结算结果查询."""


class Input6302Data(TypedDict):
    """6302 医保结算结果通知: data."""

    payOrdId: str  # 支付订单号
    callType: str  # 回调类型
    medOrgOrd: str  # 医院订单号
    traceTime: str  # 交易时间
    feeSumamt: Number  # 费用总金额
    ownpayAmt: Number  # 个人现金自付
    psnAcctPay: Number  # 个人账户支付
    fundPay: Number  # 其中基金支付
    hiChrgTime: str  # 医保收费时间
    hiDocSn: str  # 医保交易流水号
    hiRgstSn: str  # 医保挂号流水号
    orgName: str  # 机构名称
    ecCode: NotRequired[str]  # 电子凭证码值
    setlType: str  # 结算类型
    revsToken: str  # 用于院内结算失败对医保的冲正授权
    extData: NotRequired[Free]  # 医保扩展数据


class Input6302(TypedDict):
    """6302 医保结算结果通知: Input6302."""

    data: Input6302Data


class Output6302Data(TypedDict):
    """6302 医保结算结果通知: data."""

    success: bool  # 回调通知结果
    message: str  # 结果说明


class Output6302(TypedDict):
    """6302 医保结算结果通知: Output6302."""

    data: Output6302Data


T6302: Pair[Input6302, Output6302] = Pair("6302")
"""6302 医保结算结果通知."""
