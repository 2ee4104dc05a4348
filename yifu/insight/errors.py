"""What insight refuses."""

from yifu.errors import YifuError


class NotForSimulation(YifuError):
    """A simulated year is written into an empty simulation database only."""

    code = "not_for_simulation"
    status = 409
    zh = "模拟数据只能写入空的模拟库（{why}）"
    en = "A simulated year goes into an empty simulation database only ({why})"
