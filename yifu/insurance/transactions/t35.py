"""Transactions 35xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input3501Drugtracinfo(TypedDict):
    """3501 商品盘存上传: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3501Invinfo(TypedDict):
    """3501 商品盘存上传: invinfo."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    rx_flag: str  # 处方药标志
    invdate: str  # 盘存日期
    inv_cnt: Number  # 库存数量
    manu_lotnum: NotRequired[str]  # 生产批号
    fixmedins_bchno: str  # 定点医药机构批次流水号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    memo: NotRequired[str]  # 备注
    drugtracinfo: NotRequired[list[Input3501Drugtracinfo]]  # 溯源码节点信息


class Input3501(TypedDict):
    """3501 商品盘存上传: Input3501."""

    invinfo: Input3501Invinfo


class Output3501(TypedDict):
    """3501 商品盘存上传: nothing."""


T3501: Pair[Input3501, Output3501] = Pair("3501")
"""3501 商品盘存上传."""


class Input3501AInvinfoDetail(TypedDict):
    """3501A 商品盘存上传A: invinfoDetail."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    fixmedins_hilist_id: NotRequired[str]  # 定点医药机构目录编号
    fixmedins_hilist_name: NotRequired[str]  # 定点医药机构目录名称
    rx_flag: NotRequired[str]  # 处方药标志
    invdate: NotRequired[str]  # 盘存日期
    inv_cnt: NotRequired[Number]  # 库存数量
    manu_lotnum: NotRequired[str]  # 生产批号
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    manu_date: NotRequired[str]  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    memo: NotRequired[str]  # 备注
    pric: NotRequired[Number]  # 单价


class Input3501A(TypedDict):
    """3501A 商品盘存上传A: Input3501A."""

    invinfoDetail: list[Input3501AInvinfoDetail]


class Output3501A(TypedDict):
    """3501A 商品盘存上传A: nothing."""


T3501A: Pair[Input3501A, Output3501A] = Pair("3501A")
"""3501A 商品盘存上传A."""


class Input3502Invinfo(TypedDict):
    """3502 商品库存变更: invinfo."""

    med_list_codg: str  # 医疗目录编码
    inv_chg_type: str  # 库存变更类型
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    pric: Number  # 单价
    cnt: Number  # 数量
    rx_flag: str  # 处方药标志
    inv_chg_time: str  # 库存变更时间
    inv_chg_opter_name: NotRequired[str]  # 库存变更经办人姓名
    memo: NotRequired[str]  # 备注
    trdn_flag: NotRequired[str]  # 拆零标志


class Input3502(TypedDict):
    """3502 商品库存变更: Input3502."""

    invinfo: Input3502Invinfo


class Output3502(TypedDict):
    """3502 商品库存变更: nothing."""


T3502: Pair[Input3502, Output3502] = Pair("3502")
"""3502 商品库存变更."""


class Input3502ADrugtracinfo(TypedDict):
    """3502A 商品库存变更A: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3502AInvinfoDetail(TypedDict):
    """3502A 商品库存变更A: invinfoDetail."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    inv_chg_type: str  # 库存变更类型
    fixmedins_hilist_id: NotRequired[str]  # 定点医药机构目录编号
    fixmedins_hilist_name: NotRequired[str]  # 定点医药机构目录名称
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    pric: NotRequired[Number]  # 单价
    cnt: NotRequired[Number]  # 数量
    rx_flag: str  # 处方药标志
    inv_chg_time: NotRequired[str]  # 库存变更时间
    inv_chg_opter_name: NotRequired[str]  # 库存变更经办人姓名
    memo: NotRequired[str]  # 备注
    trdn_flag: str  # 拆零标志
    drugtracinfo: NotRequired[list[Input3502ADrugtracinfo]]  # 溯源码节点信息
    trac_codg_pac_hery: str  # 追溯码包装层级


class Input3502A(TypedDict):
    """3502A 商品库存变更A: Input3502A."""

    invinfoDetail: list[Input3502AInvinfoDetail]


class Output3502AInvinfoErrDetail(TypedDict):
    """3502A 商品库存变更A: invinfoErrDetail."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    inv_chg_type: str  # 库存变更类型
    fixmedins_hilist_id: NotRequired[str]  # 定点医药机构目录编号
    fixmedins_hilist_name: NotRequired[str]  # 定点医药机构目录名称
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 错误原因
    memo: NotRequired[str]  # 备注


class Output3502A(TypedDict):
    """3502A 商品库存变更A: Output3502A."""

    invinfoErrDetail: list[Output3502AInvinfoErrDetail]


T3502A: Pair[Input3502A, Output3502A] = Pair("3502A")
"""3502A 商品库存变更A."""


class Input3503Purcinfo(TypedDict):
    """3503 商品采购: purcinfo."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    dynt_no: NotRequired[str]  # 随货单号
    fixmedins_bchno: str  # 定点医药机构批次流水号
    spler_name: str  # 供应商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_lotnum: str  # 生产批号
    prodentp_name: str  # 生产厂家名称
    aprvno: str  # 批准文号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    purc_retn_cnt: Number  # 采购/退货数量
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: NotRequired[str]  # 采购发票号
    rx_flag: str  # 处方药标志
    purc_retn_stoin_time: str  # 采购/退货入库时间
    purc_retn_opter_name: str  # 采购/退货经办人姓名
    prod_geay_flag: NotRequired[str]  # 商品赠送标志
    memo: NotRequired[str]  # 备注


