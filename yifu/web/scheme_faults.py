"""Faults of a scheme text for people: which line, which field, what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from yifu.web.access import language

_FAULT: Final = re.compile(r"^[^:]*:(?P<line>\d+): (?P<rest>.*)$", re.DOTALL)
_PLACE: Final = re.compile(r"^(?P<place>[\w.\u4e00-\u9fff-]+): (?P<message>.*)$", re.DOTALL)

# The reader speaks English; what it says is said in Chinese where its form is known.
_SAID: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^Field required$", "缺少这一项"),
        (r"^Extra inputs are not permitted$", "没有这一项，不能写"),
        (r"^Input should be a valid integer.*$", "应为整数"),
        (r"^Input should be a valid string.*$", "应为文字"),
        (r"^Input should be a valid date.*$", "应为日期"),
        (r"^Input should be .*valid time.*$", "应为时刻"),
        (r"^Input should be a valid (tuple|list|array).*$", "应为列表"),
        (r"^Input should be .*valid dictionary.*$", "应为一个表"),
        (r"^Input should be greater than or equal to (\S+)$", r"不得小于 \1"),
        (r"^Input should be less than or equal to (\S+)$", r"不得大于 \1"),
        (r"^Input should be less than (\S+)$", r"须小于 \1"),
        (r"^Input should be ('.*)$", r"只能是 \1"),
        (r"^String should match pattern .*$", "写法不对"),
        (r"^String should have .*$", "长度不对"),
        (r"^(\w+: )?a gap from (\S+) to (\S+)$", r"\2 到 \3 之间没有规定"),
        (r"^(\w+: )?(\S+) to (\S+) is covered twice$", r"\2 到 \3 规定了两次"),
        (r"^(\w+: )?(\S+) on is covered twice$", r"\2 起规定了两次"),
        (r"^(\w+: )?(\S+) to (\S+) is no range$", r"\2 到 \3 不是区间"),
        (r"^(\w+: )?the chain comes back to (\S+)$", r"渠道链绕回到 \2"),
        (r"^(\w+: )?(\S+) is named, but is not there$", r"提到了 \2，但没有这个渠道"),
        (r"^(\w+: )?nothing leads to (.+)$", r"没有渠道通向 \2"),
        (r"^(\w+: )?the same channel comes twice$", "同一渠道出现两次"),
        (r"^(\w+: )?at least one is needed$", "至少要有一项"),
        (r"^(\w+: )?they begin at from_days = 0$", "须从 from_days = 0 开始"),
        (r"^(\w+: )?nothing is said from (\S+) days on$", r"\2 天以后没有规定"),
        (r"^(\w+: )?a range ends before it begins$", "区间的止早于起"),
        (r"^(\w+: )?a better score from (\S+) on gives less$", r"\2 分起评分更高而额度更低"),
        (r"^(\w+: )?a version comes twice$", "版本号重复"),
        (r"^(\w+: )?two begin on the same day$", "两个版本同日启用"),
        (r"^quiet_from and quiet_to belong together$", "免打扰的起止须同时写"),
        (r"^Expected .*$|^Invalid .*$|^Unclosed .*$|^Unterminated .*$", "不是合法的 TOML：\\g<0>"),
        (r"^Cannot .*$|^Duplicate .*$|^Unescaped .*$|^Illegal .*$", "不是合法的 TOML：\\g<0>"),
    )
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `line` is None where the text as a whole is meant."""

    line: int | None
    place: str
    message: str


def faults(told: Iterable[str]) -> list[Fault]:
    """Take the reader's faults apart, in the order of their lines."""
    found = [_fault(one) for one in told]
    return sorted(found, key=lambda fault: fault.line or 0)


def _fault(told: str) -> Fault:
    outer = _FAULT.match(told)
    if outer is None:
        return Fault(None, "", told)
    inner = _PLACE.match(outer["rest"])
    if inner is None:
        return Fault(int(outer["line"]), "", _said(outer["rest"]))
    return Fault(int(outer["line"]), inner["place"], _said(inner["message"]))


def _said(message: str) -> str:
    if language() == "en":
        return message
    for pattern, words in _SAID:
        if pattern.match(message):
            return pattern.sub(words, message)
    return message
