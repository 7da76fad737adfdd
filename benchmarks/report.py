"""Run the benchmarks, print the table, write `benchmarks/results/latest.json`."""

from __future__ import annotations

import json
import platform
import sqlite3
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from . import fanout, growth, pages

RESULTS = Path(__file__).parent / "results" / "latest.json"


def _print(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows:
        cells = "  ".join(
            f"{value:>14,.2f}" if isinstance(value, float) else f"{value!s:>10}" for value in row.values()
        )
        print(f"  {cells}")


def run(names: list[str]) -> None:
    """Run the named benchmarks (all when none is named)."""
    known = {"fanout": fanout.run, "pages": pages.run, "growth": growth.run}
    results: dict[str, Any] = {
        "machine": {
            "python": platform.python_version(),
            "database": connection.vendor,
            "sqlite": sqlite3.sqlite_version,
        }
    }
    for name, work in known.items():
        if not names or name in names:
            call_command("flush", verbosity=0, interactive=False)
            results[name] = work()
            _print(name, results[name])
    RESULTS.parent.mkdir(exist_ok=True)
    if names and RESULTS.exists():  # what was not measured anew stays
        results = json.loads(RESULTS.read_text()) | results
    RESULTS.write_text(json.dumps(results, indent=1))
