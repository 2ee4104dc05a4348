"""The load: a process of its own that asks for settlements as fast as they are answered.

What it costs is part of what is measured, so it uses the leanest client at hand.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from yifu.insurance.wire import POOL, Target

_CREATED = 201


def settle_all(
    url: str, token: str, prepared: list[int], clients: int, per_second: float | None = None
) -> tuple[float, list[float]]:
    """Settle each prepared visit once, from many clients; seconds in all and of each.

    As fast as they are answered, or no faster than `per_second` all together.
    """
    target = Target.of(url)

    def settle(part: list[int]) -> list[float]:
        taken = []
        for place, visit_id in enumerate(part):
            if per_second is not None:
                due = began_all + place * clients / per_second
                time.sleep(max(0.0, due - time.perf_counter()))
            body = json.dumps({"visit_id": visit_id}).encode()
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"bench-{visit_id}",
            }
            began = time.perf_counter()
            answer = POOL.post(
                target,
                "/api/v1/settlements",
                headers=headers,
                body=body,
                timeout_s=60,
                max_bytes=1_000_000,
            )
            taken.append(time.perf_counter() - began)
            if answer.status != _CREATED or json.loads(answer.body)["state"] != "completed":
                raise RuntimeError(f"not settled: {answer.status} {answer.body[:300]!r}")
        return taken

    parts = [prepared[n::clients] for n in range(clients)]
    began_all = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        durations = [each for part in pool.map(settle, parts) for each in part]
    return time.perf_counter() - began_all, durations
