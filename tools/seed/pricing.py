"""Invented prices, units, insurance classes and shares for the demonstration hospital.

Nothing here is a real price. A figure is drawn from a plausible band by a digest of the item's
code, so that it stays the same whatever else is in the catalogue.
"""

import hashlib
import re
from typing import NamedTuple

FEN = 100
HALF_YUAN_FEN = 50


class Band(NamedTuple):
    """Items whose name fits `pattern` cost `low` to `high` yuan a `unit`."""

    pattern: re.Pattern[str]
    low: int
    high: int
    unit: str


def _bands(table: str) -> tuple[Band, ...]:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(Band(re.compile(one), int(low), int(high), unit) for one, low, high, unit in rows)


# The first that fits counts.
DRUG_BANDS = _bands("""
    康柏西普|阿柏西普|雷珠单抗|法瑞西单抗       2800  4600 支
    玻璃体内植入剂                              3200  3800 支
    帕妥珠单抗|地加瑞克                         1500  4900 支
    恩扎卢胺|阿帕他胺|达罗他胺|瑞维鲁胺|司美替尼 1800 5200 盒
    阿比特龙                                    600   1600 盒
    A型肉毒毒素                                 900   1900 支
    猪肺磷脂                                    1800  2600 支
    左炔诺孕酮宫内节育系统                      900   1200 个
    波生坦|依西美坦|阿那曲唑|比卡鲁胺|托瑞米芬  90    480  盒
    西地那非|他达拉非|阿扑吗啡                  60    260  盒
    度拉糖肽|洛塞那肽|利司那肽                  90    190  支
    狂犬病疫苗                                  60    180  支
    玛巴洛沙韦|艾地骨化醇|地诺孕素|奥特康唑     90    320  盒
    干扰素                                      25    70   盒
    醋酸阿托西班                                700   1200 支
    胸腺法新|尤瑞克林|脑利钠肽                  90    420  支
    卡贝缩宫素|卡前列素氨丁三醇                 90    220  支
    地诺前列酮栓|卡前列甲酯栓                   60    480  枚
    银杏二萜内酯|丁苯酞氯化钠|依达拉奉右莰醇    60    120  支
    注射用|注射液|注射溶液                      5     48   支
    疫苗                                        60    180  支
    安宫牛黄丸                                  180   560  丸
    糖浆|合剂|口服溶液|酊|膏$|洗液|流浸膏|糖$   12    38   瓶
    乳膏|软膏|凝胶|软化膏                       12    45   支
    栓|阴道|泡沫剂|药膜|苦参膜|膜$              14    48   盒
    贴|脐                                       12    36   盒
    口服液                                      16    46   盒
    颗粒|散|干混悬剂|茶                         10    42   盒
    丸|丹                                       12    48   盒
    胶囊|片|滴                                  10    58   盒
    .                                           12    40   盒
""")

SERVICE_BANDS = _bands("""
    加收                                        5     40   次
    急诊诊查费                                  20    25   次
    门急诊留观诊查费                            25    35   日
    急诊监护费                                  60    90   日
    急诊观察床位费                              25    40   日
    大抢救                                      150   220  日
    中抢救|小抢救                               60    120  日
    头皮静脉输液                                8     12   组
    健康咨询|健康体检|龋齿预防|巡诊             10    45   次
    透视                                        8     20   次
    造影                                        60    180  次
    运动试验|负荷.*显象|显象                    120   380  次
    血管超声|超声心动图                         90    220  次
    超声|B超|评分                               35    120  次
    唐氏综合症筛查                              90    160  项
    化学发光法                                  28    60   项
    各种免疫学方法                              12    30   项
    糖化血红蛋白|果糖胺                         25    60   项
    干化学法|比色法|滴定法|分光光度法|电极法    3     8    项
    精子|精浆|精液                              10    45   项
    葡萄糖测定|钾测定|钠测定|氯测定|钙测定|无机磷 3   8    项
    常规|镜检|比重|渗透|妊娠试验                4     15   项
    胰岛素测定|C肽|皮质醇|醛固酮|激素           15    45   项
    抗体|筛查|PAP                               20    60   项
    细胞学                                      40    120  次
    脑电图|肌电图                               60    220  次
    监测                                        15    120  次
    肺功能|舒张试验|激发试验                    60    150  次
    试验|节律                                   40    160  次
    胃十二指肠镜|宫腔镜|阴道镜                  90    320  次
    血液透析|血液灌流|血液净化|腹膜透析         280   520  次
    氧舱|辅助通气                               40    120  次
    活检|穿刺                                   60    180  次
    胎心监测|产前检查|骨盆内测量|脐血流         15    50   次
    人工流产|刮宫|引产|取环|节育器|绝育         120   480  次
    包皮环切|环形电切|锥形切除|造口术|切除术|结扎术|手术治疗 260 980 次
    冷冻|激光|微波|电熨|电灼|特殊治疗           60    220  次
    鼓膜修补|人工授精|埋植术                    260   680  次
    整复术|固定术|固定架                        90    360  次
    贴敷|涂擦|熏|塌渍|蒸汽浴                    20    60   次
    推拿|捏脊|训练|康复|评定|治疗|灌洗|上药|注射 20   90   次
    调配                                        3     8    次
    检查|测定|测量|测算                         10    60   次
    .                                           20    120  次
""")


