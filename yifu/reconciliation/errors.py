"""What matching refuses."""

from yifu.errors import YifuError


class StatementUnreadable(YifuError):
    """What the other side sent is no statement; the one kept before stays as it was."""

    code = "statement_unreadable"
    status = 502
    zh = "{party} {date} 的对账单无法读取：{reason}"
    en = "The statement of {party} for {date} cannot be read: {reason}"


class DifferenceDecided(YifuError):
    """Somebody decided it before, otherwise."""

    code = "difference_decided"
    status = 409
    zh = "该差异已处理（{state}），不能更改"
    en = "The difference was decided before ({state})"
