"""What insight refuses."""

from yifu.errors import YifuError


class NotForSimulation(YifuError):
    """A simulated year is written into an empty simulation database only."""

    code = "not_for_simulation"
    status = 409
    zh = "模拟数据只能写入空的模拟库（{why}）"
    en = "A simulated year goes into an empty simulation database only ({why})"


class ReplayUnderWay(YifuError):
    """The version is being replayed just now."""

    code = "replay_under_way"
    status = 409
    zh = "这个版本正在推演，请等它完成"
    en = "This version is being replayed; wait until it is done"


class ReplayPeriod(YifuError):
    """Only whole months that are over are replayed, and not too many at once."""

    code = "replay_period"
    status = 422
    zh = "只能推演已经过去的整月，且不超过 {most} 个月"
    en = "Only months that are over can be replayed, at most {most} at once"
