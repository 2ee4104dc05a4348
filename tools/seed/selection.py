"""Which national items the demonstration hospital offers: what an outpatient clinic would."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from seed.tables import Row, read

# Feeding through a vein and the like happens on wards; one such drug stays, so that the published
# limit on the care setting has something to limit.
_INPATIENT_DRUGS = re.compile("脂肪乳|氨基酸|电解质注射|丁苯酞氯化钠|尤瑞克林|脑利钠肽|猪肺磷脂")

# Services by the beginning of their code, and what of them is left out.
_OFFERED = {
    "0011": "住院|病房|床位费|取暖|降温",
    "0012": "护理|病人|胃肠减压|膀胱冲洗|吸痰|排痰",
    "0013": "",
    "0021": "C型臂|床旁",
    "0022": "临床操作",
    "0023": "门控|瘘",
    "0025": "加收|羊水",
    "0027": "",
    "0031": "加收|术中|颅内压|肺动脉压|动脉内压|有创|起搏|暖箱|复苏|气管插管|换血|脐静脉|囟门|辐射"
    "|洗胃|羊膜|胎儿镜|卵裂|卵巢组织|绒毛细胞|绒毛取材|引产|悬浮床|翻身床|功能训练床|胸腔镜|连续性血液"
    "|新生儿监护|人工呼吸"
    "|呼吸机|减瘤|封闭术|填塞|内翻|白癜风|葡萄胎|造瘘|测颅压|受精|采卵|工娱|精神病药",
    "0034": "",
    "0041": "",
    "0042": "麻醉|股骨颈|脊椎",
    "0045": "",
    "0047": "",
    "0048": "",
}
_SMALL_OPERATIONS = re.compile(
    "^(局部浸润麻醉|包皮环切术|嵌顿包茎松解术.*|阴茎囊肿切除术|阴囊脓肿引流术.*|输精管结扎术|输精管粘堵术"
    "|宫颈息肉切除术.*|宫颈环形电切术.*|宫颈锥形切除术|宫腔镜检查.*|经宫腔镜取环术.*|前庭大腺囊肿(造口|切除)术"
    "|处女膜(切开|修复)术|阴道异物取出术|阴道裂伤缝合术|外阴损伤缝合术|阴道良性肿物切除术.*|阴道壁血肿切开术"
    "|肛周常见疾病手术治疗.*|低位肛瘘切除术.*|直肠良性肿物切除术.*|经内镜直肠良性肿物切除术.*"
    "|直肠肛门周围脓肿切开排脓术|内痔环切术|胼胝病变切除修复术|输卵管绝育术.*|经输卵管镜插管通水术"
    "|扁桃体切除术.*|耳显微镜下鼓膜修补术.*|胸膜活检术|牵张器加力调整|子宫颈裂伤修补术)$"
)

_DRUG_CATEGORIES = {"X": "09", "Z": "11"}
_CATEGORIES = (
    (re.compile("^001102"), "02"),
    (re.compile("^001109"), "01"),
    (re.compile("^0011"), "07"),
    (re.compile("^0012020|^001204"), "05"),
    (re.compile("^0012"), "07"),
    (re.compile("^0013"), "14"),
    (re.compile("^002[123]"), "03"),
    (re.compile("^0025"), "04"),
    (re.compile("^0027"), "03"),
    (re.compile("^0033"), "06"),
    (re.compile("^0048"), "14"),
)
_LOOKS_LIKE_EXAMINATION = re.compile(
    "检查|测定|测量|监测|监护|造影|试验|脑电图|肌电图|心电图|检测|评分|验光|活检|镜|录象|评定|节律|膀胱镜"
)


def drugs(shared: Path) -> list[Row]:
    """Choose one national code, the lowest, for each generic name that a clinic would give."""
    lowest: dict[str, str] = {}
    for row in read(shared / "drug_codes.csv"):
        name, code = row["generic_name"], row["drug_code"]
        if not _INPATIENT_DRUGS.search(name):
            lowest[name] = min(code, lowest.get(name, code))
    return [
        {"national_code": code, "name": name, "charge_category": _DRUG_CATEGORIES[code[0]]}
        for name, code in lowest.items()
    ]


def services(shared: Path) -> list[Row]:
    """Choose from the published service items what happens outside a ward."""
    return [
        {
            "national_code": row["service_code"],
            "name": row["name"],
            "charge_category": category(row["service_code"], row["name"]),
        }
        for row in read(shared / "service_items.csv")
        if _offered(row["service_code"], row["name"])
    ]


def _offered(code: str, name: str) -> bool:
    if code.startswith("0033"):
        return bool(_SMALL_OPERATIONS.fullmatch(name))
    left_out = _OFFERED.get(code[:4])
    return left_out is not None and not (left_out and re.search(left_out, name))


def category(code: str, name: str) -> str:
    """Tell the kind of charge (`med_chrgitm_type`) of a service: 02 诊察, 03 检查, 04 化验, …."""
    for pattern, found in _CATEGORIES:
        if pattern.search(code):
            return found
    return "03" if _LOOKS_LIKE_EXAMINATION.search(name) else "05"


def drug_prefixes(shared: Path) -> dict[str, set[str]]:
    """Tell which beginnings of a national code stand for a generic name, whoever made the drug.

    The first 14 characters (11 for Chinese patent medicine) name drug and form; what follows is
    package and maker. Two names with one beginning keep their full codes, unless the same limits
    are published for both.
    """
    limits: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in read(shared / "drug_limits.csv"):
        limits[row["generic_name"]].add((row["limit_kind"], row["limit_value"]))
    rows = [(row["drug_code"], row["generic_name"]) for row in read(shared / "drug_codes.csv")]
    meanings: dict[str, set[frozenset[tuple[str, str]]]] = defaultdict(set)
    for code, name in rows:
        meanings[_beginning(code)].add(frozenset(limits[name]))
    prefixes: dict[str, set[str]] = defaultdict(set)
    for code, name in rows:
        beginning = _beginning(code)
        prefixes[name].add(beginning if len(meanings[beginning]) == 1 else code)
    return prefixes


def _beginning(code: str) -> str:
    return code[: 14 if code.startswith("X") else 11]


def reserved(rows: Iterable[Mapping[str, str]]) -> set[str]:
    """Tell the names that a published limit reserves to another insurance or to wards."""
    kinds = {"insurance_type", "care_setting"}
    return {row["generic_name"] for row in rows if row["limit_kind"] in kinds}