class Input3503(TypedDict):
    """3503 商品采购: Input3503."""

    purcinfo: Input3503Purcinfo


class Output3503(TypedDict):
    """3503 商品采购: nothing."""


T3503: Pair[Input3503, Output3503] = Pair("3503")
"""3503 商品采购."""


class Input3503APurcInvoFileDTO(TypedDict):
    """3503A 商品采购A: purcInvoFileDTO."""

    fixmedins_bchno: str  # 定点医药机构批次流水号
    file_data: str  # 文件内容
    file_name: str  # 文件名


class Input3503APurcinfoDetail(TypedDict):
    """3503A 商品采购A: purcinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    dynt_no: NotRequired[str]  # 随货单号
    fixmedins_bchno: str  # 定点医药机构批次流水号
    spler_name: str  # 供应商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_lotnum: str  # 生产批号
    prodentp_name: str  # 生产厂家名称
    aprvno: str  # 批准文号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    finl_trns_pric: Number  # 最终成交单价
    purc_retn_cnt: Number  # 采购/退货数量
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: NotRequired[str]  # 采购发票号
    rx_flag: str  # 处方药标志
    purc_retn_stoin_time: str  # 采购/退货入库时间
    purc_retn_opter_name: str  # 采购/退货经办人姓名
    prod_geay_flag: NotRequired[str]  # 商品赠送标志
    memo: NotRequired[str]  # 备注
    purc_invo_file_List: list[Input3503APurcInvoFileDTO]  # 采购单据列表


class Input3503A(TypedDict):
    """3503A 商品采购A: Input3503A."""

    purcinfoDetail: list[Input3503APurcinfoDetail]


class Output3503APurcinfoDetail(TypedDict):
    """3503A 商品采购A: purcinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    dynt_no: NotRequired[str]  # 随货单号
    fixmedins_bchno: str  # 定点医药机构批次流水号
    spler_name: str  # 供应商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_lotnum: str  # 生产批号
    prodentp_name: str  # 生产厂家名称
    aprvno: str  # 批准文号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    finl_trns_pric: Number  # 最终成交单价
    purc_retn_cnt: Number  # 采购/退货数量
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: NotRequired[str]  # 采购发票号
    rx_flag: str  # 处方药标志
    purc_retn_stoin_time: str  # 采购/退货入库时间
    purc_retn_opter_name: str  # 采购/退货经办人姓名
    prod_geay_flag: NotRequired[str]  # 商品赠送标志
    memo: NotRequired[str]  # 备注
    medins_prod_purc_no: NotRequired[str]  # 商品采购流水号
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 返回信息


class Output3503A(TypedDict):
    """3503A 商品采购A: Output3503A."""

    purcinfoDetail: list[Output3503APurcinfoDetail]


T3503A: Pair[Input3503A, Output3503A] = Pair("3503A")
"""3503A 商品采购A."""


class Input3504Purcinfo(TypedDict):
    """3504 商品采购退货: purcinfo."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    spler_name: str  # 供应商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    purc_retn_cnt: Number  # 采购/退货数量
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: str  # 采购发票号
    rx_flag: str  # 处方药标志
    purc_retn_stoin_time: str  # 采购/退货入库时间
    purc_retn_opter_name: str  # 采购/退货经办人姓名
    memo: NotRequired[str]  # 备注
    medins_prod_purc_no: NotRequired[str]  # 商品采购流水号


class Input3504(TypedDict):
    """3504 商品采购退货: Input3504."""

    purcinfo: Input3504Purcinfo


class Output3504(TypedDict):
    """3504 商品采购退货: nothing."""


T3504: Pair[Input3504, Output3504] = Pair("3504")
"""3504 商品采购退货."""


class Input3504APurcinfoDetail(TypedDict):
    """3504A 商品采购退货A: purcinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    spler_name: str  # 供应商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_date: str  # 生产日期
    expy_end: str  # 有效期止
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    purc_retn_cnt: Number  # 采购/退货数量
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: str  # 采购发票号
    rx_flag: str  # 处方药标志
    purc_retn_stoin_time: str  # 采购/退货入库时间
    purc_retn_opter_name: str  # 采购/退货经办人姓名
    memo: NotRequired[str]  # 备注
    medins_prod_purc_no: NotRequired[str]  # 商品采购流水号


class Input3504A(TypedDict):
    """3504A 商品采购退货A: Input3504A."""

    purcinfoDetail: list[Input3504APurcinfoDetail]


