"""Transactions 13xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import NotRequired, TypedDict

from yifu.insurance.transactions.pair import Number, Pair


class Input1301Data(TypedDict):
    """1301 西药中成药目录下载: data."""

    ver: str  # 版本号


class Input1301(TypedDict):
    """1301 西药中成药目录下载: Input1301."""

    data: Input1301Data


class Output1301(TypedDict):
    """1301 西药中成药目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1301: Pair[Input1301, Output1301] = Pair("1301")
"""1301 西药中成药目录下载."""


class Input1302Data(TypedDict):
    """1302 中药饮片目录下载: data."""

    ver: str  # 版本号


class Input1302(TypedDict):
    """1302 中药饮片目录下载: Input1302."""

    data: Input1302Data


class Output1302(TypedDict):
    """1302 中药饮片目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1302: Pair[Input1302, Output1302] = Pair("1302")
"""1302 中药饮片目录下载."""


class Input1303Data(TypedDict):
    """1303 医疗机构制剂目录下载: data."""

    ver: str  # 版本号


class Input1303(TypedDict):
    """1303 医疗机构制剂目录下载: Input1303."""

    data: Input1303Data


class Output1303(TypedDict):
    """1303 医疗机构制剂目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1303: Pair[Input1303, Output1303] = Pair("1303")
"""1303 医疗机构制剂目录下载."""


class Input1304Data(TypedDict):
    """1304 民族药品目录查询: data."""

    med_list_codg: NotRequired[str]  # 医疗目录编码
    genname_codg: NotRequired[str]  # 通用名编号
    drug_genname: NotRequired[str]  # 药品通用名
    drug_prodname: NotRequired[str]  # 药品商品名
    tcmherb_name: NotRequired[str]  # 中草药名称
    cpnd_flag: NotRequired[str]  # 中草药单复方标志
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 唯一记录号
    ver: NotRequired[str]  # 版本号
    opt_begn_time: NotRequired[str]  # 经办开始时间
    opt_end_time: NotRequired[str]  # 经办结束时间
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1304(TypedDict):
    """1304 民族药品目录查询: Input1304."""

    data: Input1304Data


class Output1304Data(TypedDict):
    """1304 民族药品目录查询: data."""

    med_list_codg: str  # 医疗目录编码
    drug_prodname: NotRequired[str]  # 药品商品名
    genname_codg: NotRequired[str]  # 通用名编号
    drug_genname: NotRequired[str]  # 药品通用名
    ethdrug_type: NotRequired[str]  # 民族药种类
    chemname: NotRequired[str]  # 化学名称
    alis: NotRequired[str]  # 别名
    eng_name: NotRequired[str]  # 英文名称
    dosform: NotRequired[str]  # 剂型
    each_dos: NotRequired[str]  # 每次用量
    used_frqu: NotRequired[str]  # 使用频次
    nat_drug_no: NotRequired[str]  # 国家药品编号
    used_mtd: NotRequired[str]  # 用法
    ing: NotRequired[str]  # 成分
    chrt: NotRequired[str]  # 性状
    defs: NotRequired[str]  # 不良反应
    tabo: NotRequired[str]  # 禁忌
    mnan: NotRequired[str]  # 注意事项
    stog: NotRequired[str]  # 贮藏
    drug_spec: NotRequired[str]  # 药品规格
    prcunt_type: NotRequired[str]  # 计价单位类型
    otc_flag: NotRequired[str]  # 非处方药标志
    pacmatl: NotRequired[str]  # 包装材质
    pacspec: NotRequired[str]  # 包装规格
    min_useunt: NotRequired[str]  # 最小使用单位
    min_salunt: NotRequired[str]  # 最小销售单位
    manl: NotRequired[str]  # 说明书
    rute: NotRequired[str]  # 给药途径
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    pham_type: NotRequired[str]  # 药理分类
    memo: NotRequired[str]  # 备注
    pac_cnt: NotRequired[str]  # 包装数量
    min_unt: NotRequired[str]  # 最小计量单位
    min_pac_cnt: NotRequired[Number]  # 最小包装数量
    min_pacunt: NotRequired[str]  # 最小包装单位
    min_prepunt: NotRequired[str]  # 最小制剂单位
    drug_expy: NotRequired[str]  # 药品有效期
    efcc_atd: NotRequired[str]  # 功能主治
    min_prcunt: NotRequired[str]  # 最小计价单位
    wubi: NotRequired[str]  # 五笔助记码
    pinyin: NotRequired[str]  # 拼音助记码
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    crte_time: str  # 数据创建时间
    updt_time: str  # 数据更新时间
    crter_id: str  # 创建人
    crter_name: str  # 创建人姓名
    crte_optins_no: str  # 创建经办机构
    opter_id: str  # 经办人
    opter_name: str  # 经办人姓名
    opt_time: str  # 经办时间
    optins_no: str  # 经办机构
    ver: str  # 版本号


