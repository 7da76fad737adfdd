"""Guard of the lock files: `python -m tests.locks` says what is wrong with requirements/*.txt and exits 1."""

from __future__ import annotations

import re
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
# A host in a lock ties everybody to one index.
FORBIDDEN = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", re.IGNORECASE)
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)\s*(?P<marker>;[^\\]*)?")


def pins(text: str) -> dict[tuple[str, str], str]:
    """Versions by name and marker."""
    found = (PIN.match(line) for line in text.splitlines())
    return {(m["name"], (m["marker"] or "").strip()): m["version"] for m in found if m}


def problems(base: str, dev: str) -> list[str]:
    """What is wrong with the texts of the two lock files."""
    wrong = []
    for name, text in (("base.txt", base), ("dev.txt", dev)):
        wrong += [
            f"{name}:{number}: names a host: {line.strip()}"
            for number, line in enumerate(text.splitlines(), 1)
            if FORBIDDEN.search(line)
        ]
        if not pins(text):
            wrong.append(f"{name}: pins nothing")
        for pin in re.split(r"\n(?=\S)", text.strip()):
            if "--hash=sha256:" not in pin:
                wrong.append(f"{name}: no hash: {pin.splitlines()[0]}")
    ours = pins(dev)
    for key, version in pins(base).items():
        if ours.get(key) != version:
            wrong.append(f"dev.txt: {key[0]} is {ours.get(key)}, base.txt has {version}: run `make lock`")
    return wrong


if __name__ == "__main__":
    found = problems((REQUIREMENTS / "base.txt").read_text(), (REQUIREMENTS / "dev.txt").read_text())
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
