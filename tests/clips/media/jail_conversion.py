"""A real conversion, watched from inside the jail; an entry for `jail.run`."""

from __future__ import annotations

import sys
from typing import Any

from clips.media import worker


def convert_and_list_modules(payload: dict[str, Any], emit: Any) -> dict[str, Any]:
    """Answers which modules were imported only after the walls went up."""
    before = set(sys.modules)
    worker.process(payload, emit)
    return {"late": sorted(set(sys.modules) - before)}