class Output1304(TypedDict):
    """1304 民族药品目录查询: Output1304."""

    data: list[Output1304Data]


T1304: Pair[Input1304, Output1304] = Pair("1304")
"""1304 民族药品目录查询."""


class Input1305Data(TypedDict):
    """1305 医疗服务项目目录下载: data."""

    ver: str  # 版本号


class Input1305(TypedDict):
    """1305 医疗服务项目目录下载: Input1305."""

    data: Input1305Data


class Output1305(TypedDict):
    """1305 医疗服务项目目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1305: Pair[Input1305, Output1305] = Pair("1305")
"""1305 医疗服务项目目录下载."""


class Input1306Data(TypedDict):
    """1306 医用耗材目录下载: data."""

    ver: str  # 版本号


class Input1306(TypedDict):
    """1306 医用耗材目录下载: Input1306."""

    data: Input1306Data


class Output1306(TypedDict):
    """1306 医用耗材目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1306: Pair[Input1306, Output1306] = Pair("1306")
"""1306 医用耗材目录下载."""


class Input1306AData(TypedDict):
    """1306A 医用耗材目录下载: data."""

    ver: str  # 版本号


class Input1306A(TypedDict):
    """1306A 医用耗材目录下载: Input1306A."""

    data: Input1306AData


class Output1306A(TypedDict):
    """1306A 医用耗材目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1306A: Pair[Input1306A, Output1306A] = Pair("1306A")
"""1306A 医用耗材目录下载."""


class Input1307Data(TypedDict):
    """1307 疾病与诊断目录下载: data."""

    ver: str  # 版本号


class Input1307(TypedDict):
    """1307 疾病与诊断目录下载: Input1307."""

    data: Input1307Data


class Output1307(TypedDict):
    """1307 疾病与诊断目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1307: Pair[Input1307, Output1307] = Pair("1307")
"""1307 疾病与诊断目录下载."""


class Input1308Data(TypedDict):
    """1308 手术操作目录下载: data."""

    ver: str  # 版本号


class Input1308(TypedDict):
    """1308 手术操作目录下载: Input1308."""

    data: Input1308Data


class Output1308(TypedDict):
    """1308 手术操作目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1308: Pair[Input1308, Output1308] = Pair("1308")
"""1308 手术操作目录下载."""


class Input1309Data(TypedDict):
    """1309 门诊慢特病种目录下载: data."""

    ver: str  # 版本号


class Input1309(TypedDict):
    """1309 门诊慢特病种目录下载: Input1309."""

    data: Input1309Data


class Output1309(TypedDict):
    """1309 门诊慢特病种目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: Number  # 数据量


T1309: Pair[Input1309, Output1309] = Pair("1309")
"""1309 门诊慢特病种目录下载."""


class Input1310Data(TypedDict):
    """1310 按病种付费病种目录下载: data."""

    ver: str  # 版本号


class Input1310(TypedDict):
    """1310 按病种付费病种目录下载: Input1310."""

    data: Input1310Data


