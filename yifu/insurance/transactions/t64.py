"""Transactions 64xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Free, Pair


class Input6401Data(TypedDict):
    """6401 费用明细上传撤销: data."""

    payOrdId: str  # 支付订单号
    orgCodg: str  # 机构编号
    payToken: str  # 支付token
    idNo: str  # 证件号码
    userName: str  # 用户姓名
    idType: str  # 证件类别
    extData: NotRequired[Free]  # 医保扩展数据


class Input6401(TypedDict):
    """6401 费用明细上传撤销: Input6401."""

    data: Input6401Data


class Output6401Data(TypedDict):
    """6401 费用明细上传撤销: data."""

    success: bool  # 回调通知结果


class Output6401(TypedDict):
    """6401 费用明细上传撤销: Output6401."""

    data: Output6401Data


T6401: Pair[Input6401, Output6401] = Pair("6401")
"""6401 费用明细上传撤销."""
