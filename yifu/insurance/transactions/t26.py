"""Transactions 26xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import TypedDict

from yifu.insurance.transactions.pair import Pair


class Input2601Data(TypedDict):
    """2601 冲正交易: data."""

    psn_no: str  # 人员编号
    omsgid: str  # 原发送方报文ID
    oinfno: str  # 原交易编号


class Input2601(TypedDict):
    """2601 冲正交易: Input2601."""

    data: Input2601Data


class Output2601(TypedDict):
    """2601 冲正交易: nothing."""


T2601: Pair[Input2601, Output2601] = Pair("2601")
"""2601 冲正交易."""
