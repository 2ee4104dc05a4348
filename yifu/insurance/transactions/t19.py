"""Transactions 19xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input1901Data(TypedDict):
    """1901 字典表查询: data."""

    type: str  # 字典类型
    parent_value: str  # 父字典键值
    admdvs: str  # 行政区划
    date: str  # 查询日期
    Vali_Flag: str  # 有效标志


class Input1901(TypedDict):
    """1901 字典表查询: Input1901."""

    data: Input1901Data


class Output1901List(TypedDict):
    """1901 字典表查询: list."""

    type: str  # 字典类型
    label: str  # 字典标签
    value: str  # 字典键值
    parentValue: str  # 父字典键值
    sort: Number  # 序号
    valiFlag: str  # 权限标识
    createUser: str  # 创建账户
    createDate: str  # 创建时间
    version: Number  # 版本号


class Output1901(TypedDict):
    """1901 字典表查询: Output1901."""

    list: list[Output1901List]


T1901: Pair[Input1901, Output1901] = Pair("1901")
"""1901 字典表查询."""