class Output3504APurcinfoErrDetail(TypedDict):
    """3504A 商品采购退货A: purcinfoErrDetail."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    fixmedins_hilist_id: NotRequired[str]  # 定点医药机构目录编号
    fixmedins_hilist_name: NotRequired[str]  # 定点医药机构目录名称
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    medins_prod_purc_no: NotRequired[str]  # 商品采购流水号
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 错误原因
    memo: NotRequired[str]  # 备注


class Output3504A(TypedDict):
    """3504A 商品采购退货A: Output3504A."""

    purcinfoErrDetail: NotRequired[list[Output3504APurcinfoErrDetail]]


T3504A: Pair[Input3504A, Output3504A] = Pair("3504A")
"""3504A 商品采购退货A."""


class Input3505Drugtracinfo(TypedDict):
    """3505 商品销售: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3505Selinfo(TypedDict):
    """3505 商品销售: selinfo."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    prsc_dr_cert_type: NotRequired[str]  # 开方医师证件类型
    prsc_dr_certno: NotRequired[str]  # 开方医师证件号码
    prsc_dr_name: str  # 开方医师姓名
    phar_cert_type: NotRequired[str]  # 药师证件类型
    phar_certno: NotRequired[str]  # 药师证件号码
    phar_name: str  # 药师姓名
    phar_prac_cert_no: str  # 药师执业资格证号
    hi_feesetl_type: NotRequired[str]  # 医保费用结算类型
    setl_id: NotRequired[str]  # 结算ID
    mdtrt_sn: str  # 就医流水号
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: str  # 生产批号
    manu_date: str  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    rx_flag: str  # 处方药标志
    trdn_flag: str  # 拆零标志
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    rxno: NotRequired[str]  # 处方号
    rx_circ_flag: NotRequired[str]  # 外购处方标志
    rtal_docno: str  # 零售单据号
    stoout_no: NotRequired[str]  # 销售出库单据号
    bchno: NotRequired[str]  # 批次号
    drug_trac_codg: NotRequired[str]  # 药品追溯码
    drug_prod_barc: NotRequired[str]  # 药品条形码
    shelf_posi: NotRequired[str]  # 货架位
    sel_retn_cnt: Number  # 销售/退货数量
    sel_retn_time: str  # 销售/退货时间
    sel_retn_opter_name: str  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    MDTRT_SETL_TYPE: NotRequired[str]  # 就诊结算类型
    drugtracinfo: list[Input3505Drugtracinfo]  # 溯源码节点信息


class Input3505(TypedDict):
    """3505 商品销售: Input3505."""

    selinfo: Input3505Selinfo


class Output3505(TypedDict):
    """3505 商品销售: nothing."""


T3505: Pair[Input3505, Output3505] = Pair("3505")
"""3505 商品销售."""


class Input3505ADrugtracinfo(TypedDict):
    """3505A 商品销售A: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3505ASelinfoDetail(TypedDict):
    """3505A 商品销售A: selinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    prsc_dr_cert_type: NotRequired[str]  # 开方医师证件类型
    prsc_dr_certno: NotRequired[str]  # 开方医师证件号码
    prsc_dr_name: str  # 开方医师姓名
    phar_cert_type: NotRequired[str]  # 药师证件类型
    phar_certno: NotRequired[str]  # 药师证件号码
    phar_name: str  # 药师姓名
    phar_prac_cert_no: str  # 药师执业资格证号
    hi_feesetl_type: NotRequired[str]  # 医保费用结算类型
    setl_id: NotRequired[str]  # 结算ID
    mdtrt_sn: str  # 就医流水号
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: str  # 生产批号
    manu_date: str  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    rx_flag: str  # 处方药标志
    trdn_flag: str  # 拆零标志
    finl_trns_pric: Number  # 最终成交单价
    rxno: NotRequired[str]  # 处方号
    rx_circ_flag: NotRequired[str]  # 外购处方标志
    rtal_docno: str  # 零售单据号
    stoout_no: NotRequired[str]  # 销售出库单据号
    bchno: NotRequired[str]  # 批次号
    drug_prod_barc: str  # 药品条形码
    shelf_posi: NotRequired[str]  # 货架位
    sel_retn_cnt: Number  # 销售/退货数量
    sel_retn_time: str  # 销售/退货时间
    sel_retn_opter_name: str  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    prsc_dr_no: NotRequired[str]  # 开方医师编号
    phar_no: NotRequired[str]  # 医保药师编号
    MDTRT_SETL_TYPE: NotRequired[str]  # 就诊结算类型
    drugtracinfo: list[Input3505ADrugtracinfo]  # 溯源码节点信息


class Input3505A(TypedDict):
    """3505A 商品销售A: Input3505A."""

    selinfoDetail: list[Input3505ASelinfoDetail]


class Output3505ASelinfoDetail(TypedDict):
    """3505A 商品销售A: selinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    prsc_dr_cert_type: NotRequired[str]  # 开方医师证件类型
    prsc_dr_certno: NotRequired[str]  # 开方医师证件号码
    prsc_dr_name: str  # 开方医师姓名
    phar_cert_type: NotRequired[str]  # 药师证件类型
    phar_certno: NotRequired[str]  # 药师证件号码
    phar_name: str  # 药师姓名
    phar_prac_cert_no: str  # 药师执业资格证号
    hi_feesetl_type: NotRequired[str]  # 医保费用结算类型
    setl_id: NotRequired[str]  # 结算ID
    mdtrt_sn: str  # 就医流水号
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: str  # 生产批号
    manu_date: str  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    rx_flag: str  # 处方药标志
    trdn_flag: str  # 拆零标志
    finl_trns_pric: Number  # 最终成交单价
    rxno: NotRequired[str]  # 处方号
    rx_circ_flag: NotRequired[str]  # 外购处方标志
    rtal_docno: str  # 零售单据号
    stoout_no: NotRequired[str]  # 销售出库单据号
    bchno: NotRequired[str]  # 批次号
    drug_prod_barc: str  # 药品条形码
    shelf_posi: NotRequired[str]  # 货架位
    sel_retn_cnt: Number  # 销售/退货数量
    sel_retn_time: str  # 销售/退货时间
    sel_retn_opter_name: str  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    prsc_dr_no: NotRequired[str]  # 开方医师编号
    phar_no: NotRequired[str]  # 医保药师编号
    MDTRT_SETL_TYPE: NotRequired[str]  # 就诊结算类型
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 错误原因
    medins_prod_sel_no: NotRequired[str]  # 商品销售流水号