class Output1310(TypedDict):
    """1310 按病种付费病种目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1310: Pair[Input1310, Output1310] = Pair("1310")
"""1310 按病种付费病种目录下载."""


class Input1311Data(TypedDict):
    """1311 日间手术治疗病种目录下载: data."""

    ver: str  # 版本号


class Input1311(TypedDict):
    """1311 日间手术治疗病种目录下载: Input1311."""

    data: Input1311Data


class Output1311(TypedDict):
    """1311 日间手术治疗病种目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1311: Pair[Input1311, Output1311] = Pair("1311")
"""1311 日间手术治疗病种目录下载."""


class Input1312Data(TypedDict):
    """1312 医保目录信息查询: data."""

    query_date: NotRequired[str]  # 查询时间点
    hilist_code: NotRequired[str]  # 医保目录编码
    insu_admdvs: NotRequired[str]  # 参保机构医保区划
    begndate: NotRequired[str]  # 开始日期
    hilist_name: NotRequired[str]  # 医保目录名称
    wubi: NotRequired[str]  # 五笔助记码
    pinyin: NotRequired[str]  # 拼音助记码
    med_chrgitm_type: NotRequired[str]  # 医疗收费项目类别
    chrgitm_lv: NotRequired[str]  # 收费项目等级
    lmt_used_flag: NotRequired[str]  # 限制使用标志
    list_type: NotRequired[str]  # 目录类别
    med_use_flag: NotRequired[str]  # 医疗使用标志
    matn_used_flag: NotRequired[str]  # 生育使用标志
    hilist_use_type: NotRequired[str]  # 医保目录使用类别
    lmt_cpnd_type: NotRequired[str]  # 限复方使用类型
    vali_flag: NotRequired[str]  # 有效标志
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1312(TypedDict):
    """1312 医保目录信息查询: Input1312."""

    data: Input1312Data


class Output1312Data(TypedDict):
    """1312 医保目录信息查询: data."""

    hilist_code: str  # 医保目录编码
    hilist_name: str  # 医保目录名称
    insu_admdvs: str  # 参保机构医保区划
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    med_chrgitm_type: str  # 医疗收费项目类别
    chrgitm_lv: str  # 收费项目等级
    lmt_used_flag: str  # 限制使用标志
    list_type: str  # 目录类别
    med_use_flag: str  # 医疗使用标志
    matn_used_flag: str  # 生育使用标志
    hilist_use_type: str  # 医保目录使用类别
    lmt_cpnd_type: str  # 限复方使用类型
    wubi: NotRequired[str]  # 五笔助记码
    pinyin: NotRequired[str]  # 拼音助记码
    memo: NotRequired[str]  # 备注
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    updt_time: str  # 更新时间
    crter_id: NotRequired[str]  # 创建人
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: str  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构
    opter_id: NotRequired[str]  # 经办人
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构
    poolarea_no: NotRequired[str]  # 统筹区


class Output1312(TypedDict):
    """1312 医保目录信息查询: Output1312."""

    data: list[Output1312Data]


T1312: Pair[Input1312, Output1312] = Pair("1312")
"""1312 医保目录信息查询."""


class Input1313Data(TypedDict):
    """1313 肿瘤形态学目录下载: data."""

    ver: str  # 版本号


class Input1313(TypedDict):
    """1313 肿瘤形态学目录下载: Input1313."""

    data: Input1313Data


class Output1313(TypedDict):
    """1313 肿瘤形态学目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1313: Pair[Input1313, Output1313] = Pair("1313")
"""1313 肿瘤形态学目录下载."""


class Input1314Data(TypedDict):
    """1314 中医疾病目录下载: data."""

    ver: str  # 版本号


class Input1314(TypedDict):
    """1314 中医疾病目录下载: Input1314."""

    data: Input1314Data


class Output1314(TypedDict):
    """1314 中医疾病目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1314: Pair[Input1314, Output1314] = Pair("1314")
"""1314 中医疾病目录下载."""


