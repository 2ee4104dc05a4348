"""Transactions 61xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Pair


class Input6101InData(TypedDict):
    """6101 解析医保电子凭证二维码: InData."""

    orgId: str  # 机构ID
    businessType: str  # 用码业务类型
    businessInfo: NotRequired[str]  # 用码业务信息
    operatorId: str  # 操作员工号
    operatorName: str  # 操作员姓名
    officeId: str  # 医保科室编号
    officeName: str  # 科室名称
    deviceType: NotRequired[str]  # 设备类型


class Input6101(TypedDict):
    """6101 解析医保电子凭证二维码: Input6101."""

    InData: Input6101InData


class Output6101OutData(TypedDict):
    """6101 解析医保电子凭证二维码: OutData."""

    userName: str  # 用户姓名
    idNo: str  # 证件号码
    idType: str  # 证件类型
    ecToken: str  # 身份核验令牌
    insuOrg: str  # 参保地行政区划
    authNo: NotRequired[str]  # 授权流水号
    ecIndexNo: NotRequired[str]  # 外部索引号
    gender: NotRequired[str]  # 性别
    birthday: NotRequired[str]  # 出生日期
    nationality: NotRequired[str]  # 国籍
    email: NotRequired[str]  # 电子邮箱


class Output6101(TypedDict):
    """6101 解析医保电子凭证二维码: Output6101."""

    OutData: Output6101OutData


T6101: Pair[Input6101, Output6101] = Pair("6101")
"""6101 解析医保电子凭证二维码."""