class Output3505A(TypedDict):
    """3505A 商品销售A: Output3505A."""

    selinfoDetail: list[Output3505ASelinfoDetail]


T3505A: Pair[Input3505A, Output3505A] = Pair("3505A")
"""3505A 商品销售A."""


class Input3506Drugtracinfo(TypedDict):
    """3506 商品销售退货: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3506Selinfo(TypedDict):
    """3506 商品销售退货: selinfo."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: str  # 生产批号
    manu_date: str  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    rx_flag: str  # 处方药标志
    trdn_flag: str  # 拆零标志
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    sel_retn_cnt: Number  # 销售/退货数量
    sel_retn_time: str  # 销售/退货时间
    sel_retn_opter_name: str  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    medins_prod_sel_no: NotRequired[str]  # 商品销售流水号
    mdtrt_sn: str  # 就医流水号
    drugtracinfo: NotRequired[list[Input3506Drugtracinfo]]  # 溯源码节点信息


class Input3506(TypedDict):
    """3506 商品销售退货: Input3506."""

    selinfo: Input3506Selinfo


class Output3506(TypedDict):
    """3506 商品销售退货: nothing."""


T3506: Pair[Input3506, Output3506] = Pair("3506")
"""3506 商品销售退货."""


class Input3506ADrugtracinfo(TypedDict):
    """3506A 商品销售退货A: drugtracinfo."""

    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3506ASelinfoDetail(TypedDict):
    """3506A 商品销售退货A: selinfoDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: str  # 生产批号
    manu_date: str  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    rx_flag: str  # 处方药标志
    trdn_flag: str  # 拆零标志
    finl_trns_pric: NotRequired[Number]  # 最终成交单价
    sel_retn_cnt: Number  # 销售/退货数量
    sel_retn_time: str  # 销售/退货时间
    sel_retn_opter_name: str  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    medins_prod_sel_no: NotRequired[str]  # 商品销售流水号
    mdtrt_sn: str  # 就医流水号
    drugtracinfo: NotRequired[list[Input3506ADrugtracinfo]]  # 溯源码节点信息


class Input3506A(TypedDict):
    """3506A 商品销售退货A: Input3506A."""

    selinfoDetail: list[Input3506ASelinfoDetail]


class Output3506ASelinfoErrDetail(TypedDict):
    """3506A 商品销售退货A: selinfoErrDetail."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    medins_prod_sel_no: NotRequired[str]  # 商品销售流水号
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 错误原因
    memo: NotRequired[str]  # 备注


class Output3506A(TypedDict):
    """3506A 商品销售退货A: Output3506A."""

    selinfoErrDetail: list[Output3506ASelinfoErrDetail]


T3506A: Pair[Input3506A, Output3506A] = Pair("3506A")
"""3506A 商品销售退货A."""


class Input3507Data(TypedDict):
    """3507 商品信息删除: data."""

    fixmedins_bchno: str  # 定点医药机构批次流水号
    inv_data_type: str  # 进销存数据类型


class Input3507(TypedDict):
    """3507 商品信息删除: Input3507."""

    data: Input3507Data


class Output3507(TypedDict):
    """3507 商品信息删除: nothing."""


T3507: Pair[Input3507, Output3507] = Pair("3507")
"""3507 商品信息删除."""


class Input3507AGoodDetail(TypedDict):
    """3507A 商品信息删除A: goodDetail."""

    fixmedins_bchno: str  # 定点医药机构批次流水号
    inv_data_type: str  # 进销存数据类型


