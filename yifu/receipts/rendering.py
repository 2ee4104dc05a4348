"""The printed form of a receipt (版式文件), as PDF.

It is the institution's own print of what the fiscal platform issued, for the insurer's upload
(NHSA 4901): the platform's signed original stays there. Pure; the same receipt gives the same
bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from yifu.money import to_yuan
from yifu.receipts import pdf
from yifu.receipts.rules import (
    CATEGORIES,
    INSURANCE,
    OTHER_CATEGORY,
    OTHER_INSURANCE,
    ReceiptContent,
    ReceiptLine,
)

_LEFT, _MIDDLE, _RIGHT = 56, 300, 440
_TOP, _STEP, _BOTTOM = 60, 18, 800
_NAME_CHARACTERS = 28
_HEAD, _BODY = 16, 10
_NOTE: Final = "本页由医疗机构结算系统依据已开具的财政电子票据生成，以财政票据平台查验结果为准。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What an issued receipt adds to its content; `red_of` is code and number it cancels."""

    institution_name: str
    code: str
    number: str
    check_code: str
    issued_on: date
    red_of: tuple[str, str] | None = None


def render(content: ReceiptContent, issued: Print) -> bytes:
    """Write an issued receipt as PDF; a red one has negative amounts."""
    sign = -1 if issued.red_of else 1
    rows = [*_head(content, issued), *_lines(content.lines, sign), *_parts(content, sign)]
    pages: list[list[pdf.Text]] = [[]]
    y = _TOP
    for size, cells in rows:
        if y > _BOTTOM:
            pages.append([])
            y = _TOP
        columns = (_LEFT, _MIDDLE, _RIGHT)
        pages[-1] += [
            pdf.Text(x, y, size, text) for x, text in zip(columns, cells, strict=False) if text
        ]
        y += _STEP if size == _BODY else 2 * _STEP
    return pdf.write(pages)


Row = tuple[int, Sequence[str]]


def _head(content: ReceiptContent, issued: Print) -> Iterator[Row]:
    yield _HEAD, ["医疗门诊收费票据（电子）" + ("　红冲" if issued.red_of else "")]
    yield _BODY, [f"票据代码：{issued.code}", f"票据号码：{issued.number}"]
    yield _BODY, [f"校验码：{issued.check_code}", f"开票日期：{issued.issued_on.isoformat()}"]
    if issued.red_of:
        yield _BODY, [f"原票据代码：{issued.red_of[0]}", f"原票据号码：{issued.red_of[1]}"]
    kind = INSURANCE.get(content.insutype, OTHER_INSURANCE)[1]
    yield _BODY, [f"交款人：{content.payer_name}", f"医保类型：{kind}"]
    yield _BODY, [f"就诊号：{content.visit_no}", f"科室：{content.department}"]
    yield _BODY, [f"收款单位：{issued.institution_name}"]
    yield _BODY, [""]


def _lines(lines: Sequence[ReceiptLine], sign: int) -> Iterator[Row]:
    yield _BODY, ["项目", "类别　数量", "金额（元）"]
    for line in lines:
        category = CATEGORIES.get(line.category, CATEGORIES[OTHER_CATEGORY])
        quantity = f"{line.quantity.normalize():f}{line.unit}"
        yield (
            _BODY,
            [line.name[:_NAME_CHARACTERS], f"{category}　{quantity}", _yuan(sign, line.amount_fen)],
        )
    yield _BODY, [""]


def _parts(content: ReceiptContent, sign: int) -> Iterator[Row]:
    for label, fen in (
        ("金额合计", content.total_fen),
        ("医保统筹基金支付", content.fund_fen),
        ("个人账户支付", content.account_fen),
        ("个人现金支付", content.personal_fen),
        ("其他支付", content.other_fen),
    ):
        yield _BODY, [label, "", _yuan(sign, fen)]
    yield _BODY, [_NOTE]


def _yuan(sign: int, fen: int) -> str:
    return str(to_yuan(sign * fen))
