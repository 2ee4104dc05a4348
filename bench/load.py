"""The load: a process of its own that asks for settlements as fast as they are answered.

It imports nothing of the platform; what it costs is part of what is measured, so it is lean.
"""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit


def settle_all(
    url: str, token: str, prepared: list[int], clients: int
) -> tuple[float, list[float]]:
    """Settle each prepared visit once, from many clients; seconds in all and of each."""
    host = urlsplit(url).netloc

    def settle(part: list[int]) -> list[float]:
        wire = http.client.HTTPConnection(host, timeout=60)
        taken = []
        for visit_id in part:
            body = json.dumps({"visit_id": visit_id})
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"bench-{visit_id}",
            }
            began = time.perf_counter()
            wire.request("POST", "/api/v1/settlements", body=body, headers=headers)
            answer = wire.getresponse()
            said = answer.read()
            taken.append(time.perf_counter() - began)
            if answer.status != 201 or json.loads(said)["state"] != "completed":  # noqa: PLR2004 - HTTP's own number
                raise RuntimeError(f"not settled: {answer.status} {said[:300]!r}")
        return taken

    parts = [prepared[n::clients] for n in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        durations = [each for part in pool.map(settle, parts) for each in part]
    return time.perf_counter() - began, durations