class Input3507A(TypedDict):
    """3507A 商品信息删除A: Input3507A."""

    goodDetail: list[Input3507AGoodDetail]


class Output3507AGoodErrDetail(TypedDict):
    """3507A 商品信息删除A: goodErrDetail."""

    fixmedins_bchno: str  # 定点医药机构批次流水号
    inv_data_type: str  # 进销存数据类型
    retRslt: NotRequired[str]  # 返回结果
    msgRslt: NotRequired[str]  # 返回信息


class Output3507A(TypedDict):
    """3507A 商品信息删除A: Output3507A."""

    goodErrDetail: list[Output3507AGoodErrDetail]


T3507A: Pair[Input3507A, Output3507A] = Pair("3507A")
"""3507A 商品信息删除A."""


class Input3508Data(TypedDict):
    """3508 定点医药机构商品库存信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    medins_prod_inv_no: NotRequired[str]  # 定点医药机构商品库存流水号
    med_list_codg: NotRequired[str]  # 医疗目录编码
    medins_list_name: NotRequired[str]  # 医药机构目录名称
    rx_flag: NotRequired[str]  # 处方药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    trdn_flag: NotRequired[str]  # 拆零标志
    invdate: NotRequired[str]  # 库存日期
    manu_lotnum: NotRequired[str]  # 生产批号
    manu_date: NotRequired[str]  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    memo: NotRequired[str]  # 备注
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号


class Input3508(TypedDict):
    """3508 定点医药机构商品库存信息查询: Input3508."""

    data: Input3508Data


class Output3508Data(TypedDict):
    """3508 定点医药机构商品库存信息查询: data."""

    expyEnd: NotRequired[str]  # 有效期止
    medListCodg: NotRequired[str]  # 医疗目录编码
    poolareaNo: NotRequired[str]  # 统筹区编号
    crteOptinsNo: NotRequired[str]  # 创建机构编号
    invCnt: NotRequired[Number]  # 库存数量
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    memo: NotRequired[str]  # 备注
    updtTime: NotRequired[str]  # 数据更新时间
    manuDate: NotRequired[str]  # 生产日期
    opterName: NotRequired[str]  # 经办人姓名
    rid: NotRequired[str]  # 数据唯一记录号
    crteTime: NotRequired[str]  # 数据创建时间
    invdate: NotRequired[str]  # 库存日期
    valiFlag: NotRequired[str]  # 有效标志
    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    rxFlag: NotRequired[str]  # 处方药标志
    listSpItemFlag: NotRequired[str]  # 目录特项标志
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    optTime: NotRequired[str]  # 经办时间
    opterId: NotRequired[str]  # 经办人ID
    manuLotnum: NotRequired[str]  # 生产批号
    medinsListName: NotRequired[str]  # 医药机构目录名称
    crterName: NotRequired[str]  # 创建人姓名
    medinsProdInvNo: NotRequired[str]  # 定点医药机构商品库存流水号
    crterId: NotRequired[str]  # 创建人ID
    optinsNo: NotRequired[str]  # 经办机构编号
    trdnFlag: NotRequired[str]  # 拆零标志


class Output3508(TypedDict):
    """3508 定点医药机构商品库存信息查询: Output3508."""

    data: NotRequired[list[Output3508Data]]


T3508: Pair[Input3508, Output3508] = Pair("3508")
"""3508 定点医药机构商品库存信息查询."""


class Input3509Data(TypedDict):
    """3509 定点医药机构商品库存变更记录查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    medins_prod_inv_chg_no: NotRequired[str]  # 定点医药机构商品库存变更流水号
    med_list_codg: NotRequired[str]  # 医疗目录编码
    inv_chg_type: NotRequired[str]  # 库存变更类型
    medins_list_name: NotRequired[str]  # 医药机构目录名称
    rx_flag: NotRequired[str]  # 处方药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    trdn_flag: NotRequired[str]  # 拆零标志
    inv_chg_time: NotRequired[str]  # 库存变更时间
    inv_chg_opter_name: NotRequired[str]  # 库存变更经办人姓名
    memo: NotRequired[str]  # 备注
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号


class Input3509(TypedDict):
    """3509 定点医药机构商品库存变更记录查询: Input3509."""

    data: Input3509Data


class Output3509Data(TypedDict):
    """3509 定点医药机构商品库存变更记录查询: data."""

    invChgTime: NotRequired[str]  # 库存变更时间
    medListCodg: NotRequired[str]  # 医疗目录编码
    poolareaNo: NotRequired[str]  # 统筹区编号
    invChgOpterName: NotRequired[str]  # 库存变更经办人姓名
    crteOptinsNo: NotRequired[str]  # 创建机构编号
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    memo: NotRequired[str]  # 备注
    updtTime: NotRequired[str]  # 数据更新时间
    opterName: NotRequired[str]  # 经办人姓名
    rid: NotRequired[str]  # 数据唯一记录号
    crteTime: NotRequired[str]  # 数据创建时间
    valiFlag: NotRequired[str]  # 有效标志
    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    invChgType: NotRequired[str]  # 库存变更类型
    rxFlag: NotRequired[str]  # 处方药标志
    medinsProdInvChgNo: NotRequired[str]  # 定点医药机构商品库存变更流水号
    listSpItemFlag: NotRequired[str]  # 目录特项标志
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    optTime: NotRequired[str]  # 经办时间
    opterId: NotRequired[str]  # 经办人ID
    medinsListName: NotRequired[str]  # 医药机构目录名称
    cnt: NotRequired[Number]  # 数量
    pric: NotRequired[Number]  # 单价
    crterName: NotRequired[str]  # 创建人姓名
    crterId: NotRequired[str]  # 创建人ID
    optinsNo: NotRequired[str]  # 经办机构编号
    trdnFlag: NotRequired[str]  # 拆零标志


