"""Invented Chinese names of a plausible distribution. Pure: the randomness is handed in.

Surnames are weighted roughly by their share of the population (the commonest forty cover about
two thirds of all people; the rest stand for the long tail). Given names differ by sex and by
generation, because a ward of old people all called 子涵 would fool nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from random import Random

Sex = Literal["M", "F"]

# Surnames by weight, in tenths of a per cent of the population.
_SURNAMES = (
    (72, "王"),
    (71, "李"),
    (68, "张"),
    (54, "刘"),
    (45, "陈"),
    (31, "杨"),
    (22, "黄"),
    (21, "赵"),
    (20, "吴周"),
    (15, "徐孙"),
    (13, "马朱胡"),
    (12, "郭何林"),
    (11, "高"),
    (10, "罗郑"),
    (8, "梁谢"),
    (7, "宋唐许韩邓冯"),
    (6, "曹彭曾肖"),
    (5, "田董潘袁蔡蒋余于杜叶程魏苏吕"),
    (4, "丁沈任姚卢傅钟姜崔谭廖范汪陆金"),
    (3, "石戴贾韦夏邱方侯邹熊"),
)
COMPOUND_SURNAMES = ("欧阳", "诸葛", "上官", "司徒")
_WEIGHED = {
    **{surname: weight for weight, several in _SURNAMES for surname in several},
    **dict.fromkeys(COMPOUND_SURNAMES, 1),
}

# The characters given names are built of, by sex and by the generation of the birth year.
_OLD_M = "国建志明福德荣华庆生贵根宝林春海金发宏永义平"
_OLD_F = "秀英兰玉珍桂芳凤梅素琴淑华月琼春菊巧莲惠珠云"
_MIDDLE_M = "伟强磊军勇杰涛鹏飞斌浩波峰辉亮俊超刚健毅宁凯"
_MIDDLE_F = "丽敏静燕艳娟霞婷玲娜洁雪莉慧倩颖琳晶蓉萍欣佳"
_YOUNG_M = "子宇浩轩泽睿博文俊昊辰皓一诺梓逸铭嘉瑞思远航"
_YOUNG_F = "子涵欣怡雨桐思琪梓萱语诗可馨若溪佳悦一诺沐晴瑶"
_MIDDLE_FROM = 1968
_YOUNG_FROM = 2000
# One in how many has a given name of a single character, by generation.
_SINGLE_ONE_IN = {"old": 8, "middle": 4, "young": 12}


def draw_surname(rng: Random) -> str:
    """Return a surname, drawn with the weights of the whole population."""
    return rng.choices(list(_WEIGHED), weights=list(_WEIGHED.values()))[0]


def surname_of(name: str) -> str:
    """Return the surname that a full name begins with."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]


def draw_given_name(rng: Random, *, sex: Sex, birth_year: int) -> str:
    """Return a given name of one or two characters that suits the sex and the generation."""
    generation = _generation(birth_year)
    characters = {
        ("old", "M"): _OLD_M,
        ("old", "F"): _OLD_F,
        ("middle", "M"): _MIDDLE_M,
        ("middle", "F"): _MIDDLE_F,
        ("young", "M"): _YOUNG_M,
        ("young", "F"): _YOUNG_F,
    }[(generation, sex)]
    length = 1 if rng.randrange(_SINGLE_ONE_IN[generation]) == 0 else 2
    return "".join(rng.sample(characters, length))


def _generation(birth_year: int) -> str:
    if birth_year < _MIDDLE_FROM:
        return "old"
    return "middle" if birth_year < _YOUNG_FROM else "young"
