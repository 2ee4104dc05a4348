"""Transactions 54xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input5401Bilgiteminfo(TypedDict):
    """5401 项目互认信息查询: bilgiteminfo."""

    psn_no: str  # 人员编号
    exam_org_code: NotRequired[str]  # 检查机构代码
    exam_org_name: NotRequired[str]  # 检查机构名称
    exam_item_code: NotRequired[str]  # 检查-项目代码
    exam_item_name: NotRequired[str]  # 检查-项目名称


class Input5401(TypedDict):
    """5401 项目互认信息查询: Input5401."""

    bilgiteminfo: list[Input5401Bilgiteminfo]


class Output5401Bilgiteminfo(TypedDict):
    """5401 项目互认信息查询: bilgiteminfo."""

    psn_no: str  # 人员编号
    rpotc_no: str  # 报告单号
    rpt_date: NotRequired[str]  # 报告日期
    rpotc_type_code: NotRequired[str]  # 报告单类别代码
    fixmedins_code: NotRequired[str]  # 机构编号
    exam_rpotc_name: NotRequired[str]  # 检查报告单名称
    exam_rslt_poit_flag: NotRequired[str]  # 检查结果阳性标志
    exam_rslt_abn: NotRequired[str]  # 检查/检验结果异常标志
    exam_ccls: NotRequired[str]  # 检查结论
    exe_org_name: NotRequired[str]  # 执行机构名称


class Output5401(TypedDict):
    """5401 项目互认信息查询: Output5401."""

    bilgiteminfo: list[Output5401Bilgiteminfo]


T5401: Pair[Input5401, Output5401] = Pair("5401")
"""5401 项目互认信息查询."""


class Input5402Rptdetailinfo(TypedDict):
    """5402 报告明细信息查询: rptdetailinfo."""

    psn_no: str  # 人员编号
    rpotc_no: str  # 报告单号
    fixmedins_code: str  # 机构编号


class Input5402(TypedDict):
    """5402 报告明细信息查询: Input5402."""

    rptdetailinfo: Input5402Rptdetailinfo


class Output5402Checkreportdetails(TypedDict):
    """5402 报告明细信息查询: checkreportdetails."""

    psn_no: str  # 人员编号
    rpotc_no: str  # 报告单号
    rpt_date: NotRequired[str]  # 报告日期
    rpotc_type_code: NotRequired[str]  # 报告单类别代码
    exam_rpotc_name: NotRequired[str]  # 检查报告单名称
    exam_rslt_poit_flag: NotRequired[str]  # 检查结果阳性标志
    exam_rslt_abn: NotRequired[str]  # 检查异常标志
    exam_ccls: NotRequired[str]  # 检查结论
    bilgDrName: NotRequired[str]  # 报告医师


class Output5402Inspectionreportinformation(TypedDict):
    """5402 报告明细信息查询: inspectionreportinformation."""

    psn_no: str  # 人员编号
    rpotc_no: NotRequired[str]  # 报告单号
    exam_item_code: NotRequired[str]  # 检验-项目代码
    exam_item_name: NotRequired[str]  # 检验-项目名称
    rpt_date: NotRequired[str]  # 报告日期
    rpot_doc: NotRequired[str]  # 报告医师


class Output5402Inspectiondetails(TypedDict):
    """5402 报告明细信息查询: inspectiondetails."""

    rpotc_no: NotRequired[str]  # 报告单号
    exam_mtd: NotRequired[str]  # 检验方法
    ref_val: NotRequired[str]  # 参考值
    exam_unt: NotRequired[str]  # 检验-计量单位
    exam_rslt_val: NotRequired[Number]  # 检验-结果(数值)
    exam_rslt_qual: NotRequired[str]  # 检验 - 结果(定性)
    exam_item_detl_code: NotRequired[str]  # 检验 - 项目明细代码
    exam_item_detl_name: NotRequired[str]  # 检验 - 项目明细名称
    exam_rslt_abn: NotRequired[str]  # 检查 / 检验结果异常标识


class Output5402(TypedDict):
    """5402 报告明细信息查询: Output5402."""

    checkreportdetails: list[Output5402Checkreportdetails]
    inspectionreportinformation: Output5402Inspectionreportinformation
    inspectiondetails: NotRequired[list[Output5402Inspectiondetails]]


T5402: Pair[Input5402, Output5402] = Pair("5402")
"""5402 报告明细信息查询."""


class Input5461Data(TypedDict):
    """5461 检查检验结果互认查询授权申请: data."""

    psnNo: str  # 人员编号
    mdtrtCertType: str  # 就诊凭证类型
    mdtrtCertNo: str  # 就诊凭证编号
    cardSn: NotRequired[str]  # 卡识别码
    ecToken: NotRequired[str]  # 身份核验令牌
    psnUserIdCard: str  # 证件号码
    psnUserName: str  # 授权人姓名


class Input5461(TypedDict):
    """5461 检查检验结果互认查询授权申请: Input5461."""

    data: Input5461Data


class Output5461(TypedDict):
    """5461 检查检验结果互认查询授权申请: Output."""

    infcode: Number  # 交易状态码
    inf_refmsgid: str  # 接收方报文ID
    refmsg_time: NotRequired[str]  # 接收报文时间
    respond_time: NotRequired[str]  # 响应报文时间
    err_msg: NotRequired[str]  # 错误信息
    output: NotRequired[str]  # 交易输出


T5461: Pair[Input5461, Output5461] = Pair("5461")
"""5461 检查检验结果互认查询授权申请."""