class Output3509(TypedDict):
    """3509 定点医药机构商品库存变更记录查询: Output3509."""

    data: NotRequired[list[Output3509Data]]


T3509: Pair[Input3509, Output3509] = Pair("3509")
"""3509 定点医药机构商品库存变更记录查询."""


class Input3510Data(TypedDict):
    """3510 定点医药机构商品采购信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    medins_prod_purc_no: NotRequired[str]  # 定点医药机构商品采购流水号
    med_list_codg: NotRequired[str]  # 医疗目录编码
    medins_list_name: NotRequired[str]  # 医药机构目录名称
    dynt_no: NotRequired[str]  # 随货单号
    spler_name: NotRequired[str]  # 供货商名称
    spler_pmtno: NotRequired[str]  # 供应商许可证号
    manu_lotnum: NotRequired[str]  # 生产批号
    prodentp_name: NotRequired[str]  # 生产企业名称
    aprvno: NotRequired[str]  # 批准文号
    manu_date: NotRequired[str]  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    purc_invo_codg: NotRequired[str]  # 采购发票编码
    purc_invo_no: NotRequired[str]  # 采购发票号
    rx_flag: NotRequired[str]  # 处方药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    purc_retn_stoin_time: NotRequired[str]  # 采购/退货入库时间
    purc_retn_opter_name: NotRequired[str]  # 采购/退货经办人姓名
    prod_geay_flag: NotRequired[str]  # 商品赠送标志
    prod_retn_flag: NotRequired[str]  # 商品退货标志
    memo: NotRequired[str]  # 备注
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号


class Input3510(TypedDict):
    """3510 定点医药机构商品采购信息查询: Input3510."""

    data: Input3510Data


class Output3510Data(TypedDict):
    """3510 定点医药机构商品采购信息查询: data."""

    expyEnd: NotRequired[str]  # 有效期止
    medListCodg: NotRequired[str]  # 医疗目录编码
    poolareaNo: NotRequired[str]  # 统筹区编号
    crteOptinsNo: NotRequired[str]  # 创建机构编号
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    memo: NotRequired[str]  # 备注
    prodRetnFlag: NotRequired[str]  # 商品退货标志
    updtTime: NotRequired[str]  # 数据更新时间
    manuDate: NotRequired[str]  # 生产日期
    opterName: NotRequired[str]  # 经办人姓名
    rid: NotRequired[str]  # 数据唯一记录号
    crteTime: NotRequired[str]  # 数据创建时间
    prodentpName: NotRequired[str]  # 生产企业名称
    valiFlag: NotRequired[str]  # 有效标志
    aprvno: NotRequired[str]  # 批准文号
    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    medinsProdPurcNo: NotRequired[str]  # 定点医药机构商品采购流水号
    rxFlag: NotRequired[str]  # 处方药标志
    listSpItemFlag: NotRequired[str]  # 目录特项标志
    purcInvoNo: NotRequired[str]  # 采购发票号
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    optTime: NotRequired[str]  # 经办时间
    opterId: NotRequired[str]  # 经办人ID
    purcRetnStoinTime: NotRequired[str]  # 采购/退货入库时间
    manuLotnum: NotRequired[str]  # 生产批号
    medinsListName: NotRequired[str]  # 医药机构目录名称
    splerName: NotRequired[str]  # 供货商名称
    prodGeayFlag: NotRequired[str]  # 商品赠送标志
    purcRetnOpterName: NotRequired[str]  # 采购/退货经办人姓名
    purcInvoCodg: NotRequired[str]  # 采购发票编码
    crterName: NotRequired[str]  # 创建人姓名
    crterId: NotRequired[str]  # 创建人ID
    optinsNo: NotRequired[str]  # 经办机构编号
    splerPmtno: NotRequired[str]  # 供应商许可证号
    finlTrnsPric: NotRequired[Number]  # 最终成交单价
    purcRetnCnt: NotRequired[Number]  # 采购/退货数量
    dyntNo: NotRequired[str]  # 随货单号


class Output3510(TypedDict):
    """3510 定点医药机构商品采购信息查询: Output3510."""

    data: NotRequired[list[Output3510Data]]


T3510: Pair[Input3510, Output3510] = Pair("3510")
"""3510 定点医药机构商品采购信息查询."""


class Input3511Data(TypedDict):
    """3511 定点医药机构商品销售信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    medins_prod_sel_no: NotRequired[str]  # 定点医药机构商品销售流水号
    med_list_codg: NotRequired[str]  # 医疗目录编码
    medins_list_name: NotRequired[str]  # 医药机构目录名称
    prsc_dr_cert_type: NotRequired[str]  # 开单医师证件类型
    prsc_dr_certno: NotRequired[str]  # 开单医师证件号码
    bilg_dr_name: NotRequired[str]  # 开单医师姓名
    phar_cert_type: NotRequired[str]  # 药师证件类型
    phar_certno: NotRequired[str]  # 药师证件号码
    phar_name: NotRequired[str]  # 药师姓名
    phar_prac_cert_no: NotRequired[str]  # 药师执业资格证号
    hi_feesetl_type: NotRequired[str]  # 医保费用结算类型
    setl_id: NotRequired[str]  # 结算ID
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    manu_lotnum: NotRequired[str]  # 生产批号
    manu_date: NotRequired[str]  # 生产日期
    expy_end: NotRequired[str]  # 有效期止
    elec_supn_codg: NotRequired[str]  # 电子监管编码
    rx_flag: NotRequired[str]  # 处方药标志
    list_sp_item_flag: NotRequired[str]  # 目录特项标志
    trdn_flag: NotRequired[str]  # 拆零标志
    sel_retn_time: NotRequired[str]  # 销售/退货时间
    sel_retn_opter_name: NotRequired[str]  # 销售/退货经办人姓名
    memo: NotRequired[str]  # 备注
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 数据唯一记录号
    crter_id: NotRequired[str]  # 创建人ID
    crter_name: NotRequired[str]  # 创建人姓名
    crte_optins_no: NotRequired[str]  # 创建机构编号
    opter_id: NotRequired[str]  # 经办人ID
    opter_name: NotRequired[str]  # 经办人姓名
    optins_no: NotRequired[str]  # 经办机构编号
    poolarea_no: NotRequired[str]  # 统筹区编号


