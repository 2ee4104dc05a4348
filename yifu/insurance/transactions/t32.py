"""Transactions 32xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input3201Data(TypedDict):
    """3201 医药机构费用结算对总账: data."""

    insutype: str  # 险种
    clr_type: str  # 清算类别
    setl_optins: str  # 结算经办机构
    stmt_begndate: str  # 对账开始日期
    stmt_enddate: str  # 对账结束日期
    medfee_sumamt: Number  # 医疗费总额
    fund_pay_sumamt: Number  # 基金支付总额
    acct_pay: Number  # 个人账户支付金额
    fixmedins_setl_cnt: Number  # 定点医药机构结算笔数
    refd_setl_flag: NotRequired[str]  # 退费结算标志
    fixmedins_refd_setl_flag: str  # 定点医药机构退费结算标志


class Input3201(TypedDict):
    """3201 医药机构费用结算对总账: Input3201."""

    data: Input3201Data


class Output3201Stmtinfo(TypedDict):
    """3201 医药机构费用结算对总账: stmtinfo."""

    setl_optins: NotRequired[str]  # 结算经办机构
    stmt_rslt: str  # 对账结果
    stmt_rslt_dscr: NotRequired[str]  # 对账结果说明


class Output3201(TypedDict):
    """3201 医药机构费用结算对总账: Output3201."""

    stmtinfo: Output3201Stmtinfo


T3201: Pair[Input3201, Output3201] = Pair("3201")
"""3201 医药机构费用结算对总账."""


class Input3202Data(TypedDict):
    """3202 医药机构费用结算对明细账: data."""

    setl_optins: str  # 结算经办机构
    file_qury_no: str  # 文件查询号
    stmt_begndate: str  # 对账开始日期
    stmt_enddate: str  # 对账结束日期
    medfee_sumamt: Number  # 医疗费总额
    fund_pay_sumamt: Number  # 基金支付总额
    cash_payamt: Number  # 现金支付金额
    fixmedins_setl_cnt: Number  # 定点医药机构结算笔数
    clr_type: str  # 清算类别
    refd_setl_flag: NotRequired[str]  # 退费结算标志
    fixmedins_refd_setl_flag: str  # 定点医药机构退费结算标志


class Input3202(TypedDict):
    """3202 医药机构费用结算对明细账: Input3202."""

    data: Input3202Data


class Output3202Fileinfo(TypedDict):
    """3202 医药机构费用结算对明细账: fileinfo."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名称
    dld_endtime: str  # 下载截止时间


class Output3202(TypedDict):
    """3202 医药机构费用结算对明细账: Output3202."""

    fileinfo: Output3202Fileinfo


T3202: Pair[Input3202, Output3202] = Pair("3202")
"""3202 医药机构费用结算对明细账."""


class Input3203Data(TypedDict):
    """3203 清算申请: data."""

    clr_type: str  # 清算类别
    clr_way: NotRequired[str]  # 清算方式
    setlym: str  # 清算年月
    psntime: Number  # 清算人次
    medfee_sumamt: Number  # 医疗费总额
    med_sumfee: Number  # 医保认可费用总额
    fund_appy_sum: Number  # 基金申报总额
    cash_payamt: Number  # 现金支付金额
    acct_pay: Number  # 个人账户支出
    begndate: str  # 开始日期
    enddate: str  # 结束日期


class Input3203(TypedDict):
    """3203 清算申请: Input3203."""

    data: Input3203Data


class Output3203Result(TypedDict):
    """3203 清算申请: result."""

    clr_appy_evt_id: str  # 机构清算申请事件ID


class Output3203(TypedDict):
    """3203 清算申请: Output3203."""

    result: Output3203Result


T3203: Pair[Input3203, Output3203] = Pair("3203")
"""3203 清算申请."""


class Input3204Data(TypedDict):
    """3204 清算申请撤销: data."""

    clr_appy_evt_id: str  # 机构清算申请事件ID


class Input3204(TypedDict):
    """3204 清算申请撤销: Input3204."""

    data: Input3204Data


class Output3204(TypedDict):
    """3204 清算申请撤销: nothing."""


T3204: Pair[Input3204, Output3204] = Pair("3204")
"""3204 清算申请撤销."""