class Input1315Data(TypedDict):
    """1315 中医证候目录下载: data."""

    ver: str  # 版本号


class Input1315(TypedDict):
    """1315 中医证候目录下载: Input1315."""

    data: Input1315Data


class Output1315(TypedDict):
    """1315 中医证候目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_end_time: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据条数


T1315: Pair[Input1315, Output1315] = Pair("1315")
"""1315 中医证候目录下载."""


class Input1316Data(TypedDict):
    """1316 医疗目录与医保目录匹配信息查询: data."""

    query_date: NotRequired[str]  # 查询时间点
    med_list_codg: NotRequired[str]  # 定点医药机构目录编号
    hilist_code: NotRequired[str]  # 医保目录编码
    list_type: NotRequired[str]  # 目录类别
    insu_admdvs: NotRequired[str]  # 参保机构医保区划
    begndate: NotRequired[str]  # 开始日期
    vali_flag: NotRequired[str]  # 有效标志
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1316(TypedDict):
    """1316 医疗目录与医保目录匹配信息查询: Input1316."""

    data: Input1316Data


class Output1316Data(TypedDict):
    """1316 医疗目录与医保目录匹配信息查询: data."""

    med_list_codg: str  # 医疗目录编码
    hilist_code: str  # 医保目录编码
    list_type: str  # 目录类别
    insu_admdvs: str  # 参保机构医保区划
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    memo: NotRequired[str]  # 备注
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    updt_time: str  # 更新时间
    crter_id: NotRequired[str]  # 创建人
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: str  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构
    opter_id: NotRequired[str]  # 经办人
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构
    poolarea_no: NotRequired[str]  # 统筹区


class Output1316(TypedDict):
    """1316 医疗目录与医保目录匹配信息查询: Output1316."""

    data: list[Output1316Data]


T1316: Pair[Input1316, Output1316] = Pair("1316")
"""1316 医疗目录与医保目录匹配信息查询."""


class Input1317Data(TypedDict):
    """1317 医药机构目录匹配信息查询: data."""

    query_date: NotRequired[str]  # 查询时间点
    fixmedins_code: NotRequired[str]  # 定点医药机构编号
    medins_list_codg: NotRequired[str]  # 定点医药机构目录编号
    medins_list_name: NotRequired[str]  # 定点医药机构目录名称
    insu_admdvs: NotRequired[str]  # 参保机构医保区划
    list_type: NotRequired[str]  # 目录类别
    med_list_codg: NotRequired[str]  # 医疗目录编码
    begndate: NotRequired[str]  # 开始日期
    vali_flag: NotRequired[str]  # 有效标志
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1317(TypedDict):
    """1317 医药机构目录匹配信息查询: Input1317."""

    data: Input1317Data


class Output1317Data(TypedDict):
    """1317 医药机构目录匹配信息查询: data."""

    fixmedins_code: str  # 定点医药机构编号
    medins_list_codg: str  # 定点医药机构目录编号
    medins_list_name: NotRequired[str]  # 定点医药机构目录名称
    insu_admdvs: str  # 参保机构医保区划
    list_type: str  # 目录类别
    med_list_codg: str  # 医疗目录编码
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    aprvno: NotRequired[str]  # 批准文号
    dosform: NotRequired[str]  # 剂型
    exct_cont: NotRequired[str]  # 除外内容
    item_cont: NotRequired[str]  # 项目内涵
    prcunt: NotRequired[str]  # 计价单位
    spec: NotRequired[str]  # 规格
    pacspec: NotRequired[str]  # 包装规格
    memo: NotRequired[str]  # 备注
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    updt_time: str  # 更新时间
    crter_id: NotRequired[str]  # 创建人
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: str  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构
    opter_id: NotRequired[str]  # 经办人
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构
    poolarea_no: NotRequired[str]  # 统筹区


class Output1317(TypedDict):
    """1317 医药机构目录匹配信息查询: Output1317."""

    data: list[Output1317Data]


T1317: Pair[Input1317, Output1317] = Pair("1317")
"""1317 医药机构目录匹配信息查询."""


class Input1318Data(TypedDict):
    """1318 医保目录限价信息查询: data."""

    query_date: NotRequired[str]  # 查询时间点
    hilist_code: NotRequired[str]  # 医保目录编码
    hilist_lmtpric_type: NotRequired[str]  # 医保目录限价类型
    overlmt_dspo_way: NotRequired[str]  # 医保目录超限处理方式
    insu_admdvs: NotRequired[str]  # 参保机构医保区划
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 唯一记录号
    tabname: NotRequired[str]  # 表名
    poolarea_no: NotRequired[str]  # 统筹区
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1318(TypedDict):
    """1318 医保目录限价信息查询: Input1318."""

    data: Input1318Data


class Output1318Data(TypedDict):
    """1318 医保目录限价信息查询: data."""

    hilist_code: str  # 医保目录编码
    hilist_lmtpric_type: str  # 医保目录限价类型
    overlmt_dspo_way: str  # 医保目录超限处理方式
    insu_admdvs: str  # 参保机构医保区划
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    hilist_pric_uplmt_amt: Number  # 医保目录定价上限金额
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    updt_time: str  # 更新时间
    crter_id: NotRequired[str]  # 创建人
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: str  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构
    opter_id: NotRequired[str]  # 经办人
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构
    tabname: NotRequired[str]  # 表名
    poolarea_no: NotRequired[str]  # 统筹区


class Output1318(TypedDict):
    """1318 医保目录限价信息查询: Output1318."""

    data: list[Output1318Data]


T1318: Pair[Input1318, Output1318] = Pair("1318")
"""1318 医保目录限价信息查询."""


class Input1319Data(TypedDict):
    """1319 医保目录先自付比例信息查询: data."""

    query_date: NotRequired[str]  # 查询时间点
    hilist_code: NotRequired[str]  # 医保目录编码
    selfpay_prop_psn_type: NotRequired[str]  # 医保目录自付比例人员类别
    selfpay_prop_type: NotRequired[str]  # 目录自付比例类别
    insu_admdvs: NotRequired[str]  # 参保机构医保区划
    begndate: NotRequired[str]  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    vali_flag: NotRequired[str]  # 有效标志
    rid: NotRequired[str]  # 唯一记录号
    tabname: NotRequired[str]  # 表名
    poolarea_no: NotRequired[str]  # 统筹区
    updt_time: str  # 更新时间
    page_num: Number  # 当前页数
    page_size: Number  # 本页数据量


class Input1319(TypedDict):
    """1319 医保目录先自付比例信息查询: Input1319."""

    data: Input1319Data


class Output1319Data(TypedDict):
    """1319 医保目录先自付比例信息查询: data."""

    hilist_code: str  # 医保目录编码
    selfpay_prop_psn_type: str  # 医保目录自付比例人员类别
    selfpay_prop_type: str  # 目录自付比例类别
    insu_admdvs: str  # 参保机构医保区划
    begndate: str  # 开始日期
    enddate: NotRequired[str]  # 结束日期
    selfpay_prop: Number  # 自付比例
    vali_flag: str  # 有效标志
    rid: str  # 唯一记录号
    updt_time: str  # 更新时间
    crter_id: NotRequired[str]  # 创建人
    crter_name: NotRequired[str]  # 创建人姓名
    crte_time: str  # 创建时间
    crte_optins_no: NotRequired[str]  # 创建机构
    opter_id: NotRequired[str]  # 经办人
    opter_name: NotRequired[str]  # 经办人姓名
    opt_time: NotRequired[str]  # 经办时间
    optins_no: NotRequired[str]  # 经办机构
    tabname: NotRequired[str]  # 表名
    poolarea_no: NotRequired[str]  # 统筹区


class Output1319(TypedDict):
    """1319 医保目录先自付比例信息查询: Output1319."""

    data: list[Output1319Data]


T1319: Pair[Input1319, Output1319] = Pair("1319")
"""1319 医保目录先自付比例信息查询."""


class Input1320Data(TypedDict):
    """1320 中药配方颗粒目录下载: data."""

    ver: str  # 版本号


class Input1320(TypedDict):
    """1320 中药配方颗粒目录下载: Input1320."""

    data: Input1320Data


class Output1320(TypedDict):
    """1320 中药配方颗粒目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1320: Pair[Input1320, Output1320] = Pair("1320")