class Input3511(TypedDict):
    """3511 定点医药机构商品销售信息查询: Input3511."""

    data: Input3511Data


class Output3511Data(TypedDict):
    """3511 定点医药机构商品销售信息查询: data."""

    expyEnd: NotRequired[str]  # 有效期止
    pharCertType: NotRequired[str]  # 药师证件类型
    selRetnOpterName: NotRequired[str]  # 销售/退货经办人姓名
    medListCodg: NotRequired[str]  # 医疗目录编码
    poolareaNo: NotRequired[str]  # 统筹区编号
    setlId: NotRequired[str]  # 结算ID
    crteOptinsNo: NotRequired[str]  # 创建机构编号
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    memo: NotRequired[str]  # 备注
    updtTime: NotRequired[str]  # 数据更新时间
    hiFeesetlType: NotRequired[str]  # 医保费用结算类型
    manuDate: NotRequired[str]  # 生产日期
    opterName: NotRequired[str]  # 经办人姓名
    psnNo: NotRequired[str]  # 人员编号
    rid: NotRequired[str]  # 数据唯一记录号
    crteTime: NotRequired[str]  # 数据创建时间
    pharCertno: NotRequired[str]  # 药师证件号码
    valiFlag: NotRequired[str]  # 有效标志
    certno: NotRequired[str]  # 证件号码
    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    rxFlag: NotRequired[str]  # 处方药标志
    pharPracCertNo: NotRequired[str]  # 药师执业资格证号
    listSpItemFlag: NotRequired[str]  # 目录特项标志
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    optTime: NotRequired[str]  # 经办时间
    psnName: NotRequired[str]  # 人员姓名
    elecSupnCodg: NotRequired[str]  # 电子监管编码
    bilgDrName: NotRequired[str]  # 开单医师姓名
    opterId: NotRequired[str]  # 经办人ID
    manuLotnum: NotRequired[str]  # 生产批号
    medinsListName: NotRequired[str]  # 医药机构目录名称
    psnCertType: NotRequired[str]  # 人员证件类型
    selRetnTime: NotRequired[str]  # 销售/退货时间
    selRetnCnt: NotRequired[Number]  # 销售/退货数量
    crterName: NotRequired[str]  # 创建人姓名
    pharName: NotRequired[str]  # 药师姓名
    prscDrCertType: NotRequired[str]  # 开单医师证件类型
    crterId: NotRequired[str]  # 创建人ID
    prscDrCertno: NotRequired[str]  # 开单医师证件号码
    optinsNo: NotRequired[str]  # 经办机构编号
    trdnFlag: NotRequired[str]  # 拆零标志
    finlTrnsPric: NotRequired[Number]  # 最终成交单价
    medinsProdSelNo: NotRequired[str]  # 定点医药机构商品销售流水号


class Output3511(TypedDict):
    """3511 定点医药机构商品销售信息查询: Output3511."""

    data: NotRequired[list[Output3511Data]]


