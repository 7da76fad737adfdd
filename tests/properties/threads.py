"""Real threads on the real database: calls that start at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections


def at_once(*calls: Callable[[], Any], seconds: float = 60) -> list[Any]:
    """Run each call in a thread with a connection of its own, all starting together.

    Returns their results in order; an exception of one of them is raised here."""
    barrier = threading.Barrier(len(calls), timeout=seconds)

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()  # connecting takes longer than the race
            barrier.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(run, call) for call in calls]
        return [future.result(timeout=seconds) for future in futures]