"""1320 中药配方颗粒目录下载."""


class Input1321Data(TypedDict):
    """1321 医疗服务项目目录下载: data."""

    ver: str  # 版本号


class Input1321(TypedDict):
    """1321 医疗服务项目目录下载: Input1321."""

    data: Input1321Data


class Output1321(TypedDict):
    """1321 医疗服务项目目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1321: Pair[Input1321, Output1321] = Pair("1321")
"""1321 医疗服务项目目录下载."""


class Input1322Data(TypedDict):
    """1322 体外诊断试剂产品信息下载: data."""

    ver: str  # 版本号


class Input1322(TypedDict):
    """1322 体外诊断试剂产品信息下载: Input1322."""

    data: Input1322Data


class Output1322(TypedDict):
    """1322 体外诊断试剂产品信息下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1322: Pair[Input1322, Output1322] = Pair("1322")
"""1322 体外诊断试剂产品信息下载."""


class Input1323Data(TypedDict):
    """1323 体外诊断试剂产品信息与注册证关联信息下载: data."""

    ver: str  # 版本号


class Input1323(TypedDict):
    """1323 体外诊断试剂产品信息与注册证关联信息下载: Input1323."""

    data: Input1323Data


class Output1323(TypedDict):
    """1323 体外诊断试剂产品信息与注册证关联信息下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1323: Pair[Input1323, Output1323] = Pair("1323")
"""1323 体外诊断试剂产品信息与注册证关联信息下载."""


class Input1324Data(TypedDict):
    """1324 体外诊断试剂检测指标信息下载: data."""

    ver: str  # 版本号


class Input1324(TypedDict):
    """1324 体外诊断试剂检测指标信息下载: Input1324."""

    data: Input1324Data


class Output1324(TypedDict):
    """1324 体外诊断试剂检测指标信息下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1324: Pair[Input1324, Output1324] = Pair("1324")