T3511: Pair[Input3511, Output3511] = Pair("3511")
"""3511 定点医药机构商品销售信息查询."""


class Input3512Data(TypedDict):
    """3512 定点医药机构入库商品追溯信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: str  # 开始日期
    enddate: str  # 结束日期
    med_list_codg: NotRequired[str]  # 医疗目录编码
    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3512(TypedDict):
    """3512 定点医药机构入库商品追溯信息查询: Input3512."""

    data: Input3512Data


class Output3512Data(TypedDict):
    """3512 定点医药机构入库商品追溯信息查询: data."""

    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    medListCodg: NotRequired[str]  # 医疗目录编码
    medinsListName: NotRequired[str]  # 医药机构目录名称
    drugTracCodg: NotRequired[str]  # 药品追溯码
    valiFlag: NotRequired[str]  # 有效标志
    opterId: NotRequired[str]  # 经办人ID
    crterName: NotRequired[str]  # 创建人姓名
    crterId: NotRequired[str]  # 创建人ID
    optinsNo: NotRequired[str]  # 经办机构编号
    fixBlngAdmdvs: NotRequired[str]  # 定点归属医保区划


class Output3512(TypedDict):
    """3512 定点医药机构入库商品追溯信息查询: Output3512."""

    data: NotRequired[list[Output3512Data]]


T3512: Pair[Input3512, Output3512] = Pair("3512")
"""3512 定点医药机构入库商品追溯信息查询."""


class Input3513Data(TypedDict):
    """3513 定点医药机构商品销售追溯信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 医药机构目录编码
    fixmedins_bchno: NotRequired[str]  # 定点医药机构批次流水号
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    med_list_codg: NotRequired[str]  # 医疗目录编码
    mdtrt_id: NotRequired[str]  # 就诊ID
    psn_no: NotRequired[str]  # 人员编号
    psn_cert_type: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psn_name: NotRequired[str]  # 人员姓名
    drug_trac_codg: NotRequired[str]  # 药品追溯码


class Input3513(TypedDict):
    """3513 定点医药机构商品销售追溯信息查询: Input3513."""

    data: Input3513Data


class Output3513Data(TypedDict):
    """3513 定点医药机构商品销售追溯信息查询: data."""

    fixmedinsCode: NotRequired[str]  # 定点医药机构编号
    medListCodg: NotRequired[str]  # 医疗目录编码
    medinsListCodg: NotRequired[str]  # 医药机构目录编码
    medinsListName: NotRequired[str]  # 医药机构目录名称
    fixmedinsBchno: NotRequired[str]  # 定点医药机构批次流水号
    mdtrtId: NotRequired[str]  # 就诊ID
    mdtrtSetlType: NotRequired[str]  # 就诊结算类型
    bkkpSn: NotRequired[str]  # 记账流水号
    drugTracCodg: NotRequired[str]  # 药品追溯码
    psnNo: NotRequired[str]  # 人员编号
    psnCertType: NotRequired[str]  # 人员证件类型
    certno: NotRequired[str]  # 证件号码
    psnName: NotRequired[str]  # 人员姓名
    memo: NotRequired[str]  # 备注
    trdnFlag: NotRequired[str]  # 拆零标志
    updtTime: NotRequired[str]  # 数据更新时间
    opterName: NotRequired[str]  # 经办人姓名
    rid: NotRequired[str]  # 数据唯一记录号
    crteTime: NotRequired[str]  # 数据创建时间
    optTime: NotRequired[str]  # 经办时间
    opterId: NotRequired[str]  # 经办人ID
    crterName: NotRequired[str]  # 创建人姓名
    crterId: NotRequired[str]  # 创建人ID
    optinsNo: NotRequired[str]  # 经办机构编号
    fixBlngAdmdvs: NotRequired[str]  # 定点归属医保区划


class Output3513(TypedDict):
    """3513 定点医药机构商品销售追溯信息查询: Output3513."""

    data: NotRequired[list[Output3513Data]]


T3513: Pair[Input3513, Output3513] = Pair("3513")
"""3513 定点医药机构商品销售追溯信息查询."""


class Input3592BData(TypedDict):
    """3592B 获取虚拟药品追溯码: data."""

    med_list_codg: str  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    fixmedins_bchno: str  # 定点医药机构批次流水号
    memo: NotRequired[str]  # 备注


class Input3592B(TypedDict):
    """3592B 获取虚拟药品追溯码: Input3592B."""

    data: Input3592BData


class Output3592BResult(TypedDict):
    """3592B 获取虚拟药品追溯码: result."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    fixmedins_hilist_id: str  # 定点医药机构目录编号
    fixmedins_hilist_name: str  # 定点医药机构目录名称
    drug_trac_codg: str  # 药品追溯码


class Output3592B(TypedDict):
    """3592B 获取虚拟药品追溯码: Output3592B."""

    result: Output3592BResult


T3592B: Pair[Input3592B, Output3592B] = Pair("3592B")
"""3592B 获取虚拟药品追溯码."""