def digest(code: str, salt: str) -> int:
    """Give a number that looks random and is always the same for a code and a salt."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{code}".encode()).digest()[:8])


def price(bands: tuple[Band, ...], *, code: str, name: str) -> tuple[int, str]:
    """Invent a price in fen, and its unit.

    Services cost a multiple of half a yuan; drugs end in odd fen, as tendered prices do.
    """
    band = next(band for band in bands if band.pattern.search(name))
    steps = (band.high - band.low) * FEN // HALF_YUAN_FEN + 1
    fen = band.low * FEN + digest(code, "price") % steps * HALF_YUAN_FEN
    if bands is DRUG_BANDS:
        fen += digest(code, "fen") % HALF_YUAN_FEN
    return fen, band.unit


# --- the insurer's side --------------------------------------------------------------------------

# Not paid by basic insurance: potency, fertility, contraception, vaccines, check-ups, looks.
_NEVER_PAID = re.compile(
    "西地那非|他达拉非|阿扑吗啡|酚妥拉明|前列腺素E1乳膏|男宝|健阳|睾丸片|疫苗|避孕|左炔诺孕酮|屈螺酮"
    "|壬苯醇醚|庚酸炔诺酮|复方炔诺酮|氢醌|肉毒毒素|疤痕|祛斑|调经养颜|智力糖浆"
    "|健康咨询|健康体检|龋齿预防|受精|精子|人工授精|阴茎.*测量|勃起|胀大|处女膜|验光|唐氏|排卵"
)
_CLASS_A = re.compile(
    "^普通门诊诊查费|急诊诊查费|血细胞分析|尿液分析|粪便|葡萄糖测定|常规心电图|注射$|静脉输液|小换药|雾化"
    "|数字化摄影|B超|测定$|普通针刺|抢救|监护费|留观"
)
_CLASS_B_SHARES = ("0.05", "0.1", "0.1", "0.15")
_DRUGS_IN_CLASS_A_PERCENT = 30
_DRUGS_IN_CLASS_C_PERCENT = 6
_SERVICES_IN_CLASS_A_PERCENT = 45
_CAPPED_LOW_PERCENT = 5
_CAPPED_HIGH_PERCENT = 20
_WHOLE = 100


def insurance(*, code: str, name: str, kind: str, paid: bool) -> tuple[str, str]:
    """Invent the class (01 甲, 02 乙, 03 丙) and the share the patient bears first.

    `paid` is false for what a published limit reserves to another insurance.
    """
    if not paid or _NEVER_PAID.search(name):
        return "03", "1"
    lot = digest(code, "class") % _WHOLE
    if kind == "drug":
        if lot < _DRUGS_IN_CLASS_C_PERCENT:
            return "03", "1"
        first = lot < _DRUGS_IN_CLASS_C_PERCENT + _DRUGS_IN_CLASS_A_PERCENT
    else:
        first = bool(_CLASS_A.search(name)) or lot < _SERVICES_IN_CLASS_A_PERCENT
    if first:
        return "01", "0"
    return "02", _CLASS_B_SHARES[digest(code, "share") % len(_CLASS_B_SHARES)]


def price_cap(*, code: str, price_fen: int, insurer_class: str) -> int | None:
    """Invent the highest price the insurer accepts; for most items there is none.

    A few caps lie below the hospital's price, so that the part above it occurs.
    """
    if insurer_class == "03":
        return None
    lot = digest(code, "cap") % _WHOLE
    if lot < _CAPPED_LOW_PERCENT:
        return price_fen * 9 // 10
    if lot < _CAPPED_LOW_PERCENT + _CAPPED_HIGH_PERCENT:
        return price_fen * 12 // 10
    return None
