"""Background work of insight: replays that were asked for on a page."""

from procrastinate.contrib.django import app

from yifu.insight import replaying


@app.task(name="insight.replay", queue="upkeep", lock="replay")
def replay(replay_id: int) -> None:
    """Carry a replay out; one after the other, for each reads a whole city."""
    replaying.carry_out(replay_id)
