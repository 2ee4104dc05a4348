"""No faster than a channel takes it."""

import time
from concurrent.futures import ThreadPoolExecutor

from yifu.payments.calls import Pace


def test_threads_together_keep_to_the_pace():
    pace = Pace(100)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: pace.wait(), range(11)))
    assert time.monotonic() - began >= 0.1


def test_what_was_not_used_is_not_saved_up():
    pace = Pace(100)
    time.sleep(0.05)
    began = time.monotonic()
    for _ in range(4):
        pace.wait()
    assert time.monotonic() - began >= 0.03