"""1324 体外诊断试剂检测指标信息下载."""


class Input1325Data(TypedDict):
    """1325 体外诊断试剂产品信息编码下载: data."""

    ver: str  # 版本号


class Input1325(TypedDict):
    """1325 体外诊断试剂产品信息编码下载: Input1325."""

    data: Input1325Data


class Output1325(TypedDict):
    """1325 体外诊断试剂产品信息编码下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1325: Pair[Input1325, Output1325] = Pair("1325")
"""1325 体外诊断试剂产品信息编码下载."""


class Input1326Data(TypedDict):
    """1326 体外诊断试剂试剂注册证信息下载: data."""

    ver: str  # 版本号


class Input1326(TypedDict):
    """1326 体外诊断试剂试剂注册证信息下载: Input1326."""

    data: Input1326Data


class Output1326(TypedDict):
    """1326 体外诊断试剂试剂注册证信息下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1326: Pair[Input1326, Output1326] = Pair("1326")
"""1326 体外诊断试剂试剂注册证信息下载."""


class Input1327Data(TypedDict):
    """1327 体外诊断试剂分类目录下载: data."""

    ver: str  # 版本号


class Input1327(TypedDict):
    """1327 体外诊断试剂分类目录下载: Input1327."""

    data: Input1327Data


class Output1327(TypedDict):
    """1327 体外诊断试剂分类目录下载: Output."""

    file_qury_no: str  # 文件查询号
    filename: str  # 文件名
    dld_endtime: str  # 下载截止日期
    data_cnt: NotRequired[Number]  # 数据量


T1327: Pair[Input1327, Output1327] = Pair("1327")
"""1327 体外诊断试剂分类目录下载."""
