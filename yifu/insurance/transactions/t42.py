"""Transactions 42xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input4201Feedetail(TypedDict):
    """4201 自费病人费用明细信息上传: feedetail."""

    mdtrt_sn: str  # 就医流水号
    ipt_otp_no: str  # 住院/门诊号
    med_type: str  # 医疗类别
    chrg_bchno: str  # 收费批次号
    feedetl_sn: str  # 费用明细流水号
    psn_cert_type: str  # 人员证件类型
    certno: str  # 证件号码
    psn_name: str  # 人员姓名
    fee_ocur_time: str  # 费用发生时间
    cnt: Number  # 数量
    pric: Number  # 单价
    det_item_fee_sumamt: Number  # 明细项目费用总额
    med_list_codg: str  # 医疗目录编码
    medins_list_codg: str  # 医药机构目录编码
    medins_list_name: str  # 医药机构目录名称
    med_chrgitm_type: str  # 医疗收费项目类别
    prodname: str  # 商品名
    bilg_dept_codg: str  # 开单科室编码
    bilg_dept_name: str  # 开单科室名称
    bilg_dr_codg: str  # 开单医生编码
    bilg_dr_name: str  # 开单医师姓名
    acord_dept_codg: NotRequired[str]  # 受单科室编码
    acord_dept_name: NotRequired[str]  # 受单科室名称
    orders_dr_code: NotRequired[str]  # 受单医生编码
    orders_dr_name: NotRequired[str]  # 受单医生姓名
    tcmdrug_used_way: NotRequired[str]  # 中药使用方式
    etip_flag: NotRequired[str]  # 外检标志
    etip_hosp_code: NotRequired[str]  # 外检医院编码
    dscg_tkdrug_flag: NotRequired[str]  # 出院带药标志
    memo: NotRequired[str]  # 备注


class Input4201(TypedDict):
    """4201 自费病人费用明细信息上传: Input4201."""

    feedetail: list[Input4201Feedetail]


class Output4201(TypedDict):
    """4201 自费病人费用明细信息上传: nothing."""


T4201: Pair[Input4201, Output4201] = Pair("4201")
"""4201 自费病人费用明细信息上传."""
