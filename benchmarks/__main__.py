"""`python -m benchmarks [NAME …]`: run on a fresh database of the configured kind and print one table."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="reprise-bench-") as scratch:
        os.environ["VAR_DIR"] = scratch
        os.environ.setdefault("DEMO", "1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["THROTTLE_USER"] = "1000000/min"  # counted as everywhere, never reached
        import django

        django.setup()
        from django.core.management import call_command

        from config import valkey

        from . import report

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        socket = valkey.socket_path(Path(scratch))
        with valkey.running(socket=socket, data=Path(scratch) / "valkey"):
            report.run(names)


if __name__ == "__main__":
    main(sys.argv[1:])
